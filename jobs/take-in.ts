import { z } from "zod";
import type { Fact } from "../src/core/facts.ts";
import { newId } from "../src/core/ids.ts";
import type { Instant } from "../src/core/instant.ts";
import { addressHash } from "../src/core/keys.ts";
import { retryingConflicts } from "../src/store/conflicts.ts";
import { forgetWithdrawals } from "../src/store/consents.ts";
import { insertConsents, type NewConsent } from "../src/store/consents-taken.ts";
import { type Fate, lockArrivals, lockStored, reviveWaiting, type StoredDelivery, settleDeliveries } from "../src/store/deliveries.ts";
import { type KnownOrder, type NewFact, type OrderMention, resolveNames, touchOrders, writeFacts } from "../src/store/facts.ts";
import { errorText, sqlState } from "../src/store/sql-state.ts";
import type { Deps } from "./deps.ts";
import { defineJob } from "./job.ts";
import { grant, type SourceRequest, type Wish, wishOf } from "./requests.ts";

/** Reads what a delivery says; a source adapter is one. */
export interface Reader {
  read(request: { readonly headers: Readonly<Record<string, string>>; readonly body: Buffer; readonly receivedAt: Instant }): Reading;
}

type Reading =
  | { readonly kind: "facts"; readonly facts: readonly Fact[] }
  | { readonly kind: "ignored"; readonly reason: string }
  | { readonly kind: "unreadable"; readonly pointer: string; readonly reason: string; readonly request?: SourceRequest };

const batch = { limit: 200, maxBytes: 16 * 1024 * 1024 };

/** Takes in stored deliveries: reads their meaning, writes facts, marks orders dirty. What can't be read is quarantined with the reason, the rest goes on. */
export const takeIn = defineJob({
  name: "take-in",
  payload: z.undefined(),
  everyMs: 5_000,
  concurrency: 1,
  timeoutMs: 60_000,
  async run(_payload, deps, signal) {
    while (!signal.aborted) {
      const taken = await takeInBatch(deps);
      // Fewer than the limit says nothing: large bodies make small batches, and an order's arrival revives what waited for it.
      if (taken === 0) return;
      deps.wake("plan");
    }
  },
});

/**
 * Takes in one batch and answers how many deliveries it settled; 0 when nothing is left to do.
 *
 * All or nothing in one transaction. When PostgreSQL itself refuses a value, the batch is done again one by one, so that a single
 * poisonous delivery is quarantined and holds up nobody. A request to stop or to erase (IN-18) is a batch of its own, after all that came before it.
 */
export async function takeInBatch(deps: Deps): Promise<number> {
  try {
    return await takeInNext(deps, undefined);
  } catch (error) {
    if (!isRefusedValue(error)) throw error;
    deps.log.warn({ sqlState: sqlState(error) }, "a delivery in this batch can't be stored; taking them in one by one");
    return takeInOneByOne(deps);
  }
}

async function takeInOneByOne(deps: Deps): Promise<number> {
  const ids = await deps.db.transaction().execute(async (tx) => (await lockStored(tx, batch)).map((delivery) => delivery.id));
  for (const id of ids) {
    try {
      await takeInNext(deps, [id]);
    } catch (error) {
      if (!isRefusedValue(error)) throw error;
      const reason = `holds a value that can't be stored: ${errorText(error)}`;
      await settleDeliveries(deps.db, [{ id, state: "quarantined", reason, pointer: null, waitsFor: null }], deps.now());
    }
  }
  return ids.length;
}

async function takeInNext(deps: Deps, only: readonly string[] | undefined): Promise<number> {
  const next = await retryingConflicts(() => deps.db.transaction().execute((tx) => takeInWith(tx, deps, only)));
  if (typeof next === "number") return next;
  await grant(deps, next);
  return 1;
}

