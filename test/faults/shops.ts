import { randomUUID } from "node:crypto";
import { instantOf } from "../../src/core/instant.ts";
import { signStandard } from "../../src/sources/standard/signature.ts";
import { type Client, defaultShop, standardOrder } from "../support/service.ts";

const anyHour = { from: "00:00", to: "24:00" };

/** Every mail of it is due to the second, mostly at any hour: what is tested is how mail goes out, not when. */
const steps = {
  notice: { key: "notice", template: "dispatch-notice", category: "order" },
  care: { key: "care", template: "check-in", category: "care" },
  again: { key: "again", template: "check-in", category: "care" },
} as const;
/** Mail of three kinds of which a buyer gets one in a day: each shop has one of them. */
const others = [
  steps.care,
  { key: "review", template: "feedback-reminder", category: "review" },
  { key: "offer", template: "win-back", category: "offer" },
] as const;
/** `other`: the first shop's care mail, the second one's review mail, the third one's offer. */
export type StepKey = keyof typeof steps | "other";

function scheduleOf(shop: number, only: readonly StepKey[], hours: ShopsOptions["hours"]) {
  return {
    name: "To the second",
    steps: only.map((key) => ({
      ...(key === "other" ? others[shop] : steps[key]),
      on: "shipment.delivered",
      wait: { hours: 240 },
      window: { ...(key === "notice" || hours === undefined ? anyHour : hours), zone: "buyer" },
      unless: ["order.cancelled", "order.refunded"],
    })),
  };
}

/** One webhook, and how it was answered. */
export interface Told {
  readonly sourceId: string;
  readonly key: string;
  /** 0: it was not answered. */
  readonly status: number;
}

export interface Event {
  readonly shop: number;
  readonly key: string;
  readonly type: string;
  readonly occurredAt: string;
  readonly data: object;
}

/** How an order differs from all others. */
export interface OrderDifferences {
  readonly locale?: string;
  readonly items?: readonly object[];
}

/** Three shops with one source each. */
export interface Shops {
  /** Mails of an order. */
  readonly mailsOfAnOrder: number;
  readonly sources: readonly string[];
  readonly shopIds: readonly string[];
  /** All that is said of order `n` (its shop takes turns) whose mails are due at `dueAt`. */
  events(n: number, dueAt: number, differences?: OrderDifferences): readonly Event[];
  /** That order `n` was cancelled; its key is `cancel-o-n`. */
  cancelling(n: number, at: number): Event;
  tell(event: Event, how?: { readonly to?: string; readonly withinMs?: number }): Promise<Told>;
  /** Signed, whatever it is. Answers the status, 0 when there was none. */
  tellRaw(shop: number, body: Uint8Array, headers?: Readonly<Record<string, string>>): Promise<number>;
  /** Where mail about order `n` goes. */
  addressOf(n: number): string;
  /** Tells all, `atOnce` at a time, in this order. */
  tellAll(events: readonly Event[], atOnce?: number): Promise<readonly Told[]>;
}

const hour = 3_600_000;

export interface ShopsOptions {
  readonly only?: readonly StepKey[] | undefined;
  /** When all but order mail may go, where the buyers live; absent: at any hour. */
  readonly hours?: { readonly from: string; readonly to: string } | undefined;
  /** The service's time. */
  readonly now: () => number;
}

