import { type ShopDays, shopDayAfter } from "../core/dispatch-days.ts";
import { localDay } from "../core/local-time.ts";
import type { Case } from "../core/order.ts";
import type { DayWriter } from "./days.ts";
import { inertOrNull } from "./inert.ts";

/** Working days in which a shop should have looked into a dispute. */
const workdaysToAnswer = 3;

/** A dispute or a return. */
export interface CaseData {
  /** The day it was opened, or closed once it is. */
  readonly on: string;
  /** As the sender gives it; `null` when it does not, or only by a code. */
  readonly reason: string | null;
  readonly outcome: string | null;
  /** By when the buyer hears from the shop: three working days there, by its own calendar and outside of its closures. */
  readonly answerBy: string;
}

export function caseData(it: Case, { days, shop }: { readonly days: DayWriter; readonly shop: CasePlace }): CaseData {
  return {
    on: days.nearAt(it.changedAt),
    reason: words(it.reason),
    outcome: words(it.outcome),
    answerBy: days.near(shopDayAfter(localDay(shop.timeZone, it.changedAt), workdaysToAnswer, shop)),
  };
}

export interface CasePlace extends ShopDays {
  readonly timeZone: string;
}

/** Platforms give codes (`product_not_received`, `won`), which say nothing to a buyer, or the wrong thing. */
function words(text: string | null): string | null {
  const plain = inertOrNull(text, 300);
  return plain === null || /^[A-Za-z0-9]+([_-][A-Za-z0-9]+)*$/.test(plain) ? null : plain;
}
