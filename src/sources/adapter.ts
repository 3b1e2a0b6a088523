import type { Fact } from "../core/facts.ts";
import type { Instant } from "../core/instant.ts";

export const platforms = ["shopify", "woocommerce", "standard"] as const;
export type Platform = (typeof platforms)[number];

/**
 * What one platform's webhooks mean: verifies bytes, then reads meaning, and does nothing else (no database, network, or clock).
 *
 * No method ever throws, whatever the request holds; `identify` and `read` are for requests that `verify` found genuine.
 */
export interface Adapter {
  readonly platform: Platform;
  /** Checks the signature over the raw bytes, in constant time, against every active secret (IN-01 … IN-03). `now` matters only to platforms that sign a time. */
  verify(request: RawRequest, keys: SourceKeys, now: Instant): Verdict;
  /** Says what tells a repeat from a new delivery, and what it is about; from headers and bytes only. */
  identify(request: RawRequest): Identity;
  /** Says what the delivery says. */
  read(request: RawRequest): Reading;
}

export interface RawRequest {
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** As it came over the wire: signatures are over these bytes, never over JSON written anew. */
  readonly body: Buffer;
  /** When it came in. Dates only what a sender says without any time of its own: that an order was deleted. */
  readonly receivedAt?: Instant;
}

/** What a source was set up with. */
export interface SourceKeys {
  /** One, or two during a rotation (IN-03). Empty ones never match. */
  readonly secrets: readonly string[];
  /** The shop's domain that the sender must name (IN-02); `null`: any. */
  readonly domain: string | null;
}

export type Verdict =
  | { readonly kind: "genuine" }
  /** Unsigned and harmless: the platform only tries whether somebody is there (IN-10). Nothing is stored. */
  | { readonly kind: "ping" }
  | { readonly kind: "refused"; readonly reason: Refusal };

/** Why a request is not believed. For logs and counters; callers learn no more than 401. */
export type Refusal =
  | "no-secret"
  | "no-signature"
  | "malformed-signature"
  | "wrong-signature"
  | "malformed-id"
  | "malformed-timestamp"
  | "stale-timestamp"
  | "wrong-shop";

export interface Identity {
  /** Idempotency key of the delivery within its source (IN-05). 1 to 300 characters of printable ASCII. */
  readonly key: string;
  /** The platform's own word, as `orders/paid` or `order.paid`; empty when it names none. At most 100 characters. */
  readonly topic: string;
}

export type Reading =
  /** In the order of the payload; never empty. */
  | { readonly kind: "facts"; readonly facts: readonly Fact[] }
  /** It was understood, and is none of our business (IN-13). */
  | { readonly kind: "ignored"; readonly reason: string }
  /**
   * For quarantine: `pointer` is the JSON pointer (RFC 6901) of the field, empty for the whole body; `reason` completes the sentence "it …".
   *
   * With a `request` it was understood, and asks for more than facts can say. Whoever takes it in does what `SourceRequest` says and settles the
   * delivery as taken; whoever can't leaves it in quarantine, where `reason` tells a person what to do, so that no such wish is ever lost.
   */
  | { readonly kind: "unreadable"; readonly pointer: string; readonly reason: string; readonly request?: SourceRequest };

/**
 * What a platform asks for on behalf of a buyer or the shop (IN-18). `buyerId` and `orders` are ids at the sender, orders may be unknown here;
 * `email` is as the sender gave it.
 */
export type SourceRequest =
  /**
   * Stop all mail to this buyer and of these orders at once; within the configured term (30 days unless set otherwise) erase the
   * buyer's data and keep no more than the suppression's hash.
   */
  | { readonly type: "erase-buyer"; readonly buyerId: string | null; readonly email: string | null; readonly orders: readonly string[] }
  /** Give a person the task to hand the buyer's data to the shop within 30 days. Nothing stops. */
  | { readonly type: "export-buyer"; readonly buyerId: string | null; readonly email: string | null; readonly orders: readonly string[] }
  /** Stop all mail about this source's orders at once; within the term erase the data of all their buyers. */
  | { readonly type: "erase-shop" }
  /** Stop all mail about this source's orders at once: its webhooks have ended, so nobody would hear of a cancellation. */
  | { readonly type: "uninstalled" };
