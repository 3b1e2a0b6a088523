import { beforeAll, describe, expect, test } from "vitest";
import { minute, plus } from "../../src/core/instant.ts";
import { deriveKeys } from "../../src/core/keys.ts";
import type { Category, MessageState } from "../../src/core/timetable.ts";
import { listBuyers } from "../../src/store/buyer-list.ts";
import type { Database } from "../../src/store/database.ts";
import { type LedgerFilter, type LedgerRow, listMessages } from "../../src/store/message-list.ts";
import { searchOrders } from "../../src/store/order-search.ts";
import { freshDatabase } from "../support/services.ts";
import { addMessage, addOrder, addPlace, noon, openPool, type Place } from "./rows.ts";

const keys = deriveKeys("a secret key for tests, 32 long..");
const kinds: readonly (readonly [Category, string])[] = [
  ["order", "dispatch-notice"],
  ["care", "check-in"],
  ["care", "thanks"],
  ["order", "check-in"],
];
let db: Database;
let shop: Place;
let all: readonly LedgerRow[];

beforeAll(async () => {
  db = openPool((await freshDatabase()).url);
  shop = await addPlace(db);
  const other = await addPlace(db, { name: "Another" });
  for (let n = 0; n < 40; n += 1) {
    const place = n % 10 === 9 ? other : shop;
    const order = await addOrder(db, place, { email: `b${n % 7}@buyer.example`, firstSeen: plus(noon, ((n * 7) % 40) * minute) });
    const [category, step] = kinds[n % 4] ?? ["order", "x"];
    const state: MessageState = n % 3 === 0 ? "sent" : "planned";
    // Several are due, and were sent, at one instant.
    const at = plus(noon, (n % 5) * minute);
    await addMessage(db, place.shopId, order, { category, step, state, dueAt: at, ...(state === "sent" ? { sentAt: at } : {}) });
  }
  all = await listMessages(db, { shopId: shop.shopId, orderId: null, states: null, after: null, limit: 200 });
});

/** All pages of a list, three rows each. */
async function pages<Row extends { readonly id: string }>(
  load: (page: { after: string | null; limit: number }) => Promise<readonly Row[]>,
) {
  const found: Row[] = [];
  for (let after: string | null = null; ; after = found.at(-1)?.id ?? null) {
    const rows: readonly Row[] = await load({ after, limit: 3 });
    found.push(...rows);
    if (rows.length < 3) return found;
  }
}

const ledger = (filter: Partial<LedgerFilter>) =>
  pages((page) => listMessages(db, { shopId: shop.shopId, orderId: null, states: null, ...filter, ...page }));
const ids = (rows: readonly { readonly id: string }[]) => rows.map(({ id }) => id);

describe("the ledger, page by page", () => {
  test.each<[Partial<LedgerFilter>, (row: LedgerRow) => boolean]>([
    [{ category: "care" }, ({ category }) => category === "care"],
    [{ step: "check-in" }, ({ step }) => step === "check-in"],
    [{ step: "check-in", category: "order" }, ({ step, category }) => step === "check-in" && category === "order"],
    [{ step: "check-in", states: ["sent"] }, ({ step, state }) => step === "check-in" && state === "sent"],
    [
      { category: "care", due: [noon, plus(noon, 2 * minute)] },
      ({ category, dueAt }) => category === "care" && dueAt < plus(noon, 2 * minute),
    ],
    [{ category: "offer" }, () => false],
    [{ step: "no-such-step" }, () => false],
  ])("of %j is what the whole ledger holds of it, newest first", async (filter, fits) => {
    expect(ids(await ledger(filter))).toEqual(ids(all.filter(fits)));
  });

  test("goes by when mails were sent, and of planned ones by when they are due, both ways, and loses none at one instant", async () => {
    const sorted = (rows: readonly LedgerRow[], by: (row: LedgerRow) => number) =>
      ids(rows.toSorted((a, b) => by(a) - by(b) || (a.id < b.id ? -1 : 1)));
    const sent = sorted(
      all.filter(({ sentAt }) => sentAt !== null),
      ({ sentAt }) => sentAt ?? 0,
    );
    expect(ids(await ledger({ order: { by: "sent", down: false } }))).toEqual(sent);
    expect(ids(await ledger({ order: { by: "sent", down: true } }))).toEqual(sent.toReversed());
    const due = sorted(
      all.filter(({ state }) => state === "planned"),
      ({ dueAt }) => dueAt,
    );
    expect(ids(await ledger({ states: ["planned"], order: { by: "due", down: false } }))).toEqual(due);
  });
});

test("orders go by when they were placed, both ways", async () => {
  const placed = (down: boolean) =>
    pages((page) => searchOrders(db, keys, shop.shopId, { search: "", show: "all", country: null, placed: { down }, ...page }));
  const up = (await placed(false)).map(({ placedAt }) => placedAt ?? 0);
  expect(up).toHaveLength(36);
  expect(up).toEqual(up.toSorted((a, b) => a - b));
  expect((await placed(true)).map(({ placedAt }) => placedAt)).toEqual(up.toReversed());
});

describe("buyers", () => {
  const list = (words = "") => pages((page) => listBuyers(db, shop.shopId, { words, ...page }));

  test("stand in the list once each, who ordered last first, with all their orders counted", async () => {
    const found = await list();
    const orders = await db.selectFrom("orders").select(["id", "email"]).where("shop_id", "=", shop.shopId).orderBy("id", "desc").execute();
    const newest = [...new Map(orders.toReversed().map(({ id, email }) => [email, id])).values()].toSorted().toReversed();
    expect(ids(found)).toEqual(newest);
    expect(found.reduce((sum, { orders: n }) => sum + n, 0)).toBe(orders.length);
  });

  test("are found by the beginnings of their names, and by nothing else", async () => {
    expect(await list("may")).toHaveLength(7);
    expect(await list("lin")).toEqual([]);
    expect(await list("' & !")).toEqual([]);
  });
});
