import { type CivilDay, parseCivilDay } from "../../src/core/civil-day.ts";
import type { Closure } from "../../src/core/closure.ts";
import { defaultSchedule } from "../../src/core/default-schedule.ts";
import type { DeclaredDisruption } from "../../src/core/disruption.ts";
import { beats, weightOf } from "../../src/core/fact-rank.ts";
import { type Fact, hashOf, type Saying, slotOf } from "../../src/core/facts.ts";
import { foldFacts, type HeldFact } from "../../src/core/fold.ts";
import { type Instant, instantOf } from "../../src/core/instant.ts";
import { toLocal } from "../../src/core/local-time.ts";
import type { Change, LedgerMessage } from "../../src/core/message.ts";
import type { Order } from "../../src/core/order.ts";
import { type PlanInput, plan } from "../../src/core/plan.ts";
import { reconcile } from "../../src/core/reconcile.ts";
import { type PublishedSchedule, parseSchedule, publish } from "../../src/core/schedule.ts";
import { plainCalendar } from "../../src/core/shop-calendar.ts";
import type { Entry, ExcludedEntry, PlannedEntry, Timetable, WaitingEntry } from "../../src/core/timetable.ts";

/** An order of the planner's tests: 1001, placed on 18 January 2026 from Portland, Oregon, dispatched two days later from Shenzhen. */
export const placed = "2026-01-18T10:00:00.000Z";
export const dispatched = "2026-01-20T08:00:00.000Z";

/** The facts that hold among those given, as the store keeps them: per slot the one that beats all others (P1). */
export function holding(facts: readonly Fact[]): readonly HeldFact[] {
  const winners = new Map<string, { fact: Fact; weight: number; hash: string; at: string }>();
  for (const fact of facts) {
    const ranked = { fact, at: fact.at, weight: weightOf(fact.says), hash: hashOf(fact.says) };
    const best = winners.get(slotOf(fact.says));
    if (best === undefined || beats(ranked, best)) winners.set(slotOf(fact.says), ranked);
  }
  return [...winners.values()].map(({ fact }) => ({ says: fact.says, at: fact.at }));
}

export function orderOf(facts: readonly Fact[], externalId = "1001"): Order {
  return foldFacts({ id: `id-${externalId}`, externalId }, holding(facts));
}

export function fact(at: string, says: Saying): Fact {
  return { order: "1001", at, says };
}

type Of<Kind extends Saying["kind"]> = Partial<Omit<Extract<Saying, { kind: Kind }>, "kind">>;

