import type { Kysely } from "kysely";
import type { Instant } from "../core/instant.ts";
import type { Schema } from "./schema.ts";
import type { Page } from "./shops.ts";

/** A delivery that could not be used yet, and why. */
export interface QuarantinedDelivery {
  readonly id: string;
  readonly topic: string;
  readonly receivedAt: Instant;
  /** `quarantined`: it could not be read. `waiting`: it speaks of an order that has not come. */
  readonly state: "quarantined" | "waiting";
  readonly reason: string;
  /** JSON pointer to the field that could not be read; `null` when waiting or when it is the whole body. */
  readonly pointer: string | null;
  /** The order (id or number) it waits for. */
  readonly waitsFor: string | null;
  /** Size of the body in bytes; `null` once it was dropped. */
  readonly bytes: number | null;
}

/** What of this source could not be used, newest first. */
export async function listQuarantine(
  db: Kysely<Schema>,
  sourceId: string,
  { after, limit }: Page,
): Promise<readonly QuarantinedDelivery[]> {
  const rows = await db
    .selectFrom("deliveries")
    .select(({ fn, ref }) => [
      "id",
      "topic",
      "received_at",
      "state",
      "reason",
      "pointer",
      "waits_for",
      fn<number | null>("octet_length", [ref("body")]).as("bytes"),
    ])
    .where("source_id", "=", sourceId)
    .where("state", "in", ["quarantined", "waiting"])
    .$if(after !== null, (query) => query.where("id", "<", after ?? ""))
    .orderBy("id", "desc")
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    topic: row.topic,
    receivedAt: row.received_at,
    state: row.state === "waiting" ? "waiting" : "quarantined",
    reason: row.reason ?? "",
    pointer: row.pointer,
    waitsFor: row.waits_for,
    bytes: row.bytes,
  }));
}

/** What came of asking for another try: it is on its way, or it stands as it is. */
export type RetryAnswer =
  | { readonly kind: "retried"; readonly shopId: string }
  | { readonly kind: "unknown" }
  | { readonly kind: "not-possible"; readonly state: string; readonly reason: string };

/** Puts a delivery that could not be used back to be taken in again. Harmless to repeat. */
export async function retryDelivery(db: Kysely<Schema>, id: string): Promise<RetryAnswer> {
  const retried = await db
    .updateTable("deliveries")
    .set({ state: "stored", reason: null, pointer: null, waits_for: null, taken_at: null })
    .where("id", "=", id)
    .where("state", "in", ["quarantined", "waiting"])
    .where("body", "is not", null)
    .returning("shop_id")
    .executeTakeFirst();
  if (retried !== undefined) return { kind: "retried", shopId: retried.shop_id };
  const row = await db
    .selectFrom("deliveries")
    .select(({ eb }) => ["state", "shop_id", eb("body", "is", null).as("dropped")])
    .where("id", "=", id)
    .executeTakeFirst();
  if (row === undefined) return { kind: "unknown" };
  if (row.state === "stored") return { kind: "retried", shopId: row.shop_id };
  return {
    kind: "not-possible",
    state: row.state,
    reason: row.dropped ? "its body was dropped at the end of its retention" : "it was taken in",
  };
}

/** A delivery as it came in, for whoever must see what could not be read. */
export interface RawDelivery {
  readonly id: string;
  readonly sourceId: string;
  readonly topic: string;
  readonly receivedAt: Instant;
  readonly state: string;
  readonly reason: string | null;
  readonly pointer: string | null;
  readonly waitsFor: string | null;
  readonly headers: Readonly<Record<string, string>>;
  /** `null` once it was dropped. */
  readonly body: Buffer | null;
}

/** The delivery of this shop, or `null`. `id` must have the form of an id. */
export async function findDelivery(db: Kysely<Schema>, shopId: string, id: string): Promise<RawDelivery | null> {
  const row = await db.selectFrom("deliveries").selectAll().where("id", "=", id).where("shop_id", "=", shopId).executeTakeFirst();
  if (row === undefined) return null;
  return {
    id: row.id,
    sourceId: row.source_id,
    topic: row.topic,
    receivedAt: row.received_at,
    state: row.state,
    reason: row.reason,
    pointer: row.pointer,
    waitsFor: row.waits_for,
    headers: row.headers,
    body: row.body,
  };
}

/** Puts all of a source's quarantined deliveries back, at most `limit`, oldest first; answers how many. */
export async function retryQuarantined(db: Kysely<Schema>, sourceId: string, limit: number): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable("deliveries")
    .set({ state: "stored", reason: null, pointer: null, waits_for: null, taken_at: null })
    .where("id", "in", (query) =>
      query
        .selectFrom("deliveries")
        .select("id")
        .where("source_id", "=", sourceId)
        .where("state", "in", ["quarantined", "waiting"])
        .where("state", "=", "quarantined")
        .where("body", "is not", null)
        .orderBy("id")
        .limit(limit),
    )
    .where("state", "=", "quarantined")
    .executeTakeFirst();
  return Number(numUpdatedRows);
}
