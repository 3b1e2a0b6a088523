import { expect } from "vitest";
import { until } from "../../queue/until.ts";
import type { Act, Behaviour, Script } from "../../support/smtp-script.ts";
import { check } from "../checker.ts";
import type { Scenario } from "../scenario.ts";
import type { Told } from "../shops.ts";
import { openStand, type Stand } from "../stand.ts";

/** How a mail ended: its state, whether it is marked as sent again, and how many copies the server has. */
type End = `${"sent" | "failed" | "unsure" | "planned"}${" again" | ""}, ${0 | 1 | 2} there`;

interface Row {
  readonly name: string;
  /** Befalls the first so many mails (or connections), then the server is good. */
  readonly trouble: (times: number) => Behaviour;
  readonly care: End;
  /** Absent: as care. */
  readonly notice?: End;
  /** Whether the address must not be mailed any more. */
  readonly dead?: true;
}

const say = (words: string): Act => ({ say: words });
const times = (act: Act, n: number): Script => [...Array.from({ length: n }, () => act), "ok"];
const at =
  (moment: "greeting" | "ehlo" | "mail" | "rcpt" | "data" | "dot", act: Act) =>
  (n: number): Behaviour => ({ [moment]: times(act, n) });

const fine = "sent, 1 there";
/** Lost after the dot: order mail goes once more, all other mail does not (REL-02). */
const doubt = (kept: boolean): Pick<Row, "care" | "notice"> => ({
  care: kept ? "unsure, 1 there" : "unsure, 0 there",
  notice: kept ? "sent again, 2 there" : "sent again, 1 there",
});

/** Standards 5.3 F6 against the table of 2.4, row by row. */
const rows: readonly Row[] = [
  ...(["greeting", "ehlo", "mail", "rcpt", "data"] as const).map((moment) => ({
    name: `421 at ${moment}`,
    trouble: at(moment, say("421 4.3.2 shutting down")),
    care: fine as End,
  })),
  { name: "421 after the dot", trouble: at("dot", say("421 4.3.2 shutting down")), care: fine },
  { name: "451 after the dot", trouble: at("dot", say("451 4.3.0 not now")), care: fine },
  { name: "greylisted", trouble: at("rcpt", say("450 4.2.0 greylisted, come back in ten minutes")), care: fine },
  { name: "no such user", trouble: at("rcpt", say("550 5.1.1 no such user")), care: "failed, 0 there", dead: true },
  { name: "mailbox full", trouble: at("rcpt", say("552 5.2.2 mailbox full")), care: "planned, 0 there" },
  { name: "too large", trouble: at("dot", say("552 5.3.4 too large")), care: "failed, 0 there" },
  { name: "refused for policy", trouble: at("dot", say("550 5.7.1 message refused")), care: "failed, 0 there" },
  { name: "not signed in", trouble: at("mail", say("535 5.7.8 wrong password")), care: fine },
  { name: "garbage at MAIL", trouble: at("mail", say("garbage, and no number")), care: fine },
  { name: "garbage after the dot", trouble: at("dot", say("garbage, and no number")), ...doubt(false) },
  { name: "a byte a second in greeting", trouble: at("greeting", { trickle: "220 slow server\r\n", everyMs: 1_000 }), care: fine },
  { name: "never answers MAIL", trouble: at("mail", { silent: true }), care: fine },
  { name: "never answers the dot", trouble: at("dot", { silent: true }), ...doubt(false) },
  { name: "drops in the middle", trouble: at("data", { drop: true }), care: fine },
  { name: "drops after the dot", trouble: at("dot", { drop: true }), ...doubt(false) },
  { name: "keeps it and drops", trouble: at("dot", { keepAndDrop: true }), ...doubt(true) },
  { name: "250 and a reset", trouble: at("dot", { sayAndReset: "250 2.0.0 kept" }), care: fine },
  { name: "replies of many lines", trouble: at("dot", say("250-2.0.0 kept\r\n250-and this\r\n250 2.0.0 and that")), care: fine },
  { name: "a reply of 8 kB that says yes", trouble: at("dot", say(`250 2.0.0 ${"x".repeat(8_000)}`)), care: fine },
  { name: "a reply of 8 kB that says later", trouble: at("rcpt", say(`450 4.3.0 ${"x".repeat(8_000)}`)), care: fine },
];

const ordersEach = 2;

