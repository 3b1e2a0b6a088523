import { z } from "@hono/zod-openapi";
import { iso } from "../../core/instant.ts";
import { audited } from "../../store/audit.ts";
import { listQuarantine, type QuarantinedDelivery, retryDelivery } from "../../store/quarantine.ts";
import { findSource } from "../../store/sources.ts";
import { problem } from "../problem.ts";
import type { Api } from "./context.ts";
import { answer, serve, unknownId } from "./endpoint.ts";
import * as field from "./fields.ts";
import { nextField, pageOf, pageQuery } from "./paging.ts";

const deliverySchema = z
  .object({
    id: field.id,
    topic: z.string(),
    receivedAt: field.timeOut,
    state: z.enum(["quarantined", "waiting"]).openapi({ description: "it could not be read, or it speaks of an order that has not come" }),
    reason: z.string(),
    pointer: z.string().nullable().openapi({ description: "JSON Pointer to the field that could not be read" }),
    waitsFor: z.string().nullable().openapi({ description: "the order, by id or number" }),
    bytes: z.int().nullable(),
  })
  .openapi("QuarantinedDelivery");

/** What came and could not be used, and another try for it. */
export function serveQuarantine({ app, deps }: Api): void {
  const tag = "Sources";

  serve(app, {
    method: "get",
    path: "/sources/{id}/quarantine",
    tag,
    summary: "Lists what could not be read, and why, newest first",
    query: pageQuery,
    answers: { status: 200, description: "Deliveries", schema: z.object({ deliveries: z.array(deliverySchema), next: nextField }) },
    handle: async ({ ids, query }) => {
      const source = await findSource(deps.db, ids["id"] ?? "");
      if (source === null) return unknownId();
      const { rows, next } = await pageOf(query, (page) => listQuarantine(deps.db, source.id, page));
      return answer(200, { deliveries: rows.map(view), next });
    },
  });

  serve(app, {
    method: "post",
    path: "/deliveries/{id}/retry",
    tag,
    summary: "Reads a delivery again",
    answers: { status: 202, description: "On its way", schema: z.object({ id: field.id, state: z.literal("stored") }) },
    problems: [409],
    handle: async ({ ids, actor }) => {
      const id = ids["id"] ?? "";
      const retried = await audited(deps.db, { actor, now: deps.now() }, async (trx) => {
        const result = await retryDelivery(trx, id);
        return { entry: result.kind === "retried" ? { shopId: result.shopId, action: "delivery.retried", subject: id } : null, result };
      });
      if (retried.kind === "unknown") return unknownId();
      if (retried.kind === "not-possible")
        return problem(409, `this delivery can't be read again: ${retried.reason}`, { state: retried.state });
      deps.wake("take-in");
      return answer(202, { id, state: "stored" });
    },
  });
}

function view(delivery: QuarantinedDelivery): z.output<typeof deliverySchema> {
  return { ...delivery, receivedAt: iso(delivery.receivedAt) };
}
