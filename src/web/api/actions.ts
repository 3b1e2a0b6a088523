import { z } from "@hono/zod-openapi";
import { actionTypes } from "../../core/action.ts";
import { formatCivilDay } from "../../core/civil-day.ts";
import { newId } from "../../core/ids.ts";
import { localDay } from "../../core/local-time.ts";
import { recordAction } from "../../store/actions.ts";
import { writeAudit } from "../../store/audit.ts";
import { findOrder, type ListedOrder } from "../../store/order-list.ts";
import { loadForPlanning } from "../../store/planning.ts";
import { type FieldError, type Problem, problem } from "../problem.ts";
import type { Api } from "./context.ts";
import { type Answer, answer, badFields, serve, unknownId } from "./endpoint.ts";
import * as field from "./fields.ts";
import { entriesOf, entrySchema } from "./orders.ts";

/** Up to 12 lines of up to 200 characters: what a mail shows of them. */
function shortLines(what: string) {
  return field
    .lines(2_000)
    .refine((text) => text.split("\n").length <= 12, "must not have more than 12 lines")
    .refine((text) => text.split("\n").every((line) => line.length <= 200), "must not have a line longer than 200 characters")
    .openapi({ description: `${what}, a line each; at most 12` });
}

const common = {
  id: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,100}$/, "must be 1 to 100 letters, digits, - or _")
    .optional()
    .openapi({ description: "yours, so that asking again does nothing twice; made here when absent" }),
  caseId: field.line(200).nullish().openapi({ description: "the dispute or return it belongs to, by its id at the sender" }),
};

const sending = z.strictObject({
  address: shortLines("where to send it"),
  deadline: field.day.openapi({ description: "the last day to post it" }),
  whoPays: z.enum(["shop", "buyer"]).openapi({ description: "who pays the way back" }),
  onArrival: field.lines(1_000).openapi({ description: "what happens when it arrives" }),
  note: field.lines(1_000).optional(),
});

const newAction = z
  .discriminatedUnion("type", [
    z.strictObject({
      ...common,
      type: z.literal("dispute-proposal"),
      fields: z.strictObject({
        cause: field.lines(1_000).openapi({ description: "what was found" }),
        proposal: field.lines(1_000).openapi({ description: "what is proposed" }),
        steps: shortLines("how it goes on if the buyer accepts"),
        replyBy: field.day.openapi({ description: "until when the buyer can answer" }),
      }),
    }),
    z.strictObject({ ...common, type: z.literal("return-instructions"), fields: sending }),
    z.strictObject({ ...common, type: z.literal("exchange-instructions"), fields: sending }),
  ])
  .openapi("NewAction");

const actionSchema = z
  .object({
    id: z.string(),
    type: z.enum(actionTypes),
    caseId: z.string().nullable(),
    fields: z.record(z.string(), z.string()),
    entry: entrySchema.nullable().openapi({ description: "the mail it becomes; null when the order's schedule has no step for it" }),
  })
  .openapi("Action");

/** What operators tell buyers: a proposal in a dispute, how to send something back. */
export function serveActions(api: Api): void {
  const { app, deps } = api;

  serve(app, {
    method: "post",
    path: "/orders/{id}/actions",
    tag: "Orders",
    summary: "Tells a buyer: a proposal in a dispute, instructions for a return or an exchange",
    description:
      "It becomes a fact of the order, from which the schedule makes the mail. With an `id` of yours it may be asked again: then nothing happens twice.",
    body: newAction,
    answers: { status: 201, description: "The action, with the mail it becomes", schema: actionSchema },
    orAnswers: { status: 200, description: "The action was known already", schema: actionSchema },
    problems: [409],
    handle: async ({ ids, body, actor }): Promise<Answer | Problem> => {
      const order = await findOrder(deps.db, ids["id"] ?? "");
      const wrong = order === null ? null : await wrongOf(api, order, body);
      if (order === null || wrong === null) return unknownId();
      if (wrong.length > 0) return badFields(wrong);
      const { type } = body;
      const id = body.id ?? newId(deps.now());
      const fields = Object.fromEntries(Object.entries(body.fields).filter((entry): entry is [string, string] => entry[1] !== undefined));
      const action = { shopId: order.shopId, orderId: order.id, id, type, caseId: body.caseId ?? null, fields };
      const now = deps.now();
      const recorded = await recordAction(deps.db, action, now, (trx) =>
        writeAudit(trx, actor, { shopId: order.shopId, action: "order.told", subject: order.id, after: { type, id } }, now),
      );
      if (recorded === "closed") return problem(409, "this order is closed: nothing more is sent about it", { state: "closed" });
      if (recorded === "taken") return problem(409, "an action with this id says something else", { state: "taken" });
      await deps.planNow([order.id]);
      const entries = (await entriesOf(api, order)) ?? [];
      const entry = entries.find(({ occurrence }) => occurrence.kind === "action" && occurrence.id === id) ?? null;
      return answer(recorded === "known" ? 200 : 201, { id, type, caseId: action.caseId, fields, entry });
    },
  });
}

/** What is wrong with an action for this very order; `null` when the order is gone. */
async function wrongOf({ deps }: Api, order: ListedOrder, { caseId, fields }: z.output<typeof newAction>): Promise<FieldError[] | null> {
  const [loaded] = await loadForPlanning(deps.db, deps.keys, { orderIds: [order.id], lock: false });
  if (loaded === undefined) return null;
  const { shop, order: known } = loaded.input;
  const wrong: FieldError[] = [];
  if (caseId != null && !known.cases.some(({ id }) => id === caseId)) {
    const ids = known.cases.map(({ id }) => id).join(", ");
    wrong.push({ pointer: "/caseId", detail: ids === "" ? "this order has no dispute or return" : `is none of this order's: ${ids}` });
  }
  const today = formatCivilDay(localDay(shop.timeZone, deps.now()));
  const [name, day] = "replyBy" in fields ? (["replyBy", fields.replyBy] as const) : (["deadline", fields.deadline] as const);
  if (day < today) wrong.push({ pointer: `/fields/${name}`, detail: `is past: today is ${today} in ${shop.timeZone}` });
  return wrong;
}
