import type { Instant } from "./instant.ts";
import type { Order } from "./order.ts";
import { dayText } from "./plain-time.ts";
import type { Because, Category, Reason } from "./timetable.ts";

/** What the ledgers of suppressions and consents say of the buyer's address, and whether it can be written to at all. */
export interface Permission {
  /** What the address must not be mailed; `all` blocks order mail too (a dead address). */
  readonly suppressed: ReadonlySet<"all" | "care" | "review" | "offer">;
  readonly consents: readonly Consent[];
  readonly address: "ok" | "no-address" | "bad-address" | "relay-address";
}

export interface Consent {
  readonly scope: "review" | "offer";
  readonly at: Instant;
  /** When it was taken back; `null`: it stands. */
  readonly withdrawn: Instant | null;
}

/** What planning needs to know of a shop. */
export interface ShopTerms {
  /** IANA. */
  readonly timeZone: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** Orders placed earlier plan nothing (P4). */
  readonly liveFrom: Instant;
  /** `false` holds everything of the shop. */
  readonly sending: boolean;
  /**
   * Since when the shop tells its buyers, where it takes their address, that it may ask them for a review and how to object (§ 7(3) UWG, the exception for
   * existing customers); `null`: it does not.
   */
  readonly customerNoticeSince: Instant | null;
}

export type Permit =
  | { readonly ok: true; readonly because: readonly Because[] }
  | { readonly ok: false; readonly reason: Reason; readonly because: readonly Because[] };

/**
 * Says whether a buyer may be sent mail of a category about an order at all; time, exits and caps are not its matter.
 *
 * A review request is advertising (BGH VI ZR 225/17): where the law wants consent beforehand (LAW-01), one that was stored and not
 * withdrawn, or the shop's notice to existing customers, given when the order was placed; elsewhere a purchase is enough until the buyer objects. Offers always want consent. An unknown country is taken to be the strictest.
 */
export function permit(order: Order, category: Category, shop: ShopTerms, permission: Permission): Permit {
  return permitOrder(order, shop, permission) ?? permitCategory(order, category, shop, permission);
}

/** What keeps an order from being mailed about at all; `null` when nothing does. */
export function permitOrder(order: Order, shop: ShopTerms, permission: Permission): Permit | null {
  if (!order.known || order.placedAt === null) {
    return no("order-unknown", "permit", "only later facts have come so far, not the order itself");
  }
  if (order.test) return no("test-order", "permit", "the shop's system marks the order as a test");
  if (order.placedAt < shop.liveFrom) {
    const placed = dayText(shop.timeZone, order.placedAt);
    return no("before-live-from", "live-from", `placed on ${placed}, before the shop went live on ${dayThere(shop, shop.liveFrom)}`);
  }
  if (permission.address !== "ok") return no(permission.address, "address", addressWords[permission.address]);
  if (permission.suppressed.has("all")) return no("suppressed", "suppression", "the address must not be mailed at all");
  return null;
}

/** What keeps a category from the buyer of an order that may be mailed about. */
export function permitCategory(order: Order, category: Category, shop: ShopTerms, permission: Permission): Permit {
  if (category === "order") return allowed;
  if (permission.suppressed.has(category)) return no("suppressed", "suppression", `the buyer wants no ${category} mail`);
  if (category === "care") return allowed;
  const { country } = order.address;
  const place = country ?? "an unknown country, so the strictest law";
  const latest = latestConsent(permission, category);
  if (latest !== null && latest.withdrawn === null)
    return { ok: true, because: [{ rule: "consent", detail: `the buyer agreed to ${category} mail` }] };
  if (category === "offer") return no("no-consent", "consent", "offers go only to buyers who agreed to them beforehand");
  if (wantsConsent(country)) {
    if (latest !== null) return no("no-consent", "consent", `the buyer took back the consent to ${category} mail`);
    if (country !== null && wasToldOfRight(order, shop)) {
      const detail = `${place}: allowed as an existing customer, whom the shop's notice told that mail like this comes and how to object`;
      return { ok: true, because: [{ rule: "consent", detail }] };
    }
    return no("no-consent", "consent", `the law of ${place} wants consent before a review request, and none is stored`);
  }
  return { ok: true, because: [{ rule: "consent", detail: `${place}: allowed after a purchase as long as the buyer does not object` }] };
}

/** Where a review request needs consent beforehand (LAW-01, standards 3.1). */
const consentBeforehand: ReadonlySet<string> = new Set(["DE", "AT"]);

/** Whether the law of a country wants consent before a review request; an unknown country (`null`) is taken to be the strictest (LAW-01). */
export function wantsConsent(country: string | null): boolean {
  return country === null || consentBeforehand.has(country);
}

const addressWords = {
  "no-address": "the order has no e-mail address",
  "bad-address": "the order's e-mail address cannot be written to",
  "relay-address": "the address is a marketplace's relay, which forbids mail like this",
} as const;

const allowed: Permit = { ok: true, because: [] };

function no(reason: Reason, rule: Because["rule"], detail: string): Permit & { ok: false } {
  return { ok: false, reason, because: [{ rule, detail }] };
}

/** The latest word of the buyer counts: a withdrawal after a consent, a consent after a withdrawal. */
function latestConsent(permission: Permission, scope: "review" | "offer"): Consent | null {
  let latest: Consent | null = null;
  for (const consent of permission.consents) {
    if (consent.scope !== scope) continue;
    if (latest === null || consent.at > latest.at || (consent.at === latest.at && consent.withdrawn !== null)) latest = consent;
  }
  return latest;
}

/** § 7(3) UWG: the notice was there when the address was taken, which is when the order was placed. */
function wasToldOfRight({ placedAt }: Order, { customerNoticeSince }: ShopTerms): boolean {
  return customerNoticeSince !== null && placedAt !== null && placedAt >= customerNoticeSince;
}

function dayThere(shop: ShopTerms, at: Instant): string {
  return dayText(shop.timeZone, at);
}
