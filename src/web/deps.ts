import type { Standing } from "../core/instance.ts";
import type { Instant } from "../core/instant.ts";
import type { Keys } from "../core/keys.ts";
import type { Database } from "../store/database.ts";
import type { NewDelivery } from "../store/deliveries.ts";
import type { TemplateSamples } from "./template-samples.ts";

/** What HTTP works with. Made once by the composition root; tests make their own. */
export interface WebDeps {
  readonly db: Database;
  readonly keys: Keys;
  readonly log: Log;
  /** What links start with, without a slash at the end. */
  readonly publicUrl: string;
  /** `null`: the API answers 401 to everybody, and says why. */
  readonly apiToken: string | null;
  now(): Instant;
  /** Stores a delivery durably, many callers in one statement; "repeat" when its key was seen (IN-05). Throws when the database cannot store it. */
  storeDelivery(delivery: ReceivedDelivery): Promise<"stored" | "repeat">;
  /** Never throws, never waits. */
  wake(job: "take-in" | "plan" | "errands"): void;
  /** Plans these orders at once, instead of at the next wake-up. */
  planNow(orderIds: readonly string[]): Promise<PlanCounts>;
  /** Plans all open orders of a shop. */
  replanShop(shopId: string): Promise<PlanCounts>;
  /** As the message would go out now. */
  preview(messageId: string): Promise<RenderedMail | { readonly failed: string }>;
  /** As it went out; `null` when it did not, or when its data are erased. */
  sent(messageId: string): Promise<RenderedMail | null>;
  /** Only with `CLOCK=manual`. `moveTo` throws `ClockMovedBack`. */
  readonly clock: ManualClock | null;
  readonly instance: InstanceDesk;
  ready(): Promise<readonly ReadyCheck[]>;
  /** Prometheus text. */
  metricsText(): Promise<string>;
  count(metric: "webhook", labels: { readonly platform: string; readonly outcome: string }): void;
  /** Mail stays in the built-in mailbox. */
  readonly mailbox: boolean;
  /** Keys of all message templates: a schedule that names another is refused. Absent: not checked. */
  readonly templateKeys?: ReadonlySet<string>;
  /** The installed templates filled with their samples; opened when first looked at. Absent: the console shows none. */
  readonly samples?: () => TemplateSamples;
  /** Sends a mail to whoever asks for it, to look at: marked as a test, in no ledger. Absent: there is no way to. */
  readonly sendTest?: (mail: TestMail) => Promise<{ readonly sent: boolean; readonly answer: string }>;
  readonly limits?: Partial<WebLimits>;
  /** By what sessions of the console and links to it run out; the machine's clock when absent: they are about people, whatever `CLOCK` says. */
  wallClock?(): Instant;
  /** Aborted when the service stops: what would go on for long ends then. */
  readonly ending?: AbortSignal;
}

interface TestMail {
  readonly shop: { readonly id: string; readonly fromName: string; readonly fromAddress: string };
  readonly to: { readonly name: string; readonly address: string };
  readonly subject: string;
  readonly html: string;
  readonly text: string;
}

export type ReceivedDelivery = Omit<NewDelivery, "id">;

export interface PlanCounts {
  readonly added: number;
  readonly retimed: number;
  readonly cancelled: number;
}

export interface RenderedMail {
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface ManualClock {
  now(): Instant;
  moveTo(at: Instant): Promise<{ readonly now: Instant; readonly sent: number }>;
}

export interface ReadyCheck {
  readonly name: string;
  readonly ok: boolean;
  readonly detail?: string;
  /** `false`: it is told, and the process is ready all the same; no restart would mend it. */
  readonly vital?: false;
}

/** Whether this installation may send from its database, and the operator's way to say so. */
export interface InstanceDesk {
  standing(): Promise<Standing>;
  takeOver(): Promise<Standing>;
}

export interface Log {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

/** A burst that is allowed at once, and how fast it fills up again. */
export interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

export interface WebLimits {
  /** Webhooks that fail the signature check, and those for unknown sources, per caller and endpoint (IN-19). */
  readonly refusedHooks: Rate;
  /** Signed webhooks per source: far above any shop's load, for each 429 eats one of Shopify's 8 retries (IN-19). */
  readonly signedHooks: Rate;
  /** Links that were never signed by us, per caller. */
  readonly wrongLinks: Rate;
  /** What is posted on one order's page. */
  readonly buyerPosts: Rate;
  /** Wrong bearer tokens and mailbox passwords, per caller. */
  readonly wrongTokens: Rate;
  /** Wrong passwords at sign-in: per account, and per caller (SEC-05). */
  readonly wrongPasswords: Rate;
  /** How long a caller may take over a body. */
  readonly bodyMs: number;
  /** How long storing a webhook may take before it is answered 503 (IN-04). */
  readonly storeMs: number;
}

export const defaultLimits: WebLimits = {
  refusedHooks: { burst: 30, perSecond: 0.5 },
  signedHooks: { burst: 5_000, perSecond: 500 },
  wrongLinks: { burst: 30, perSecond: 0.5 },
  buyerPosts: { burst: 20, perSecond: 0.1 },
  wrongTokens: { burst: 30, perSecond: 0.5 },
  wrongPasswords: { burst: 10, perSecond: 10 / 900 },
  bodyMs: 15_000,
  storeMs: 3_000,
};
