import { newId } from "../../src/core/ids.ts";
import { plus } from "../../src/core/instant.ts";
import { linkToken } from "../../src/core/keys.ts";
import type { Category, Occurrence } from "../../src/core/timetable.ts";
import { time } from "../../src/store/values.ts";
import { type Json, keys, plannedOrder, shopWithSource, type Web } from "./set-up.ts";

export interface BuyerWorld {
  readonly shopId: string;
  readonly orderId: string;
  readonly source: { readonly id: string; readonly secret: string };
  readonly messages: Record<string, string>;
  /** The path of the buyer's page. */
  readonly path: string;
  /** Puts a mail into the ledger that went out now, as the sender would have: of the step with its template's name. */
  mailed(template: string, occurrence: Occurrence, category?: Category): Promise<string>;
  /** A `standard` event about the order, taken in and planned. */
  says(type: string, data: object): Promise<void>;
  /** Posts a form of the page and gives where it leads. */
  post(part: string, fields: Readonly<Record<string, string>>, lang?: string): Promise<{ status: number; location: string; text: string }>;
  /** The page as text. */
  page(query?: string): Promise<string>;
  tasks(state?: string): Promise<Json[]>;
  /** A fact of the order by its slot; `undefined`: none. */
  fact(slot: string): Promise<{ says: Json; at: number; source_id: string | null } | undefined>;
  /** State and reason of the order's entries by step. */
  stands(): Promise<Readonly<Record<string, string>>>;
}

/** A shop with an order of one parcel that was dispatched on 20 January, and its buyer's page. */
export async function buyerWorld(web: Web, shopChange: object = {}, email = "maya@buyer.example"): Promise<BuyerWorld> {
  const shop = await shopWithSource(web, { reviewUrl: "https://lantern.example/reviews", ...shopChange });
  const { orderId, messages } = await plannedOrder(web, shop, "1001", email);
  const path = `/b/${linkToken(keys, "buyer", orderId)}`;
  return {
    ...shop,
    orderId,
    messages,
    path,
    async mailed(template, occurrence, category = "order") {
      const now = web.deps.now();
      const id = newId(now);
      const row = {
        id,
        shop_id: shop.shopId,
        order_id: orderId,
        step: template,
        template,
        category,
        state: "sent",
        because: "[]",
        schedule_version: 1,
      };
      const times = {
        slot_at: time(now),
        due_at: time(now),
        sent_at: time(now),
        updated_at: time(now),
        stale_at: time(plus(now, 86_400_000)),
      };
      // Planned already, it has gone out now.
      const { id: sent } = await web.db
        .insertInto("messages")
        .values({ ...row, ...times, order_day: "2026-01-20", occurrence_kind: occurrence.kind, occurrence_id: occurrence.id })
        .onConflict((conflict) =>
          conflict
            .columns(["order_day", "order_id", "step", "occurrence_kind", "occurrence_id"])
            .doUpdateSet({ state: "sent", reason: null, sent_at: time(now) }),
        )
        .returning("id")
        .executeTakeFirstOrThrow();
      return sent;
    },
    async says(type, data) {
      await web.deliver(shop.source, type, { order: { id: "id-1001" }, ...data });
      await web.work();
    },
    async post(part, fields, lang) {
      const response = await fetch(`${web.url}${path}/${part}${lang === undefined ? "" : `?lang=${lang}`}`, {
        method: "POST",
        body: new URLSearchParams(fields),
        redirect: "manual",
      });
      return { status: response.status, location: response.headers.get("location") ?? "", text: await response.text() };
    },
    page: async (query = "") => textOf(await (await fetch(`${web.url}${path}${query}`)).text()),
    tasks: async (state = "open") => (await web.ok("GET", `/shops/${shop.shopId}/tasks?state=${state}`)).tasks,
    fact: (slot) =>
      web.db
        .selectFrom("facts")
        .select(["says", "at", "source_id"])
        .where("order_id", "=", orderId)
        .where("slot", "=", slot)
        .executeTakeFirst(),
    async stands() {
      const { entries } = await web.ok("GET", `/orders/${orderId}/timetable`);
      return Object.fromEntries(entries.map((entry: Json) => [entry.step, [entry.state, entry.reason].filter(Boolean).join(" ")]));
    },
  };
}

/** The words of a page. */
export function textOf(html: string): string {
  return html
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll("&#39;", "'")
    .replaceAll(/\s+/g, " ");
}

/** When the parcel is late. */
export const late = "2026-02-10T08:00:00Z";
