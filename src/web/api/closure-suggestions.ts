import { z } from "@hono/zod-openapi";
import { formatCivilDay } from "../../core/civil-day.ts";
import type { ClosureSuggestion } from "../../core/closure-suggestions.ts";
import { audited } from "../../store/audit.ts";
import { dismissClosure, dismissedClosures } from "../../store/closures.ts";
import { suggestionsOf } from "../shop-year.ts";
import { type Api, shopOfId } from "./context.ts";
import { answer, badFields, serve, unknownId } from "./endpoint.ts";

const suggestionOut = z
  .object({
    id: z.string(),
    name: z.string(),
    starts: z.string(),
    ends: z.string(),
    resumes: z.string(),
    announced: z.boolean().openapi({ description: "false: the days may still change, for they are not announced yet" }),
  })
  .openapi("ClosureSuggestion");
const dismissal = z.strictObject({ suggestion: z.string().min(1).max(200) }).openapi("ClosureDismissal");

/** Closures that the calendar of the shop's country suggests, months ahead. Confirmed by declaring them (`POST /shops/{id}/closures`). */
export function serveClosureSuggestions(api: Api): void {
  const { app, deps } = api;
  const tag = "Closures";
  const path = "/shops/{id}/closures/suggestions";

  serve(app, {
    method: "get",
    path,
    tag,
    summary: "Suggests closures from the public holidays of the shop's country",
    description:
      "To confirm one, declare it as a closure, as it is or with other days. None is suggested over which a closure lies already, or that was dismissed.",
    answers: {
      status: 200,
      description: "The next 200 days, the earliest first",
      schema: z.object({ suggestions: z.array(suggestionOut) }),
    },
    handle: async ({ ids }) => {
      const shop = await shopOfId(api, ids["id"]);
      return shop === null ? unknownId() : answer(200, { suggestions: (await suggestionsOf(deps, shop)).map(view) });
    },
  });

  serve(app, {
    method: "post",
    path: `${path}/dismiss`,
    tag,
    summary: "Takes a suggestion off the list",
    body: dismissal,
    answers: { status: 204, description: "It is not suggested again" },
    handle: async ({ ids, body, actor }) => {
      const shop = await shopOfId(api, ids["id"]);
      if (shop === null) return unknownId();
      const suggested = await suggestionsOf(deps, shop);
      const gone = await dismissedClosures(deps.db, shop.id);
      if (!gone.has(body.suggestion) && !suggested.some(({ id }) => id === body.suggestion)) {
        const list = suggested.map(({ id }) => id).join(", ");
        return badFields([{ pointer: "/suggestion", detail: `suggestion: is not suggested; there are ${list === "" ? "none" : list}` }]);
      }
      const { suggestion } = body;
      await audited(deps.db, { actor, now: deps.now() }, async (trx) => ({
        entry: { shopId: shop.id, action: "closure.dismissed", after: { suggestion } },
        result: await dismissClosure(trx, shop.id, suggestion, deps.now()),
      }));
      return answer(204);
    },
  });
}

function view({ starts, ends, resumes, ...rest }: ClosureSuggestion): z.output<typeof suggestionOut> {
  return { ...rest, starts: formatCivilDay(starts), ends: formatCivilDay(ends), resumes: formatCivilDay(resumes) };
}
