import { day24, type Instant, minute } from "./instant.ts";
import { dayText, timeText } from "./plain-time.ts";
import { unreachable } from "./unreachable.ts";

/** What may need a person's look, the most pressing first. Closed: each word is explained in `docs/operating.md`. */
export const attentionKinds = [
  "sending-held",
  "shop-resting",
  "mail-late",
  "webhooks-waiting",
  "notices-missing",
  "source-silent",
  "quarantine",
  "mail-refused",
  "tasks",
  "not-sending",
  "redirected",
  "calendar-horizon",
] as const;
export type AttentionKind = (typeof attentionKinds)[number];

/** From when on something is amiss. */
export const attentionLimits = {
  /** Mail that was due so long ago, and webhooks that came so long ago, wait too long. */
  lateMs: 5 * minute,
  /** A source that was heard of before and is silent so long. */
  silentMs: 3 * day24,
  /** A source of which nothing was ever heard so long after it was connected. */
  unheardMs: day24,
  /** Parcels that left so long ago at most, and so long ago at least, should have a notice. */
  noticesMs: { within: day24, after: 30 * minute },
  /** So many parcels without one, and at least half of all, are no accident. */
  noticesMissing: 3,
  /** So many mails refused for good within a day are more than some mistyped addresses. */
  refused: 10,
  refusedMs: day24,
} as const;

/** One thing found. */
export interface Found {
  readonly kind: AttentionKind;
  /** The source's id, the kind of task, the country; `""`: the shop as a whole. */
  readonly about: string;
  /** How many: mails, webhooks, parcels, tasks; 1 where there is nothing to count. */
  readonly count: number;
  /** Since when; `null`: not known. */
  readonly since: Instant | null;
  /** What a person calls it, or more of what is known: the source's platform, the server's words. */
  readonly note: string | null;
}

/** Says in one sentence what is amiss; times are those of `zone`. English, for the API and the command line. */
export function attentionSentence({ kind, about, count, since, note }: Found, zone: string): string {
  const from = since === null ? "" : ` since ${timeText(zone, since)}`;
  switch (kind) {
    case "sending-held":
      return `This installation sends nothing: ${note ?? "its database may be a copy"}.`;
    case "shop-resting":
      return `Servers refuse mail of this shop for policy, and it rests until ${since === null ? "later" : timeText(zone, since)}: ${note ?? ""}`.trimEnd();
    case "mail-late":
      return `${many(count, "mail is", "mails are")} late, the first${from}.`;
    case "webhooks-waiting":
      return `${many(count, "webhook has", "webhooks have")} not been read yet, the first${from}.`;
    case "notices-missing":
      return `${many(count, "parcel", "parcels")} left in the last day of which no mail tells their buyers, the first${since === null ? "" : ` on ${timeText(zone, since)}`}.`;
    case "source-silent":
      return since === null
        ? `${note ?? "A source"} has sent nothing yet.`
        : `${note ?? "A source"} has sent nothing since ${dayText(zone, since)}.`;
    case "quarantine":
      return `${many(count, "webhook", "webhooks")} of ${note ?? "a source"} could not be read.`;
    case "mail-refused":
      return `${many(count, "mail was", "mails were")} refused for good in the last day.`;
    case "tasks":
      return `${many(count, "task waits", "tasks wait")} for a person: ${about}, the oldest${from}.`;
    case "not-sending":
      return `The shop does not send; ${many(count, "mail is", "mails are")} held.`;
    case "redirected":
      return `All mail of the shop goes to ${note ?? "one address"} instead of its buyers.`;
    case "calendar-horizon":
      return `${(note ?? `the holidays of ${about} are not known far enough`).replace(/^t/, "T")}.`;
    default:
      return unreachable(kind);
  }
}

/** Where the API has more of it. */
export function whereToLook({ kind, about }: Found, shopId: string): string {
  const shop = `/api/v1/shops/${shopId}`;
  switch (kind) {
    case "sending-held":
      return "/api/v1/instance";
    case "mail-late":
      return `/api/v1/messages?shop=${shopId}&state=planned`;
    case "mail-refused":
      return `/api/v1/messages?shop=${shopId}&state=failed`;
    case "webhooks-waiting":
    case "source-silent":
      return `${shop}/sources`;
    case "notices-missing":
      return `${shop}/orders`;
    case "quarantine":
      return `/api/v1/sources/${about}/quarantine`;
    case "tasks":
      return `${shop}/tasks?state=open`;
    case "shop-resting":
    case "not-sending":
    case "redirected":
      return shop;
    case "calendar-horizon":
      return `${shop}/calendar`;
    default:
      return unreachable(kind);
  }
}

function many(count: number, one: string, more: string): string {
  return `${count} ${count === 1 ? one : more}`;
}
