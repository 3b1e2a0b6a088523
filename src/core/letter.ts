import type { Closure } from "./closure.ts";
import type { Disruption } from "./disruption.ts";
import type { Instant } from "./instant.ts";
import type { Order } from "./order.ts";
import type { OwnDay } from "./own-days.ts";
import type { ParcelDays } from "./parcel-days.ts";
import type { SendResult } from "./smtp-reply.ts";
import type { Category, Occurrence } from "./timetable.ts";

/** Turns letters into mails, carries them out, and shows them again: what the rest of the service asks of this folder. */
export interface Mailer {
  /** Renders a letter. A template that lacks something is an expected ending: `failed`, with a sentence that names it. Never throws for data. */
  compose(letter: Letter): Promise<Composed>;
  /** Carries one mail out; `begin` is asked immediately before the first word of SMTP about it. Never throws for what a server does. */
  send(mail: ComposedMail, begin: () => Promise<boolean>, held: () => boolean): Promise<SendResult>;
  /** Renders again a mail that went out, from the template and the input of that time; `null` when they can't be read any more. */
  show(compiled: unknown, input: unknown): ShownMail | null;
}

/** A mail as a person looks at it. */
export interface ShownMail {
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Everything a mail is made of. */
export interface Letter {
  readonly messageId: string;
  readonly step: string;
  readonly template: string;
  readonly category: Category;
  readonly occurrence: Occurrence;
  readonly order: Order;
  readonly shop: ShopIdentity;
  /** The closure it is about, for occurrences of that kind. */
  readonly closure: Closure | null;
  /** All closures of the shop: a mail that says when a parcel should leave, or by when the shop answers, reckons with them. */
  readonly closures: readonly Closure[];
  /** Holidays and working days of the shop's own, for the same. */
  readonly ownDays: readonly OwnDay[];
  /** The disruption it is about, for occurrences of that kind. */
  readonly disruption: Disruption | null;
  /** By shipment id, the days between which each parcel that left should arrive, as planning reckons them. */
  readonly windows: ReadonlyMap<string, ParcelDays>;
  /** The same, were it not for the closure it is about; `null` when it is about none. */
  readonly windowsWithoutIt: ReadonlyMap<string, ParcelDays> | null;
  /** Whether a review might be asked for now: then the check-in may invite feedback (LAW-03, LAW-04). */
  readonly mayInviteFeedback: boolean;
  /** The Date header: the first attempt's, for every later one too (OUT-03). */
  readonly date: Instant;
}

/** A shop as its buyers see it. */
export interface ShopIdentity {
  readonly id: string;
  readonly name: string;
  readonly timeZone: string;
  readonly locale: string;
  readonly country: string;
  readonly from: { readonly name: string; readonly address: string };
  readonly replyTo: string | null;
  readonly postalAddress: string | null;
  readonly website: string | null;
  readonly logoUrl: string | null;
  readonly color: string | null;
  readonly reviewUrl: string | null;
  readonly signedBy: string | null;
  /** All mail of the shop goes to this address instead, for trying things out. */
  readonly redirectTo: string | null;
  /** The version of its own of a template that is in force, by template; absent: the built-in one. */
  readonly templateVersions: Readonly<Record<string, number>>;
}

export type Composed =
  | ({ readonly kind: "ready" } & ComposedMail)
  | {
      readonly kind: "failed";
      /** `lint-blocked`: it would say what no mail may say (standards 3.3). */
      readonly because: "render-failed" | "lint-blocked";
      readonly reason: string;
    };

export interface ComposedMail {
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  /** As they go out, by name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly envelope: { readonly from: string; readonly to: string };
  /** The whole mail as it goes over the wire, CRLF lines. */
  readonly raw: Buffer;
  readonly rfcMessageId: string;
  readonly templateVersion: string;
  /** What the template was given; with the version it shows the mail again. */
  readonly input: unknown;
}
