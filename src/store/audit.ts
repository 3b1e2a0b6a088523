import type { Kysely, Selectable, Transaction } from "kysely";
import { newId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import { retryingConflicts } from "./conflicts.ts";
import type { Schema } from "./schema.ts";
import type { Page } from "./shops.ts";
import { time } from "./values.ts";

/** Who changes something: a user of the console, a token of the API, or the service itself. */
export type Actor =
  | { readonly kind: "user"; readonly id: string; readonly name: string }
  | { readonly kind: "token"; readonly name: string }
  | { readonly kind: "service"; readonly name: string };

/** What was changed, for the audit log. Never a secret: neither a password nor what signs webhooks. */
export interface AuditEntry {
  /** `null`: of the whole installation. */
  readonly shopId: string | null;
  /** What was done to what, as `shop.changed`. */
  readonly action: string;
  /** Id of what was changed; `null` when it has none. */
  readonly subject?: string | null;
  /** The fields that were changed, as they were and as they are. */
  readonly before?: object | null;
  readonly after?: object | null;
}

export interface AuditRow {
  readonly id: string;
  readonly at: Instant;
  readonly shopId: string | null;
  readonly actorKind: Actor["kind"];
  readonly actor: string;
  readonly action: string;
  readonly subject: string | null;
  readonly before: unknown;
  readonly after: unknown;
}

/** Writes one entry; give the transaction of the change, so that neither is without the other. */
export async function writeAudit(db: Kysely<Schema>, actor: Actor, entry: AuditEntry, now: Instant): Promise<void> {
  await db
    .insertInto("audit_log")
    .values({
      id: newId(now),
      at: time(now),
      shop_id: entry.shopId,
      actor_kind: actor.kind,
      actor_id: actor.kind === "user" ? actor.id : null,
      actor: actor.name,
      action: entry.action,
      subject: entry.subject ?? null,
      before: entry.before == null ? null : JSON.stringify(entry.before),
      after: entry.after == null ? null : JSON.stringify(entry.after),
    })
    .execute();
}

/**
 * Changes something and notes it, both or neither.
 *
 * `change` does its SQL on the transaction it is given (store functions that begin one of their own join it) and answers what was
 * changed: `null` as `entry` when it turned out that nothing was. It may run more than once, when PostgreSQL ended it for the sake of another.
 */
export function audited<Result>(
  db: Kysely<Schema>,
  { actor, now }: { readonly actor: Actor; readonly now: Instant },
  change: (trx: Transaction<Schema>) => Promise<{ readonly entry: AuditEntry | null; readonly result: Result }>,
): Promise<Result> {
  return retryingConflicts(() =>
    db.transaction().execute(async (trx) => {
      const { entry, result } = await change(trx);
      if (entry !== null) await writeAudit(trx, actor, entry, now);
      return result;
    }),
  );
}

/** The log, newest first; of one shop, and of the whole installation with it. */
export async function listAudit(
  db: Kysely<Schema>,
  { shopId, after, limit }: Page & { readonly shopId: string },
): Promise<readonly AuditRow[]> {
  const rows = await db
    .selectFrom("audit_log")
    .selectAll()
    .where((eb) => eb.or([eb("shop_id", "=", shopId), eb("shop_id", "is", null)]))
    .$if(after !== null, (query) => query.where("id", "<", after ?? ""))
    .orderBy("id", "desc")
    .limit(limit)
    .execute();
  return rows.map(rowOf);
}

function rowOf(row: Selectable<Schema["audit_log"]>): AuditRow {
  return {
    id: row.id,
    at: row.at,
    shopId: row.shop_id,
    // The table's check holds the words.
    actorKind: row.actor_kind as Actor["kind"],
    actor: row.actor,
    action: row.action,
    subject: row.subject,
    before: row.before,
    after: row.after,
  };
}

/** Of two states only the fields that differ. */
export function difference<State extends object>(
  before: State,
  after: State,
): { readonly before: Partial<State>; readonly after: Partial<State> } {
  const keys = (Object.keys(after) as (keyof State)[]).filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]));
  const only = (state: State) => Object.fromEntries(keys.map((key) => [key, state[key]])) as Partial<State>;
  return { before: only(before), after: only(after) };
}
