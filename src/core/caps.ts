import { day24, hour, type Instant, plus } from "./instant.ts";
import type { Because, Category } from "./timetable.ts";

/** How much mail one buyer gets, over all steps and orders of a shop (LAW-03, P10). Mail about the order itself is never held back. */
export interface Caps {
  /** One request for something in so many days: review and offer mail, and care mail that invites feedback. 1 … 90. */
  readonly daysBetweenAsks: number;
  /** So many care, review and offer mails in any 24 hours, so never more on one day wherever the buyer lives. 1 … 10. */
  readonly mailsPerDay: number;
}

export const defaultCaps: Caps = { daysBetweenAsks: 7, mailsPerDay: 1 };

/** Mail that caps concern. */
export type CappedCategory = Exclude<Category, "order">;

/** A mail to the buyer that counts. */
export interface BuyersMail {
  readonly category: CappedCategory;
  /** The order's number as the shop shows it; `null`: not known. */
  readonly order: string | null;
  /** When it went, or goes. */
  readonly at: Instant;
  /** Whether it asks for something. Of care mail that has not gone yet nobody knows whether it will invite feedback. */
  readonly asks: "yes" | "no" | "maybe";
}

/** A mail that is due now. */
export interface DueMail {
  readonly id: string;
  readonly category: CappedCategory;
  readonly order: string | null;
  readonly dueAt: Instant;
  /** An operator wants it now: it passes the caps, and counts. */
  readonly sendNow: boolean;
}

export type Weighed =
  | {
      readonly kind: "goes";
      readonly id: string;
      /** It asks for something; for care mail: it may invite feedback. */
      readonly asks: boolean;
    }
  | { readonly kind: "waits"; readonly id: string; readonly until: Instant; readonly because: Because };

/** What makes a lower mail wait: a higher one due so soon. The rest of a day's hours for mail, and no hour of the next day's. */
export const lookAheadMs = 12 * hour;

/**
 * Weighs the mails to one buyer that are due at `now`: which go, and until when the others wait.
 *
 * Care goes before review, review before offer; of two of one kind the first due. Nothing is dropped: what finds no room waits until there is some
 * again, and is then weighed anew. A lower mail also waits for a higher one that is due within 12 hours (`ahead`), for as if that had
 * gone already. Care mail that finds the request taken goes all the same, and invites nobody.
 *
 * `gone`: what went within the longest cap, and what is in others' hands now. The order of the lists does not matter.
 */
export function weigh(
  caps: Caps,
  now: Instant,
  mails: { readonly gone: readonly BuyersMail[]; readonly ahead: readonly BuyersMail[]; readonly due: readonly DueMail[] },
): readonly Weighed[] {
  const taken = [...mails.gone];
  return inTurn(mails.due).map((mail): Weighed => {
    const higher = mails.ahead.filter(({ category }) => rank[category] < rank[mail.category]);
    const counted = [...taken, ...higher];
    const request = requestLeft(caps, now, counted);
    const blocks = [roomLeft(caps, now, counted), mail.category === "care" ? null : request].filter((block) => block !== null);
    const block = blocks.toSorted((a, b) => b.until - a.until)[0];
    if (block !== undefined && !mail.sendNow) {
      return { kind: "waits", id: mail.id, until: block.until, because: { rule: "cap", detail: block.detail } };
    }
    const care = request === null ? "maybe" : "no";
    const asks = mail.category === "care" ? care : "yes";
    taken.push({ category: mail.category, order: mail.order, at: now, asks });
    return { kind: "goes", id: mail.id, asks: asks !== "no" };
  });
}

/** Lower goes first. */
const rank: Record<CappedCategory, number> = { care: 0, review: 1, offer: 2 };

function inTurn(due: readonly DueMail[]): readonly DueMail[] {
  return due.toSorted(
    (a, b) => Number(b.sendNow) - Number(a.sendNow) || rank[a.category] - rank[b.category] || a.dueAt - b.dueAt || (a.id < b.id ? -1 : 1),
  );
}

interface Block {
  readonly until: Instant;
  readonly detail: string;
}

/** What leaves no room for another mail at `now`; `null`: there is some. */
function roomLeft({ mailsPerDay }: Caps, now: Instant, mails: readonly BuyersMail[]): Block | null {
  const lately = mails.filter(({ at }) => at > now - day24).toSorted((a, b) => a.at - b.at);
  const freeing = lately[lately.length - mailsPerDay];
  const last = lately.at(-1);
  if (freeing === undefined || last === undefined) return null;
  const most = mailsPerDay === 1 ? "one such mail" : `${mailsPerDay} such mails`;
  const what = last.at >= now ? `${named(last)} goes first` : `${named(last)} went to the same buyer less than a day before`;
  return { until: plus(freeing.at, day24), detail: `${what}; a buyer gets at most ${most} a day` };
}

/**
 * What leaves no room for another request at `now`; `null`: there is some. Of a mail that may be one, more is known the next day.
 */
function requestLeft({ daysBetweenAsks }: Caps, now: Instant, mails: readonly BuyersMail[]): Block | null {
  const days = daysBetweenAsks === 1 ? "a day" : `${daysBetweenAsks} days`;
  const blocks = mails.flatMap((mail): Block[] => {
    const until = plus(mail.at, mail.asks === "yes" ? daysBetweenAsks * day24 : day24);
    if (mail.asks === "no" || until <= now) return [];
    const when = mail.asks === "maybe" || mail.at >= now ? "goes first" : `went to the same buyer less than ${days} before`;
    const may = mail.asks === "maybe" ? ", which may invite feedback," : "";
    return [{ until, detail: `${named(mail)}${may} ${when}; a buyer is asked for something once in ${days}` }];
  });
  return blocks.toSorted((a, b) => b.until - a.until)[0] ?? null;
}

function named({ category, order }: BuyersMail): string {
  const about = order === null ? "" : ` about order ${order}`;
  return `${category === "offer" ? "an offer" : `${category} mail`}${about}`;
}

/** Since when mail counts. */
export function countsSince({ daysBetweenAsks }: Caps, now: Instant): Instant {
  return plus(now, -daysBetweenAsks * day24);
}