async function takeInWith(tx: Deps["db"], deps: Deps, only: readonly string[] | undefined): Promise<number | Wish> {
  const now = deps.now();
  const deliveries = await lockStored(tx, only === undefined ? batch : { ...batch, only });
  if (deliveries.length === 0) return 0;
  const { readings, wish } = readUpToWish(deps, deliveries);
  if (wish !== null && readings.length === 0) return wish;
  const factual = readings.flatMap(({ delivery, reading }) => (reading.kind === "facts" ? [{ delivery, facts: reading.facts }] : []));

  const { ready, waiting } = await findOrders(tx, withoutTooEarly(factual));
  const known = await touchOrders(tx, ready.flatMap(mentionsOf), now);
  const open = known.filter((order) => !order.closed);
  const idOf = new Map(open.map((order) => [`${order.sourceId} ${order.externalId}`, order.id]));
  const facts = ready.flatMap(({ delivery, facts: said }) =>
    said.flatMap((fact): NewFact[] => {
      const orderId = idOf.get(`${delivery.ordersOf} ${fact.order}`);
      return orderId === undefined
        ? []
        : [{ orderId, shopId: delivery.shopId, sourceId: delivery.sourceId, deliveryId: delivery.id, fact }];
    }),
  );
  await writeFacts(tx, facts);
  const consents = ready.flatMap((one) => consentsOf(deps, one, idOf));
  await insertConsents(tx, consents);
  await forgetWithdrawals(tx, consents);
  const fates = [
    ...readings.flatMap(({ delivery, reading }) => fateOf(delivery, reading)),
    ...ready.map((one) => (isAboutOpen(one, idOf) ? fate(one.delivery.id, "taken") : tooLate(one.delivery))),
    ...waiting,
  ];
  await settleDeliveries(tx, fates, now);
  await reviveWaiting(tx, arrivals(ready, known));
  for (const settled of fates) deps.counters.deliveryTaken(settled.state);
  return readings.length;
}

interface Read {
  readonly delivery: StoredDelivery;
  readonly reading: Reading;
}

/** Reads deliveries as far as the first that wishes for more than facts can say. */
function readUpToWish(
  deps: Deps,
  deliveries: readonly StoredDelivery[],
): { readonly readings: readonly Read[]; readonly wish: Wish | null } {
  const readings: Read[] = [];
  for (const delivery of deliveries) {
    const reading = readOne(deps, delivery);
    const wish = reading.kind === "unreadable" ? wishOf(delivery, reading.request) : null;
    if (wish !== null) return { readings, wish };
    readings.push({ delivery, reading });
  }
  return { readings, wish: null };
}

interface Factual {
  readonly delivery: StoredDelivery;
  readonly facts: readonly Fact[];
}

function readOne(deps: Deps, delivery: StoredDelivery): Reading {
  const reader = deps.readers[delivery.platform];
  if (reader === undefined)
    return { kind: "unreadable", pointer: "", reason: `comes from a platform nobody reads here: ${delivery.platform}` };
  try {
    return reader.read({ headers: delivery.headers, body: delivery.body, receivedAt: delivery.receivedAt });
  } catch (error) {
    // Readers don't throw. One that does has met something nobody thought of: it must not stop all others.
    deps.log.error({ deliveryId: delivery.id, error: errorText(error) }, "a reader failed on a delivery");
    return { kind: "unreadable", pointer: "", reason: "made the reader fail; this is a fault of ours" };
  }
}

/**
 * Leaves for the next batch what speaks by number of orders that this one brings: only then can be seen whether exactly one order has the number.
 */
function withoutTooEarly(factual: readonly Factual[]): readonly Factual[] {
  const brought = new Set<string>();
  for (const { delivery, facts } of factual) {
    if (delivery.augments) continue;
    for (const { says } of facts) if (says.kind === "order") brought.add(`${delivery.sourceId} ${says.number}`);
  }
  return factual.filter(
    ({ delivery, facts }) =>
      !(delivery.augments && facts.some((fact) => brought.has(`${delivery.ordersOf} ${fact.order.replace(/^#/, "")}`))),
  );
}

