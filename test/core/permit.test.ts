import { describe, expect, test } from "vitest";
import { instantOf } from "../../src/core/instant.ts";
import { type Consent, type Permission, permit } from "../../src/core/permit.ts";
import { type Category, categories } from "../../src/core/timetable.ts";
import { dispatchedOrder, orderOf, placed, tell, worldOf } from "./planner-world.ts";

const { shop } = worldOf([]);
const ask = (
  category: Category,
  { country = "US" as string | null, ...permission }: Partial<Permission> & { country?: string | null } = {},
) => {
  const order = orderOf([...dispatchedOrder, tell.address({ country, region: null }, "2026-01-19T00:00:00.000Z")]);
  const answer = permit(order, category, shop, { suppressed: new Set(), consents: [], address: "ok", ...permission });
  return answer.ok ? "yes" : answer.reason;
};
const all = (permission: Parameters<typeof ask>[1]) =>
  Object.fromEntries(categories.map((category) => [category, ask(category, permission)]));
const consent = (scope: Consent["scope"], at: string, withdrawn: string | null = null): Consent => ({
  scope,
  at: instantOf(at),
  withdrawn: withdrawn === null ? null : instantOf(withdrawn),
});

describe("may this buyer be mailed", () => {
  test("after a purchase about everything but offers, where the law lets the buyer object instead", () => {
    expect(all({})).toEqual({ order: "yes", care: "yes", review: "yes", offer: "no-consent" });
  });

  test.each(["DE", "AT", null])("LAW-01: in %s a review request wants consent beforehand", (country) => {
    expect(all({ country })).toEqual({ order: "yes", care: "yes", review: "no-consent", offer: "no-consent" });
    const agreed = { country, consents: [consent("review", placed)] };
    expect(all(agreed)).toEqual({ order: "yes", care: "yes", review: "yes", offer: "no-consent" });
    expect(ask("review", { country, consents: [consent("offer", placed)] })).toBe("no-consent");
  });

  test("LAW-02: a consent that was withdrawn is none, one given again is one", () => {
    const withdrawn = consent("review", placed, "2026-01-20T00:00:00.000Z");
    expect(ask("review", { country: "DE", consents: [withdrawn] })).toBe("no-consent");
    const again = consent("review", "2026-01-21T00:00:00.000Z");
    expect(ask("review", { country: "DE", consents: [again, withdrawn] })).toBe("yes");
    const gone = consent("review", "2026-01-22T00:00:00.000Z", "2026-01-22T00:00:00.000Z");
    expect(ask("review", { country: "DE", consents: [again, gone, withdrawn] })).toBe("no-consent");
  });

  describe("LAW-01: where the shop's notice told existing customers that it may ask, and how to object (§ 7(3) UWG)", () => {
    const since = (at: string) => ({ ...shop, customerNoticeSince: instantOf(at) });
    const de = (terms: typeof shop, consents: readonly Consent[] = [], country: string | null = "DE") =>
      permit(orderOf([...dispatchedOrder, tell.address({ country, region: null }, "2026-01-19T00:00:00.000Z")]), "review", terms, {
        suppressed: new Set(),
        consents,
        address: "ok",
      });

    test("a review request goes to who ordered since, and says why", () => {
      expect(de(since(placed)).ok).toBe(true);
      expect(de(since(placed)).because).toEqual([
        {
          rule: "consent",
          detail: "DE: allowed as an existing customer, whom the shop's notice told that mail like this comes and how to object",
        },
      ]);
      expect(de(since("2026-01-18T10:00:00.001Z"))).toMatchObject({ ok: false, reason: "no-consent" });
    });

    test("but not to who took a consent back, nor where the country is unknown", () => {
      expect(de(since(placed), [consent("review", placed, "2026-01-20T00:00:00.000Z")])).toMatchObject({ ok: false, reason: "no-consent" });
      expect(de(since(placed), [], null)).toMatchObject({ ok: false, reason: "no-consent" });
    });

    test("and no offer goes to anybody for it", () => {
      const order = orderOf([...dispatchedOrder, tell.address({ country: "DE", region: null }, "2026-01-19T00:00:00.000Z")]);
      expect(permit(order, "offer", since(placed), { suppressed: new Set(), consents: [], address: "ok" }).ok).toBe(false);
    });
  });

  test("a suppression blocks its category, one of all blocks order mail too", () => {
    expect(all({ suppressed: new Set(["care"]) })).toMatchObject({ order: "yes", care: "suppressed", review: "yes" });
    expect(all({ suppressed: new Set(["review"]), consents: [consent("review", placed)] })).toMatchObject({
      care: "yes",
      review: "suppressed",
    });
    expect(all({ suppressed: new Set(["all"]) })).toEqual({
      order: "suppressed",
      care: "suppressed",
      review: "suppressed",
      offer: "suppressed",
    });
  });

  test.each(["no-address", "bad-address", "relay-address"] as const)("%s: nothing goes (IN-15, IN-17)", (address) => {
    expect(new Set(Object.values(all({ address })))).toEqual(new Set([address]));
  });

  test("a test order, an order that has not come, and one from before the shop was live (IN-16, IN-08, P4)", () => {
    const answer = (facts: Parameters<typeof orderOf>[0], terms = shop) => {
      const given = permit(orderOf(facts), "order", terms, { suppressed: new Set(), consents: [], address: "ok" });
      return given.ok ? "yes" : given.reason;
    };
    expect(answer([tell.order({ test: true })])).toBe("test-order");
    expect(answer([tell.shipment()])).toBe("order-unknown");
    expect(answer([tell.order()], { ...shop, liveFrom: instantOf(placed) })).toBe("yes");
    expect(answer([tell.order({ placedAt: "2026-01-18T09:59:59.999Z" })], { ...shop, liveFrom: instantOf(placed) })).toBe(
      "before-live-from",
    );
  });
});
