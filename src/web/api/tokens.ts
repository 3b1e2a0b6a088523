import { randomBytes } from "node:crypto";
import { z } from "@hono/zod-openapi";
import { newId } from "../../core/ids.ts";
import { iso } from "../../core/instant.ts";
import { tokenRoles } from "../../core/token-role.ts";
import { type ApiToken, deleteToken, insertToken, listTokens } from "../../store/api-tokens.ts";
import { audited } from "../../store/audit.ts";
import { tokenHash } from "./auth.ts";
import type { Api } from "./context.ts";
import { answer, serve, unknownId } from "./endpoint.ts";
import * as field from "./fields.ts";
import { nextField, pageOf, pageQuery } from "./paging.ts";

const role = z
  .enum(tokenRoles)
  .openapi({ description: "viewer: may look, and simulate; operator: everything but tokens; owner: everything" });

const newToken = z.strictObject({ name: field.line(100), role: role.default("operator") }).openapi("NewToken");

const tokenSchema = z.object({
  id: field.id,
  name: z.string(),
  role,
  createdAt: field.timeOut,
  lastUsedAt: field.timeOut.nullable().openapi({ description: "to within a minute" }),
});
const shownToken = tokenSchema.openapi("Token");
const madeToken = tokenSchema.extend({ token: z.string() }).openapi("TokenWithSecret", { description: "`token` is answered this once" });

/** Tokens for scripts and colleagues, beside the owner's `API_TOKEN`; only an owner's token gives them out. */
export function serveTokens({ app, deps }: Api): void {
  const tag = "Tokens";

  serve(app, {
    method: "post",
    path: "/tokens",
    tag,
    summary: "Makes a token of the API",
    body: newToken,
    answers: { status: 201, description: "The token, answered this once and stored only as a hash", schema: madeToken },
    problems: [403],
    handle: async ({ body, actor }) => {
      const now = deps.now();
      const token = `aft_${randomBytes(32).toString("base64url")}`;
      const made = { id: newId(now), name: body.name, role: body.role, createdAt: now };
      await audited(deps.db, { actor, now }, async (trx) => ({
        entry: { shopId: null, action: "token.made", subject: made.id, after: body },
        result: await insertToken(trx, made, tokenHash(token)),
      }));
      return answer(201, { ...view({ ...made, lastUsedAt: null }), token });
    },
  });

  serve(app, {
    method: "get",
    path: "/tokens",
    tag,
    summary: "Lists tokens, newest first",
    query: pageQuery,
    answers: { status: 200, description: "Tokens", schema: z.object({ tokens: z.array(shownToken), next: nextField }) },
    problems: [403],
    handle: async ({ query }) => {
      const { rows, next } = await pageOf(query, (page) => listTokens(deps.db, page));
      return answer(200, { tokens: rows.map(view), next });
    },
  });

  serve(app, {
    method: "delete",
    path: "/tokens/{id}",
    tag,
    summary: "Revokes a token, at once",
    answers: { status: 204, description: "It opens nothing any more" },
    problems: [403],
    handle: async ({ ids, actor }) => {
      const id = ids["id"] ?? "";
      const gone = await audited(deps.db, { actor, now: deps.now() }, async (trx) => {
        const result = await deleteToken(trx, id);
        return { entry: result ? { shopId: null, action: "token.revoked", subject: id } : null, result };
      });
      return gone ? answer(204) : unknownId();
    },
  });
}

function view({ createdAt, lastUsedAt, ...rest }: ApiToken): z.output<typeof shownToken> {
  return { ...rest, createdAt: iso(createdAt), lastUsedAt: lastUsedAt === null ? null : iso(lastUsedAt) };
}