/** Facts of a source that augments another are about that source's orders, named by id or number; those whose order has not come wait for it. */
async function findOrders(
  tx: Deps["db"],
  factual: readonly Factual[],
): Promise<{ readonly ready: readonly Factual[]; readonly waiting: readonly Fate[] }> {
  const augmenting = factual.filter(({ delivery }) => delivery.augments);
  const wanted = augmenting.flatMap(({ delivery, facts }) => facts.map((fact) => ({ sourceId: delivery.ordersOf, name: fact.order })));
  const atFirst = await resolveNames(tx, wanted);
  const awaited = wanted.filter(({ sourceId, name }) => !atFirst.has(`${sourceId} ${name}`)).map(({ sourceId }) => sourceId);
  const brought = factual.filter(({ delivery, facts }) => !delivery.augments && facts.some((fact) => fact.says.kind === "order"));
  await lockArrivals(tx, { brought: brought.map(({ delivery }) => delivery.sourceId), awaited });
  const names = awaited.length === 0 ? atFirst : await resolveNames(tx, wanted);
  const ready: Factual[] = [];
  const waiting: Fate[] = [];
  for (const one of factual) {
    if (!one.delivery.augments) {
      ready.push(one);
      continue;
    }
    const missing = one.facts.find((fact) => !names.has(`${one.delivery.ordersOf} ${fact.order}`));
    if (missing === undefined) {
      const facts = one.facts.map((fact) => ({ ...fact, order: names.get(`${one.delivery.ordersOf} ${fact.order}`) ?? fact.order }));
      ready.push({ delivery: one.delivery, facts });
    } else {
      const reason = `speaks of order ${missing.order.replace(/^#/, "")}, which has not come from the source it augments, or whose number several orders have; it is taken in as soon as one fits`;
      waiting.push({ id: one.delivery.id, state: "waiting", reason, pointer: "/data/order/id", waitsFor: missing.order });
    }
  }
  return { ready, waiting };
}

function mentionsOf({ delivery, facts }: Factual): readonly OrderMention[] {
  return facts.map((fact) => ({
    shopId: delivery.shopId,
    sourceId: delivery.ordersOf,
    externalId: fact.order,
    number: fact.says.kind === "order" ? fact.says.number : null,
  }));
}

function consentsOf(deps: Deps, { delivery, facts }: Factual, idOf: ReadonlyMap<string, string>): readonly NewConsent[] {
  return facts.flatMap((fact) => {
    const orderId = idOf.get(`${delivery.ordersOf} ${fact.order}`);
    if (fact.says.kind !== "consent" || orderId === undefined) return [];
    const buyer = facts.find((other) => other.order === fact.order && other.says.kind === "buyer");
    const address = buyer?.says.kind === "buyer" ? buyer.says.email : null;
    if (address === null) return [];
    return [
      {
        id: newId(deps.now()),
        shopId: delivery.shopId,
        addressHash: addressHash(deps.keys, delivery.shopId, address),
        address,
        scope: fact.says.scope,
        text: fact.says.text,
        source: `order ${fact.order}`,
        at: fact.says.at,
        orderId,
      },
    ];
  });
}

/** Orders that came themselves with this batch: others may have waited for them. */
function arrivals(ready: readonly Factual[], known: readonly KnownOrder[]): readonly KnownOrder[] {
  const arrived = new Set(
    ready.flatMap(({ delivery, facts }) =>
      facts.filter((fact) => fact.says.kind === "order").map((fact) => `${delivery.ordersOf} ${fact.order}`),
    ),
  );
  return known.filter((order) => arrived.has(`${order.sourceId} ${order.externalId}`));
}

function fateOf(delivery: StoredDelivery, reading: Reading): readonly Fate[] {
  if (reading.kind === "facts") return [];
  if (reading.kind === "ignored") return [{ ...fate(delivery.id, "ignored"), reason: reading.reason }];
  return [{ ...fate(delivery.id, "quarantined"), reason: reading.reason, pointer: reading.pointer }];
}

function isAboutOpen({ delivery, facts }: Factual, idOf: ReadonlyMap<string, string>): boolean {
  return facts.some((fact) => idOf.has(`${delivery.ordersOf} ${fact.order}`));
}

function tooLate({ id }: StoredDelivery): Fate {
  return { ...fate(id, "ignored"), reason: "speaks of an order that was closed, which is never planned again" };
}

function fate(id: string, state: Fate["state"]): Fate {
  return { id, state, reason: null, pointer: null, waitsFor: null };
}

/** Data exceptions, broken constraints, and what is too large for an index or too deep: the value's fault, not the server's. */
function isRefusedValue(error: unknown): boolean {
  return /^(22|23|54)/.test(sqlState(error) ?? "");
}
