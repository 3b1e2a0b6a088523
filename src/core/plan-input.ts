import type { Closure } from "./closure.ts";
import type { DeclaredDisruption } from "./disruption.ts";
import type { LedgerMessage, Move } from "./message.ts";
import type { Order } from "./order.ts";
import type { Permission, ShopTerms } from "./permit.ts";
import type { PublishedSchedule } from "./schedule.ts";
import type { ShopCalendar } from "./shop-calendar.ts";
import type { Occurrence } from "./timetable.ts";

/** All that a timetable depends on. The present is not among it: `reconcile` knows it. */
export interface PlanInput {
  readonly order: Order;
  readonly shop: ShopTerms;
  readonly schedule: PublishedSchedule;
  readonly closures: readonly Closure[];
  readonly disruptions: readonly DeclaredDisruption[];
  readonly calendar: ShopCalendar;
  readonly permission: Permission;
  /** The order's messages in the ledger: what was sent is an input (P2). */
  readonly messages: readonly LedgerMessage[];
  readonly moves: readonly Move[];
}

/** What a message is known by within its order (P3). */
export interface Identity {
  readonly step: string;
  readonly occurrence: Occurrence;
}

export function sameIdentity(a: Identity, b: Identity): boolean {
  return a.step === b.step && a.occurrence.id === b.occurrence.id && a.occurrence.kind === b.occurrence.kind;
}

/** The row of a message, if the ledger has one. */
export function rowOf(messages: readonly LedgerMessage[], identity: Identity): LedgerMessage | undefined {
  return messages.find((message) => sameIdentity(message, identity));
}
