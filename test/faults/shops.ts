import { randomUUID } from "node:crypto";
import { instantOf } from "../../src/core/instant.ts";
import { signStandard } from "../../src/sources/standard/signature.ts";
import { type Client, defaultShop, standardOrder } from "../support/service.ts";

/** Every mail of it is due to the second, at any hour: what is tested is how mail goes out, not when. */
const steps = [
  { key: "notice", template: "dispatch-notice", category: "order", on: "shipment.delivered", wait: { hours: 240 } },
  { key: "care", template: "check-in", category: "care", on: "shipment.delivered", wait: { hours: 240 } },
  { key: "review", template: "feedback-reminder", category: "review", on: "shipment.delivered", wait: { hours: 240 } },
].map((step) => ({
  ...step,
  window: { from: "00:00", to: "24:00", zone: "buyer" },
  unless: ["order.cancelled", "order.refunded"],
}));
export type StepKey = "notice" | "care" | "review";

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

/** Two shops with one source each. */
export interface Shops {
  /** Mails of an order. */
  readonly mailsOfAnOrder: number;
  readonly sources: readonly string[];
  readonly shopIds: readonly string[];
  /** All that is said of order `n` (its shop takes turns) whose three mails are due at `dueAt`. */
  events(n: number, dueAt: number): readonly Event[];
  tell(event: Event, to?: string): Promise<Told>;
  /** Tells all, `atOnce` at a time, in this order. */
  tellAll(events: readonly Event[], atOnce?: number): Promise<readonly Told[]>;
}

const hour = 3_600_000;

export async function openShops(api: Client, only: readonly StepKey[] | undefined): Promise<Shops> {
  const schedule = { name: "To the second", steps: steps.filter(({ key }) => only === undefined || only.some((one) => one === key)) };
  const made: { readonly shopId: string; readonly id: string; readonly secret: string; readonly name: string }[] = [];
  for (const name of ["a", "b"]) {
    const shop = await api.ok("POST", "/shops", {
      ...defaultShop,
      name,
      from: { name, address: `hello@${name}.shop.example` },
      liveFrom: "2020-01-01T00:00:00Z",
    });
    await api.ok("PUT", `/shops/${shop.id}/schedule`, { schedule, queued: "retime" });
    const source = await api.ok("POST", `/shops/${shop.id}/sources`, { platform: "standard" });
    made.push({ shopId: String(shop.id), id: String(source.id), secret: String(source.secret), name });
  }

  async function tell(event: Event, to = api.url): Promise<Told> {
    const source = made[event.shop];
    if (source === undefined) throw new Error(`there is no shop ${event.shop}`);
    const body = JSON.stringify({ type: event.type, occurredAt: event.occurredAt, data: event.data });
    const headers = {
      "content-type": "application/json",
      ...signStandard(source.secret, event.key, instantOf(new Date().toISOString()), body),
    };
    const status = await fetch(`${to}/hooks/${source.id}`, { method: "POST", body, headers }).then(
      async (response) => {
        await response.arrayBuffer();
        return response.status;
      },
      () => 0,
    );
    return { sourceId: source.id, key: event.key, status };
  }

  return {
    mailsOfAnOrder: schedule.steps.length,
    sources: made.map(({ id }) => id),
    shopIds: made.map(({ shopId }) => shopId),
    events(n, dueAt) {
      const shop = n % made.length;
      const iso = (ms: number) => new Date(ms).toISOString();
      const id = `o-${n}`;
      const [placedAt, dispatchedAt, deliveredAt] = [iso(dueAt - 400 * hour), iso(dueAt - 300 * hour), iso(dueAt - 240 * hour)] as [
        string,
        string,
        string,
      ];
      const buyer = { email: `b${n}@${made[shop]?.name}.buyer.example`, name: "Maya", locale: "en-US" };
      const order = standardOrder({ id, number: String(n), placedAt, paidAt: placedAt, buyer });
      const shipment = { id: `s-${n}`, carrier: "China Post", service: "EMS", trackingNumber: "EE123456785CN", dispatchedAt };
      const one = (type: string, occurredAt: string, data: object): Event => ({ shop, key: `msg_${randomUUID()}`, type, occurredAt, data });
      return [
        one("order.placed", placedAt, { order }),
        one("shipment.dispatched", dispatchedAt, { order: { id }, shipment }),
        one("shipment.updated", deliveredAt, { order: { id }, shipment: { id: `s-${n}`, status: "delivered", occurredAt: deliveredAt } }),
      ];
    },
    tell,
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
