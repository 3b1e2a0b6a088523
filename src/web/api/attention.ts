import { z } from "@hono/zod-openapi";
import { attentionKinds, attentionSentence, type Found, whereToLook } from "../../core/attention.ts";
import { iso } from "../../core/instant.ts";
import type { Shop } from "../../store/shops.ts";
import { attentionOf } from "../attention.ts";
import { type Api, shopOfId } from "./context.ts";
import { answer, serve, unknownId } from "./endpoint.ts";
import * as field from "./fields.ts";

const findingSchema = z
  .object({
    kind: z.enum(attentionKinds),
    about: z.string().nullable().openapi({ description: "the id of a source, a kind of task, a country; null: the shop as a whole" }),
    count: z.int().openapi({ description: "how many mails, webhooks, parcels or tasks; 1 where there is nothing to count" }),
    since: field.timeOut.nullable(),
    detail: z.string().openapi({ description: "one sentence, in English" }),
    where: z.string().openapi({ description: "the call of this API that has more of it" }),
  })
  .openapi("Finding");

/** What needs somebody's look. */
export function serveAttention(api: Api): void {
  serve(api.app, {
    method: "get",
    path: "/shops/{id}/attention",
    tag: "Shops",
    summary: "Says what needs a person's look, the most pressing first",
    description:
      "Expected against actual, looked up at this moment: late mail, parcels without notices, silent sources, webhooks set aside, open tasks, and so on. Empty when all is well.",
    answers: { status: 200, description: "What was found", schema: z.object({ findings: z.array(findingSchema) }) },
    handle: async ({ ids }) => {
      const shop = await shopOfId(api, ids["id"]);
      if (shop === null) return unknownId();
      const found = await attentionOf(api.deps, shop.id);
      return answer(200, { findings: found.map((one) => findingView(one, shop)) });
    },
  });
}

function findingView(found: Found, shop: Shop): z.output<typeof findingSchema> {
  const { kind, about, count, since } = found;
  return {
    kind,
    about: about === "" ? null : about,
    count,
    since: since === null ? null : iso(since),
    detail: attentionSentence(found, shop.timeZone),
    where: whereToLook(found, shop.id),
  };
}
