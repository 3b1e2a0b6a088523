import type { CivilDay } from "../core/civil-day.ts";
import type { Closure } from "../core/closure.ts";
import type { Disruption } from "../core/disruption.ts";
import type { Order } from "../core/order.ts";
import type { OwnDay } from "../core/own-days.ts";
import type { ParcelDays } from "../core/parcel-days.ts";
import type { Category, Occurrence } from "../core/timetable.ts";

/** What mails need to know of a shop. */
export interface MailShop {
  readonly name: string;
  readonly website: string | null;
  readonly postalAddress: string | null;
  /** The person who signs. */
  readonly signedBy: string | null;
  /** IANA; parcels are handed over in it. */
  readonly timeZone: string;
  readonly country: string;
  readonly locale: string;
}

export interface MailDataInput {
  /** The template's key: which choices it may offer hangs on it. */
  readonly template: string;
  readonly category: Category;
  readonly occurrence: Occurrence;
  readonly order: Order;
  readonly shop: MailShop;
  /** Where the buyer lives (IANA): dates are written as they are there. */
  readonly zone: string;
  /** The language of the template: see `localeFor`. */
  readonly locale: string;
  /** The closure it is about; `null` when it is about none. */
  readonly closure: Closure | null;
  /** All closures of the shop. */
  readonly closures: readonly Closure[];
  /** Holidays and working days of the shop's own. */
  readonly ownDays: readonly OwnDay[];
  /** The disruption it is about; `null` when it is about none. */
  readonly disruption: Disruption | null;
  readonly links: {
    /** For care, review and offer mail the one-click address; for order mail where to stop notices. */
    readonly unsubscribe: string;
    readonly buyerPage: string;
    /** Where to write a review; `null` when the shop has no such place. */
    readonly review: string | null;
  };
  /** By shipment id, the days between which each parcel should arrive; absent: as our tables have it. */
  readonly windows?: ReadonlyMap<string, ParcelDays>;
  /** The same, were it not for the closure it is about; absent or `null`: as `windows`. */
  readonly windowsWithoutIt?: ReadonlyMap<string, ParcelDays> | null;
  /** Whether feedback may be invited now (LAW-03, LAW-04). */
  readonly mayInviteFeedback: boolean;
  /** The day of sending where the buyer lives; decides between "should be there by" and "should have been". */
  readonly today: CivilDay;
}
