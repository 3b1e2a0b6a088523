import pg from "pg";
import { systemClock } from "../src/clock.ts";
import { weightOf } from "../src/core/fact-rank.ts";
import { hashOf, slotOf } from "../src/core/facts.ts";
import { newId } from "../src/core/ids.ts";
import { iso } from "../src/core/instant.ts";
import { shopify } from "../src/sources/shopify.ts";
import { compare, perSecond, type Row } from "./measure.ts";
import { dispatched, orderCreated, type Webhook } from "./payloads.ts";
import type { Stage } from "./stage.ts";
import { openWorkshop, type Workshop } from "./workshop.ts";

export interface IntakeSize {
  readonly rounds: number;
  readonly orders: number;
}

/** Orders a second, each an `orders/create` and a `fulfillments/create`: read, written as facts, planned with the default schedule. */
export function benchIntake(stage: Stage, { rounds, orders }: IntakeSize): Promise<Row> {
  const at = iso(systemClock.now());
  const webhooks = Array.from({ length: orders }, (_, n) => [orderCreated(n, at), dispatched(n, at)]).flat();
  return compare({
    key: "intake",
    name: "Deliveries taken in and planned, two an order",
    unit: "orders",
    limitedBy: "the same facts in plain multi-row inserts",
    target: 0.4,
    rounds,
    limit: async () => {
      const { url } = await stage.database();
      const workshop = await openWorkshop(url);
      try {
        return await bareInserts(url, workshop, webhooks, orders);
      } finally {
        await workshop.close();
      }
    },
    ours: async () => {
      const workshop = await openWorkshop((await stage.database()).url);
      try {
        await workshop.store(webhooks);
        return await perSecond(orders, () => workshop.takeInAndPlan());
      } finally {
        await workshop.close();
      }
    },
  });
}

const ordersAtOnce = 200;

/** Inserts orders and their facts, read beforehand, 200 orders a transaction, in statements that are written and filled beforehand. */
async function bareInserts(url: string, { shopId, sourceId }: Workshop, webhooks: readonly Webhook[], orders: number): Promise<number> {
  const factsOf = new Map<string, ReturnType<typeof factRow>[]>();
  const now = systemClock.now();
  for (const { headers, body } of webhooks) {
    const reading = shopify.read({ headers, body });
    if (reading.kind !== "facts") throw new Error("a sample is not understood");
    for (const fact of reading.facts) factsOf.set(fact.order, [...(factsOf.get(fact.order) ?? []), factRow(fact)]);
  }
  const rows = [...factsOf].map(([externalId, facts]) => ({ id: newId(now), externalId, facts }));
  const batches = Array.from({ length: Math.ceil(rows.length / ordersAtOnce) }, (_, n) =>
    rows.slice(n * ordersAtOnce, (n + 1) * ordersAtOnce),
  );
  const statements = batches.map((batch) => [
    insert(
      "orders (id, shop_id, source_id, external_id, order_day, schedule_version, first_seen)",
      batch.map(({ id, externalId }) => [id, shopId, sourceId, externalId, iso(now).slice(0, 10), 1, iso(now)]),
    ),
    insert(
      "facts (shop_id, order_id, slot, at, weight, hash, says, source_id, delivery_id)",
      batch.flatMap(({ id, facts }) =>
        facts.map((fact) => [shopId, id, fact.slot, fact.at, fact.weight, fact.hash, fact.says, sourceId, id]),
      ),
    ),
  ]);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const speed = await perSecond(orders, async () => {
    for (const batch of statements) {
      await client.query("begin");
      for (const { text, values } of batch) await client.query(text, values);
      await client.query("commit");
    }
  });
  await client.end();
  return speed;
}

function factRow({ at, says }: Extract<ReturnType<typeof shopify.read>, { kind: "facts" }>["facts"][number]) {
  return { slot: slotOf(says), at, weight: weightOf(says), hash: hashOf(says), says: JSON.stringify(says) };
}

function insert(into: string, rows: readonly (readonly unknown[])[]): { readonly text: string; readonly values: unknown[] } {
  let n = 0;
  const tuples = rows.map((row) => `(${row.map(() => `$${++n}`).join(",")})`);
  return { text: `insert into ${into} values ${tuples.join(",")}`, values: rows.flat() };
}