/** One kind of trouble after the other; each mail ends as the table says. */
export const oneFaultAtATime: Scenario = {
  fault: "F6",
  title: "what SMTP servers do wrong, one thing at a time",
  full: `${rows.length + 2} kinds, with two care mails and two order mails each`,
  short: "five kinds, with two care mails each",
  on: "once",
  async run({ quick, backend }) {
    const steps = quick ? (["care"] as const) : (["care", "notice"] as const);
    const stand = await openStand({ ...backend, steps, connections: 2 });
    const told: Told[] = [];
    let orders = 0;
    const chosen = quick ? rows.filter(({ name }) => short.has(name)) : rows;
    const tell = async (): Promise<readonly number[]> => {
      const numbers = Array.from({ length: ordersEach }, (_, n) => orders + n);
      orders += ordersEach;
      told.push(...(await stand.shops.tellAll(numbers.flatMap((n) => stand.shops.events(n, Date.now() + 300)))));
      return numbers;
    };
    const worker = await stand.start("worker");
    for (const row of chosen) {
      stand.sink.setBehaviour(row.trouble(ordersEach * steps.length));
      // Connections that stand would go on as they were.
      stand.sink.cut();
      const numbers = await tell();
      await stand.settled(row.care.startsWith("planned") ? 5_000 : 60_000, 120_000);
      stand.sink.setBehaviour(null);
      await ended(stand, row, numbers);
    }
    expect(worker.child.exitCode).toBe(null);
    if (!quick) {
      for (const url of [stand.env.SMTP_URL.replace("smtp:", "smtps:"), stand.env.SMTP_URL.replace(/127\.0\.0\.1:\d+/, "127.0.0.1:9")]) {
        await waitsFor(stand, worker, url, tell);
      }
    }
    await stand.end();
    const found = await check(stand, { told, orders, otherwise: ["planned", "failed", "cancelled"] });
    return { ...found, kinds: chosen.length + (quick ? 0 : 2) };
  },
};

const short: ReadonlySet<string> = new Set(["421 at rcpt", "no such user", "refused for policy", "keeps it and drops", "250 and a reset"]);

/** A server without the TLS that is asked for, or none at all: no attempt is counted; mail goes once the address is right. */
async function waitsFor(stand: Stand, worker: { stop(): Promise<unknown> }, url: string, tell: () => Promise<readonly number[]>) {
  await worker.stop();
  const wrong = await stand.start("worker", { SMTP_URL: url });
  const numbers = await tell();
  const said = () => wrong.log.some((line) => line.includes("the SMTP server can't be used; mail waits"));
  await until(said, "the worker says that mail waits", 60_000);
  const counted = await stand.db
    .selectFrom("messages as m")
    .innerJoin("orders as o", "o.id", "m.order_id")
    .where(
      "o.external_id",
      "in",
      numbers.map((n) => `o-${n}`),
    )
    .select(["m.attempts", "m.state"])
    .execute();
  for (const row of counted) expect(row).toMatchObject({ attempts: 0 });
  await wrong.stop();
  const right = await stand.start("worker");
  await stand.settled();
  await ended(stand, { name: url, care: fine }, numbers);
  await right.stop();
}

async function ended({ db, sink, shops }: Stand, { name, care, notice = care, dead }: Omit<Row, "trouble">, numbers: readonly number[]) {
  const found = await db
    .selectFrom("messages as m")
    .innerJoin("orders as o", "o.id", "m.order_id")
    .select(["m.step", "m.state", "m.resend", "o.external_id", "o.shop_id"])
    .where(
      "o.external_id",
      "in",
      numbers.map((n) => `o-${n}`),
    )
    .execute();
  for (const row of found) {
    const address = shops.addressOf(Number(row.external_id.slice(2)));
    const copies = sink
      .mails()
      .filter(
        ({ envelope, headers }) =>
          envelope.to[0] === address && headers.some(({ key, value }) => key === "feedback-id" && value.startsWith(`${row.step}:`)),
      ).length;
    const end = `${row.state}${row.resend ? " again" : ""}, ${copies} there`;
    const expected: string[] = [row.step === "notice" ? notice : care];
    // Suppressed for the first of the two, the other is not even tried.
    if (dead) expected.push("cancelled, 0 there");
    expect(expected, `${name}, ${row.step} of ${row.external_id}`).toContain(end);
  }
  if (!dead) return;
  const suppressed = () => db.selectFrom("suppressions").select("id").execute();
  await until(async () => (await suppressed()).length === numbers.length, `${name}: the addresses are suppressed`);
}
