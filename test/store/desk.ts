import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { newId } from "../../src/core/ids.ts";
import { type Instant, minute, plus } from "../../src/core/instant.ts";
import { type Beginning, beginAttempts, type Ending } from "../../src/store/attempts.ts";
import type { Database } from "../../src/store/database.ts";
import { freshDatabase } from "../support/services.ts";
import { addMessage, addOrder, addPlace, type MessageRow, noon, openPool, type Place } from "./rows.ts";

/** Until when what was claimed at noon is held. */
export const lease = plus(noon, 2 * minute);

/** A shop with one order, and two processes that send its mail. */
export interface Desk {
  readonly one: Database;
  readonly two: Database;
  readonly place: Place;
  readonly order: string;
  readonly token: string;
  /** A message that was claimed under `token`. */
  queued(row?: MessageRow, order?: string): Promise<string>;
  /** What asks the gate for it, from the facts as they are now. */
  beginning(messageId: string, change?: Partial<Beginning>): Promise<Beginning>;
  /** A message whose attempt has begun. */
  begun(row?: MessageRow): Promise<Beginning>;
  attempt(id: string): Promise<Attempt | undefined>;
  dirty(): Promise<number>;
}

type Attempt = Awaited<ReturnType<typeof attemptRow>>;

export async function openDesk(): Promise<Desk> {
  const { url } = await freshDatabase();
  const one = openPool(url, 8);
  const two = openPool(url, 8);
  const place = await addPlace(one);
  const order = await addOrder(one, place);
  const token = randomUUID();

  const queued: Desk["queued"] = (row = {}, to = order) =>
    addMessage(one, place.shopId, to, { state: "queued", token, leaseUntil: lease, ...row });

  const beginning: Desk["beginning"] = async (messageId, change = {}) => {
    const { rows } = await sql<{ revision: string }>`
      select o.xmin::text as revision from orders as o join messages as m on m.order_id = o.id where m.id = ${messageId}`.execute(one);
    return {
      attemptId: newId(noon),
      messageId,
      token,
      revision: rows[0]?.revision ?? "",
      rfcMessageId: `<${messageId}@lantern.example>`,
      rfcDate: noon,
      recipient: "maya@buyer.example",
      templateVersion: "v1",
      input: { data: { name: "Maya" } },
      invited: false,
      ...change,
    };
  };

  return {
    one,
    two,
    place,
    order,
    token,
    queued,
    beginning,
    async begun(row = {}) {
      const asked = await beginning(await queued(row));
      const [may] = await begin(one, [asked]);
      if (may !== true) throw new Error("the gate refused what it should let begin");
      return asked;
    },
    attempt: (id) => attemptRow(two, id),
    dirty: async () => (await one.selectFrom("orders").select("dirty").where("id", "=", order).executeTakeFirstOrThrow()).dirty,
  };
}

export function begin(db: Database, beginnings: readonly Beginning[], now: Instant = noon): Promise<readonly boolean[]> {
  return beginAttempts(db, beginnings, { now, leaseUntil: plus(now, 2 * minute) });
}

/** How an attempt ended: accepted, unless it is told otherwise. */
export function ending(
  { attemptId, messageId, token }: Beginning,
  next: Partial<Ending["next"]> = {},
  change: Partial<Ending> = {},
): Ending {
  return {
    attemptId,
    messageId,
    token,
    outcome: "sent",
    phase: "after-dot",
    answer: "250 queued",
    next: { state: "sent", reason: null, dueAt: null, sentAt: noon, resend: false, counts: true, ...next },
    ...change,
  };
}

function attemptRow(db: Database, id: string) {
  return db.selectFrom("attempts").selectAll().where("id", "=", id).executeTakeFirst();
}