export async function openShops(api: Client, { only = ["notice", "other"], hours, now }: ShopsOptions): Promise<Shops> {
  const made: { readonly shopId: string; readonly id: string; readonly secret: string; readonly name: string }[] = [];
  for (const [index, name] of ["a", "b", "c"].entries()) {
    const shop = await api.ok("POST", "/shops", {
      ...defaultShop,
      name,
      from: { name, address: `hello@${name}.shop.example` },
      liveFrom: "2020-01-01T00:00:00Z",
      // All mails of an order are due at once here.
      caps: { daysBetweenAsks: 1, mailsPerDay: 10 },
    });
    await api.ok("PUT", `/shops/${shop.id}/schedule`, { schedule: scheduleOf(index, only, hours), queued: "retime" });
    const source = await api.ok("POST", `/shops/${shop.id}/sources`, { platform: "standard" });
    made.push({ shopId: String(shop.id), id: String(source.id), secret: String(source.secret), name });
  }

  async function post(
    source: (typeof made)[number],
    key: string,
    body: Buffer<ArrayBuffer>,
    { to = api.url, withinMs = 60_000, extra = {} }: { to?: string; withinMs?: number; extra?: Readonly<Record<string, string>> },
  ): Promise<number> {
    const headers = {
      "content-type": "application/json",
      ...signStandard(source.secret, key, instantOf(new Date(now()).toISOString()), body),
      ...extra,
    };
    const signal = AbortSignal.timeout(withinMs);
    return fetch(`${to}/hooks/${source.id}`, { method: "POST", body, headers, signal }).then(
      async (response) => {
        await response.arrayBuffer();
        return response.status;
      },
      () => 0,
    );
  }

  async function tell(event: Event, { to = api.url, withinMs = 60_000 } = {}): Promise<Told> {
    const source = made[event.shop];
    if (source === undefined) throw new Error(`there is no shop ${event.shop}`);
    const body = Buffer.from(JSON.stringify({ type: event.type, occurredAt: event.occurredAt, data: event.data }));
    const status = await post(source, event.key, body, { to, withinMs });
    return { sourceId: source.id, key: event.key, status };
  }

  const addressOf = (n: number) => `b${n}@${made[n % made.length]?.name}.buyer.example`;

  return {
    addressOf,
    mailsOfAnOrder: only.length,
    sources: made.map(({ id }) => id),
    shopIds: made.map(({ shopId }) => shopId),
    events(n, dueAt, { locale = "en-US", items } = {}) {
      const shop = n % made.length;
      const iso = (ms: number) => new Date(ms).toISOString();
      const id = `o-${n}`;
      const [placedAt, dispatchedAt, deliveredAt] = [iso(dueAt - 400 * hour), iso(dueAt - 300 * hour), iso(dueAt - 240 * hour)] as [
        string,
        string,
        string,
      ];
      const consents = [{ scope: "offer", text: "Yes, send me offers", at: placedAt }];
      const buyer = { email: addressOf(n), name: "Maya", locale, consents };
      const order = standardOrder({ id, number: String(n), placedAt, paidAt: placedAt, buyer, ...(items === undefined ? {} : { items }) });
      const shipment = { id: `s-${n}`, carrier: "China Post", service: "EMS", trackingNumber: "EE123456785CN", dispatchedAt };
      const one = (type: string, occurredAt: string, data: object): Event => ({ shop, key: `msg_${randomUUID()}`, type, occurredAt, data });
      return [
        one("order.placed", placedAt, { order }),
        one("shipment.dispatched", dispatchedAt, { order: { id }, shipment }),
        one("shipment.updated", deliveredAt, { order: { id }, shipment: { id: `s-${n}`, status: "delivered", occurredAt: deliveredAt } }),
      ];
    },
    cancelling(n, at) {
      const data = { order: { id: `o-${n}` } };
      return { shop: n % made.length, key: `cancel-o-${n}`, type: "order.cancelled", occurredAt: new Date(at).toISOString(), data };
    },
    tell,
    async tellRaw(shop, body, extra = {}) {
      const source = made[shop];
      if (source === undefined) throw new Error(`there is no shop ${shop}`);
      return post(source, `msg_${randomUUID()}`, Buffer.from(body), { extra });
    },
    async tellAll(events, atOnce = 20) {
      const told: Told[] = [];
      let next = 0;
      await Promise.all(
        Array.from({ length: atOnce }, async () => {
          for (let event = events[next++]; event !== undefined; event = events[next++]) told.push(await tell(event));
        }),
      );
      return told;
    },
  };
}
