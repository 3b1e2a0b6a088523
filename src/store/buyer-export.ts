import type { Kysely } from "kysely";
import type { Saying } from "../core/facts.ts";
import type { Instant } from "../core/instant.ts";
import { addressHash, type Keys } from "../core/keys.ts";
import { ordersOfAddress } from "./buyers.ts";
import type { Schema, SuppressionScope } from "./schema.ts";

/** What is kept about a buyer of one shop; raw webhooks apart, which say the same and are kept for 30 days. */
export interface BuyerData {
  /** Oldest first. */
  readonly orders: readonly BuyerOrder[];
  readonly consents: readonly {
    readonly scope: "review" | "offer";
    readonly text: string;
    readonly source: string;
    readonly at: Instant;
    readonly withdrawnAt: Instant | null;
  }[];
  readonly suppressions: readonly { readonly scope: SuppressionScope; readonly reason: string; readonly createdAt: Instant }[];
}

export interface BuyerOrder {
  readonly id: string;
  readonly sourceId: string;
  readonly externalId: string;
  readonly number: string | null;
  readonly firstSeen: Instant;
  readonly closedAt: Instant | null;
  /** What the shop's systems said of it that holds now, by slot. */
  readonly facts: readonly { readonly slot: string; readonly at: Instant; readonly says: Saying }[];
  /** Oldest first; also those that did not go out. */
  readonly messages: readonly {
    readonly id: string;
    readonly step: string;
    readonly category: string;
    readonly state: string;
    readonly dueAt: Instant;
    readonly sentAt: Instant | null;
    readonly reason: string | null;
    /** To whom it was last tried; `null` when it was not, or was erased. */
    readonly recipient: string | null;
  }[];
  /** What people had to do about it; oldest first. */
  readonly tasks: readonly {
    readonly kind: string;
    readonly choice: string | null;
    /** What the buyer wrote. */
    readonly words: string | null;
    readonly state: string;
    readonly note: string | null;
    readonly openedAt: Instant;
    readonly resolvedAt: Instant | null;
  }[];
}

/** Collects what is kept about a buyer by the address of the orders; one query a table. */
export async function buyerData(db: Kysely<Schema>, keys: Keys, shopId: string, address: string): Promise<BuyerData> {
  const ids = await ordersOfAddress(db, keys, shopId, address);
  const hash = addressHash(keys, shopId, address);
  const consents = await db
    .selectFrom("consents")
    .select(["scope", "text", "source", "at", "withdrawn_at as withdrawnAt"])
    .where("shop_id", "=", shopId)
    .where("address_hash", "=", hash)
    .orderBy("id")
    .execute();
  const suppressions = await db
    .selectFrom("suppressions")
    .select(["scope", "reason", "created_at as createdAt"])
    .where("shop_id", "=", shopId)
    .where("address_hash", "=", hash)
    .orderBy("id")
    .execute();
  return { orders: ids.length === 0 ? [] : await ordersWithAll(db, ids), consents, suppressions };
}

async function ordersWithAll(db: Kysely<Schema>, ids: readonly string[]): Promise<readonly BuyerOrder[]> {
  const orders = await db
    .selectFrom("orders")
    .select(["id", "source_id as sourceId", "external_id as externalId", "number", "first_seen as firstSeen", "closed_at as closedAt"])
    .where("id", "in", ids)
    .orderBy("id")
    .execute();
  const facts = Map.groupBy(
    await db.selectFrom("facts").select(["order_id", "slot", "at", "says"]).where("order_id", "in", ids).orderBy("slot").execute(),
    (row) => row.order_id,
  );
  const messages = Map.groupBy(
    await db
      .selectFrom("messages as m")
      .select((select) => [
        ...(["m.id", "m.order_id", "m.step", "m.category", "m.state", "m.due_at as dueAt", "m.sent_at as sentAt", "m.reason"] as const),
        select
          .selectFrom("attempts as a")
          .select("a.recipient")
          .whereRef("a.message_id", "=", "m.id")
          .orderBy("a.started_at", "desc")
          .limit(1)
          .as("recipient"),
      ])
      .where("m.order_id", "in", ids)
      .orderBy("m.id")
      .execute(),
    (row) => row.order_id,
  );
  const tasks = Map.groupBy(
    await db
      .selectFrom("tasks")
      .select(["order_id", "kind", "choice", "words", "state", "note", "opened_at as openedAt", "resolved_at as resolvedAt"])
      .where("order_id", "in", ids)
      .orderBy("id")
      .execute(),
    (row) => row.order_id,
  );
  return orders.map((order) => ({
    ...order,
    facts: (facts.get(order.id) ?? []).map(({ order_id: _, ...fact }) => fact),
    messages: (messages.get(order.id) ?? []).map(({ order_id: _, ...message }) => message),
    tasks: (tasks.get(order.id) ?? []).map(({ order_id: _, ...task }) => task),
  }));
}