export const tell = {
  order: (says: Of<"order"> = {}, at = placed) =>
    fact(at, {
      kind: "order",
      number: "1001",
      placedAt: placed,
      currency: "USD",
      total: "49.90",
      url: null,
      tags: [],
      promisedDispatchBy: null,
      test: false,
      nothingShips: false,
      ...says,
    }),
  address: (says: Of<"address"> = {}, at = placed) =>
    fact(at, {
      kind: "address",
      country: "US",
      region: "OR",
      postalCode: null,
      city: null,
      latitude: null,
      longitude: null,
      ...says,
    }),
  payment: (paidAt: string | null = placed, at = placed) => fact(at, { kind: "payment", paidAt }),
  items: (quantities: Record<string, number> = { a: 1, b: 2 }, at = placed) =>
    fact(at, {
      kind: "items",
      items: Object.entries(quantities).map(([id, quantity]) => ({
        id,
        sku: null,
        title: id,
        variant: null,
        quantity,
        price: "10.00",
        imageUrl: null,
        url: null,
        ships: true,
      })),
    }),
  cancelled: (cancelledAt: string | null, at = cancelledAt ?? placed) => fact(at, { kind: "cancellation", cancelledAt, reason: null }),
  shipment: (says: Of<"shipment"> = {}, at = dispatched) =>
    fact(at, {
      kind: "shipment",
      id: "s1",
      dispatchedAt: dispatched,
      void: false,
      carrier: null,
      service: null,
      trackingNumber: null,
      trackingUrl: null,
      items: null,
      ...says,
    }),
  scan: (status: Extract<Saying, { kind: "scan" }>["status"], occurredAt: string, shipment = "s1") =>
    fact(occurredAt, { kind: "scan", shipment, status, occurredAt, description: null, location: null }),
  refund: (says: Of<"refund"> & { refundedAt: string }) =>
    fact(says.refundedAt, { kind: "refund", id: "r1", amount: null, items: [], ...says }),
  review: (rating: number | null, postedAt: string, says: Of<"review"> = {}) =>
    fact(postedAt, { kind: "review", id: "v1", postedAt, rating, removed: rating === null, text: null, itemId: null, url: null, ...says }),
  case: (state: "open" | "closed", changedAt: string, type: "dispute" | "return" = "dispute") =>
    fact(changedAt, { kind: "case", id: "c1", type, state, changedAt, reason: null, outcome: null }),
  choice: (says: Of<"choice"> & { chosenAt: string }) =>
    fact(says.chosenAt, { kind: "choice", of: "delivery-late", about: "s1", choice: "refund", note: null, ...says }),
  report: (says: Of<"report"> & { reportedAt: string }, at = says.reportedAt) =>
    fact(at, { kind: "report", id: "p1", topic: "not-arrived", text: null, ...says }),
  action: (says: Of<"action"> & { at: string }) =>
    fact(says.at, { kind: "action", id: "a1", type: "dispute-proposal", caseId: null, fields: {}, ...says }),
  conversation: (waiting: boolean, changedAt: string) => fact(changedAt, { kind: "conversation", waiting, changedAt }),
};

/** The order paid and known, not dispatched yet. */
export const paidOrder: readonly Fact[] = [tell.order(), tell.address(), tell.payment(), tell.items()];
/** And dispatched as one parcel by a service nobody knows. */
export const dispatchedOrder: readonly Fact[] = [...paidOrder, tell.shipment()];

export function scheduleOf(written: unknown, version = 1, since: PublishedSchedule["since"] = {}): PublishedSchedule {
  const parsed = parseSchedule(written);
  if (!parsed.ok) throw new Error(parsed.errors.map(({ detail }) => detail).join("; "));
  return publish(parsed.schedule, version, since);
}

const five: readonly string[] = ["dispatch-notice", "check-in", "feedback-reminder", "review-thanks", "holiday-delay"];

/** The five steps of the default schedule that every order meets: enough for what holds for all steps. */
export const fiveSteps = { ...defaultSchedule, steps: defaultSchedule.steps.filter(({ key }) => five.includes(key)) };
export const standardSchedule = scheduleOf(fiveSteps);
/** Every step that is shipped, those too that are off by default. */
export const wholeSchedule = scheduleOf({ ...defaultSchedule, steps: defaultSchedule.steps.map((step) => ({ ...step, enabled: true })) });

export type World = Partial<Omit<PlanInput, "shop" | "permission">> & {
  readonly shop?: Partial<PlanInput["shop"]>;
  readonly permission?: Partial<PlanInput["permission"]>;
};

/** What a plan is made from: a shop in Shanghai that sends, an order that may be mailed about. */
export function worldOf(facts: readonly Fact[], world: World = {}): PlanInput {
  return {
    order: orderOf(facts),
    schedule: standardSchedule,
    closures: [],
    disruptions: [],
    calendar: plainCalendar,
    messages: [],
    moves: [],
    ...world,
    shop: {
      timeZone: "Asia/Shanghai",
      country: "CN",
      liveFrom: instantOf("2026-01-01T00:00:00Z"),
      sending: true,
      customerNoticeSince: null,
      ...world.shop,
    },
    permission: { suppressed: new Set(), consents: [], address: "ok", ...world.permission },
  };
}

function dayOf(text: string): CivilDay {
  const parsed = parseCivilDay(text);
  if (parsed === null) throw new Error(text);
  return parsed;
}

