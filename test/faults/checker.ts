import { expect } from "vitest";
import type { ReceivedMail } from "../support/smtp-sink.ts";
import type { Told } from "./shops.ts";
import { leaseMs, type Stand, sweepMs } from "./stand.ts";

/** What one run of a scenario found, for the table. */
export interface Finding extends Readonly<Record<string, number>> {
  readonly messages: number;
  readonly sent: number;
  /** Order mail that the server has twice, each marked as sent once more. */
  readonly doubled: number;
  /** Mail that may or may not have arrived, and is not sent again. */
  readonly unsure: number;
  /** Of those, how many the server has. */
  readonly "of those there": number;
  /** In another state that has a name. */
  readonly otherwise: number;
}

export interface Expectation {
  readonly told: readonly Told[];
  /** Orders whose mails were to go out. */
  readonly orders: number;
  /** Order mail may be there twice, where it is marked; never anything else. Default true. */
  readonly doubtAllowed?: boolean;
  /** States, besides `sent` and `unsure`, in which messages may have ended here. */
  readonly otherwise?: readonly string[];
}

/** Holds a run against the invariants I1 to I6; what they say stands beside each. (I7, no mail at night, is the scenarios' of the clock.) */
export async function check(
  { sink, db, shops, now }: Stand,
  { told, orders, doubtAllowed = true, otherwise = [] }: Expectation,
): Promise<Finding> {
  const stamped = now();
  // I1: every event answered 2xx is there, and was taken in.
  const kept = await db
    .selectFrom("delivery_keys as k")
    .innerJoin("deliveries as d", "d.id", "k.delivery_id")
    .select(["k.source_id", "k.key", "d.state", "d.reason"])
    .execute();
  const keys = new Set(kept.map((row) => `${row.source_id} ${row.key}`));
  const lost = told.filter(({ sourceId, key, status }) => status >= 200 && status < 300 && !keys.has(`${sourceId} ${key}`));
  expect(lost, "I1: answered and lost").toEqual([]);
  const ours = new Set(told.map(({ sourceId, key }) => `${sourceId} ${key}`));
  const untaken = kept.filter(({ source_id, key, state }) => state !== "taken" && state !== "ignored" && ours.has(`${source_id} ${key}`));
  expect(untaken, "I1: answered and not taken in").toEqual([]);

  const rows = await db
    .selectFrom("messages as m")
    .innerJoin("orders as o", "o.id", "m.order_id")
    .select(["m.id", "m.shop_id", "m.step", "m.category", "m.state", "m.reason", "m.resend", "m.lease_until", "o.external_id"])
    // Poison has other names.
    .where("o.external_id", "like", "o-%")
    .execute();
  expect(rows.length, "I2: every step of every order has its message, once").toBe(orders * shops.mailsOfAnOrder);
  const attempts = await db.selectFrom("attempts").select(["message_id", "rfc_message_id", "outcome"]).execute();
  const ids = new Map(attempts.map((row) => [row.rfc_message_id, row.message_id]));

  // I3: nothing is there twice but order mail that is marked.
  const copies = new Map<string, number>();
  const wordings = new Map<string, Set<string>>();
  for (const mail of sink.mails()) {
    const message = ids.get(header(mail, "message-id")) ?? "";
    expect(message, `a mail that nobody has on record: ${header(mail, "message-id")}`).not.toBe("");
    copies.set(message, (copies.get(message) ?? 0) + 1);
    const wording = `${header(mail, "message-id")} ${header(mail, "date")}`;
    wordings.set(message, (wordings.get(message) ?? new Set()).add(wording));
  }
  const twice = rows.filter((row) => (copies.get(row.id) ?? 0) > 1);
  expect(
    twice.filter((row) => row.category !== "order" || !row.resend || copies.get(row.id) !== 2),
    "I3: twice, and not marked order mail",
  ).toEqual([]);
  expect(
    [...wordings.values()].filter((all) => all.size > 1).map((all) => [...all]),
    "I3: the same mail with another Message-ID or Date",
  ).toEqual([]);
  const doubted = new Set(attempts.flatMap(({ message_id, outcome }) => (outcome === "unsure" ? [message_id] : [])));
  expect(
    twice.filter(({ id }) => !doubted.has(id)),
    "I3: twice, though nobody was in doubt",
  ).toEqual([]);
  if (!doubtAllowed) expect(twice, "I3: nothing here may be in doubt").toEqual([]);

  // I2: what is due is sent, or in a state that says what became of it.
  const missing = rows.filter(({ id, state }) => state === "sent" && !copies.has(id));
  expect(missing, "I2: said to be sent, and not there").toEqual([]);
  const named = ["sent", "unsure", ...otherwise];
  expect(
    rows.filter(({ state }) => !named.includes(state)),
    "I2: neither sent nor in a state expected here",
  ).toEqual([]);
  if (!doubtAllowed)
    expect(
      rows.filter(({ state }) => state === "unsure"),
      "I2: nothing here may be in doubt",
    ).toEqual([]);

  // I5: each buyer is written to by their own shop.
  for (const { envelope, headers } of sink.mails()) {
    const from = headers.find(({ key }) => key === "from")?.value ?? "";
    const shop = /@([abc])\.shop\.example/.exec(from)?.[1];
    expect(envelope.to, "I5: mail across shops").toEqual([expect.stringContaining(`@${shop}.buyer.example`)]);
  }
  expect(new Set(rows.map((row) => row.shop_id)).size, "I5: every shop had mail").toBe(Math.min(orders, shops.shopIds.length));

  // I6: nothing is stuck longer than a lease and a sweep.
  const stuck = rows.filter(({ lease_until }) => lease_until !== null && lease_until + leaseMs + sweepMs < stamped);
  expect(stuck, "I6: stuck in hand").toEqual([]);

  const count = (state: string) => rows.filter((row) => row.state === state).length;
  const sent = count("sent");
  const unsure = count("unsure");
  const there = rows.filter(({ id, state }) => state === "unsure" && copies.has(id)).length;
  return { messages: rows.length, sent, doubled: twice.length, unsure, "of those there": there, otherwise: rows.length - sent - unsure };
}

export function header(mail: ReceivedMail, name: string): string {
  return mail.headers.find(({ key }) => key === name)?.value ?? "";
}

/** The step and category of a mail, as its Feedback-ID has them. */
export function stepOf(mail: ReceivedMail): string {
  return header(mail, "feedback-id").split(":")[0] ?? "";
}
