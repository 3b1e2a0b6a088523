import { z } from "@hono/zod-openapi";
import { iso } from "../../core/instant.ts";
import { tokenRoles } from "../../core/token-role.ts";
import { listUsers, type User } from "../../store/users.ts";
import { hashPassword } from "../console/password.ts";
import { newPassword } from "../console/passwords-chosen.ts";
import { addUser, changeUser, linkFor, type PasswordLink, passwordLink, setPassword } from "../people.ts";
import { problem } from "../problem.ts";
import type { Api } from "./context.ts";
import { answer, badFields, serve, unknownId } from "./endpoint.ts";
import * as field from "./fields.ts";
import { nextField, pageOf, pageQuery } from "./paging.ts";

const role = z.enum(tokenRoles).openapi({
  description: "viewer: may look; operator: may also act; owner: may also decide who may, and give out what is known of a buyer",
});

const newUserSchema = z.strictObject({ email: field.address, name: field.line(100), role: role.default("operator") }).openapi("NewUser");
const userChange = z
  .strictObject({ name: field.line(100), role, disabled: z.boolean() })
  .partial()
  .openapi("UserChange");

const userSchema = z
  .object({
    id: field.id,
    email: z.string(),
    name: z.string(),
    role,
    disabled: z.boolean().openapi({ description: "may not sign in" }),
    hasPassword: z.boolean().openapi({ description: "false until one was chosen through a link" }),
    createdAt: field.timeOut,
    lastSeenAt: field.timeOut.nullable().openapi({ description: "to within a minute" }),
  })
  .openapi("User");
const linkFields = { link: z.string().openapi({ description: "opens once; answered this once" }), until: field.timeOut };
const invited = userSchema.extend(linkFields).openapi("InvitedUser");

/** People who may sign in to the console. Only an owner's token decides about them. */
export function serveUsers({ app, deps }: Api): void {
  const tag = "Users";

  serve(app, {
    method: "post",
    path: "/users",
    tag,
    summary: "Adds somebody who may sign in to the console",
    description: "They choose their password through `link`, which holds for three days.",
    body: newUserSchema,
    answers: { status: 201, description: "The user, with the link", schema: invited },
    problems: [403],
    handle: async ({ body, actor }) => {
      const user = await addUser(deps, actor, body);
      if (user === null) return badFields([{ pointer: "/email", detail: "email: is taken" }]);
      return answer(201, { ...view(user), ...linkView(passwordLink(deps, user)) });
    },
  });

  serve(app, {
    method: "get",
    path: "/users",
    tag,
    summary: "Lists users, newest first",
    query: pageQuery,
    answers: { status: 200, description: "Users", schema: z.object({ users: z.array(userSchema), next: nextField }) },
    problems: [403],
    handle: async ({ query }) => {
      const { rows, next } = await pageOf(query, (page) => listUsers(deps.db, page));
      return answer(200, { users: rows.map(view), next });
    },
  });

  serve(app, {
    method: "patch",
    path: "/users/{id}",
    tag,
    summary: "Changes a user; one who is disabled is signed out at once",
    body: userChange,
    answers: { status: 200, description: "The user", schema: userSchema },
    problems: [403, 409],
    handle: async ({ ids, body, actor }) => {
      const { name, role: newRole, disabled } = body;
      const change = {
        ...(name !== undefined && { name }),
        ...(newRole !== undefined && { role: newRole }),
        ...(disabled !== undefined && { disabled }),
      };
      const changed = await changeUser(deps, actor, ids["id"] ?? "", change);
      if (changed.kind === "unknown") return unknownId();
      if (changed.kind === "last-owner") return problem(409, "this is the last owner who may sign in: make another one first");
      return answer(200, view(changed.after));
    },
  });

  serve(app, {
    method: "post",
    path: "/users/{id}/password-link",
    tag,
    summary: "Makes a link with which the user chooses a new password",
    description: "It opens once, within an hour (three days, when there was no password yet).",
    answers: { status: 201, description: "The link", schema: z.object(linkFields).openapi("PasswordLink") },
    problems: [403],
    handle: async ({ ids, actor }) => {
      const link = await linkFor(deps, actor, ids["id"] ?? "");
      return link === null ? unknownId() : answer(201, linkView(link));
    },
  });

  serve(app, {
    method: "put",
    path: "/users/{id}/password",
    tag,
    summary: "Sets a user's password, and signs the user out everywhere",
    body: z.strictObject({ password: newPassword }).openapi("NewPassword"),
    answers: { status: 204, description: "It is set" },
    problems: [403],
    handle: async ({ ids, body, actor }) => {
      const hash = await hashPassword(body.password);
      return (await setPassword(deps, actor, ids["id"] ?? "", hash)) ? answer(204) : unknownId();
    },
  });
}

function view({ id, email, name, role: own, disabled, passwordHash, createdAt, lastSeenAt }: User): z.output<typeof userSchema> {
  return {
    id,
    email,
    name,
    role: own,
    disabled,
    hasPassword: passwordHash !== null,
    createdAt: iso(createdAt),
    lastSeenAt: lastSeenAt === null ? null : iso(lastSeenAt),
  };
}

function linkView({ link, until }: PasswordLink) {
  return { link, until: iso(until) };
}