export function closureOf(starts: string, ends: string, resumes: string, says: Partial<Closure> = {}): Closure {
  return { id: "k1", name: "Spring Festival", starts: dayOf(starts), ends: dayOf(ends), resumes: dayOf(resumes), carriers: null, ...says };
}

interface Told {
  readonly id?: string;
  readonly starts?: string;
  readonly expectedEnd?: string;
  readonly services?: readonly string[];
  readonly telling?: number;
  readonly toldFrom?: string;
  readonly endedAt?: string;
}

/** A strike from 30 January on, of which the operator told the day after. */
export function disruptionOf(says: Told = {}): DeclaredDisruption {
  return {
    id: says.id ?? "d1",
    name: "Strike",
    text: "The airport is on strike.",
    starts: dayOf(says.starts ?? "2026-01-30"),
    expectedEnd: says.expectedEnd === undefined ? null : dayOf(says.expectedEnd),
    carriers: null,
    services: says.services ?? null,
    countries: null,
    dispatchedFrom: null,
    dispatchedTo: null,
    telling: says.telling ?? 1,
    toldFrom: instantOf(says.toldFrom ?? "2026-01-31T08:00:00Z"),
    endedAt: says.endedAt === undefined ? null : instantOf(says.endedAt),
  };
}

export function entriesOf(timetable: Timetable, step: string): readonly Entry[] {
  return timetable.entries.filter((entry) => entry.step === step);
}

export function entryOf(input: PlanInput, step: string): Entry {
  const [entry, ...more] = entriesOf(plan(input), step);
  if (entry === undefined || more.length > 0) throw new Error(`${step} has ${more.length + (entry === undefined ? 0 : 1)} entries`);
  return entry;
}

export function plannedOf(input: PlanInput, step: string): PlannedEntry {
  const entry = entryOf(input, step);
  if (entry.kind !== "planned") throw new Error(`${step} is ${entry.kind}: ${entry.reason}, ${JSON.stringify(entry.because)}`);
  return entry;
}

export function reasonOf(input: PlanInput, step: string): ExcludedEntry["reason"] | WaitingEntry["reason"] | "planned" {
  const entry = entryOf(input, step);
  return entry.kind === "planned" ? "planned" : entry.reason;
}

/** Says when in a zone, as `2026-01-30 09:12`. */
export function local(at: Instant, zone = "America/Los_Angeles"): string {
  const { day, minute } = toLocal(zone, at);
  const date = new Date(day * 86_400_000).toISOString().slice(0, 10);
  return `${date} ${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
}

/** What the store does with changes: adds rows, and sets those still in the state they were found in. */
export function applied(messages: readonly LedgerMessage[], changes: readonly Change[]): readonly LedgerMessage[] {
  const rows = new Map(messages.map((row) => [row.id, row]));
  for (const change of changes) {
    if (change.kind === "add") {
      const { step, occurrence, template, category, next } = change;
      const id = `${step}/${occurrence.kind}/${occurrence.id}`;
      if (rows.has(id)) throw new Error(`two messages for ${id}`);
      rows.set(id, { id, step, occurrence, template, category, sentAt: null, invited: false, ...next });
    } else {
      const row = rows.get(change.id);
      if (row !== undefined && row.state === change.from) rows.set(row.id, { ...row, ...change.next });
    }
  }
  return [...rows.values()];
}

/** Plans at `now` and writes it down: the ledger afterwards. */
export function planned(input: PlanInput, now: string): readonly LedgerMessage[] {
  return applied(input.messages, reconcile(plan(input), input.messages, instantOf(now)));
}

export function rowFor(messages: readonly LedgerMessage[], step: string): LedgerMessage {
  const row = messages.find((message) => message.step === step);
  if (row === undefined) throw new Error(`no message of ${step}`);
  return row;
}

/** The ledger after a message of `step` was sent at `at`. */
export function withSent(
  messages: readonly LedgerMessage[],
  step: string,
  at: string,
  state: LedgerMessage["state"] = "sent",
): readonly LedgerMessage[] {
  return messages.map((row) => (row.step === step ? { ...row, state, sentAt: instantOf(at) } : row));
}
