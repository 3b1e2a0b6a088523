import { expect } from "vitest";
import { until } from "../../queue/until.ts";
import type { Act, Behaviour } from "../../support/smtp-sink.ts";
import { check, type Finding } from "../checker.ts";
import type { Scenario } from "../scenario.ts";
import { openStand, type Stand } from "../stand.ts";

/**
 * A point at which the worker dies. `arm` has `here` called whenever a mail reaches it; from outside, by the wire to PostgreSQL or the server's side of the SMTP
 * conversation, so that nothing in the product knows of it.
 */
interface Point {
  readonly name: string;
  arm(stand: Stand, here: () => Promise<void>): void;
  /** Whether the attempt is on record, and whether the server has the mail. */
  readonly begun: boolean;
  readonly kept: boolean;
  /** Only one of the mails in hand reaches it before the process is gone. */
  readonly first?: true;
}

/** What the dead had said last must not reach the server after all. */
const onStatement =
  (words: string) =>
  ({ wires }: Stand, here: () => Promise<void>): void =>
    wires.postgres.listen((bytes) => (bytes.includes(words) ? here().then(() => new Promise<never>(() => undefined)) : undefined));

const onServer =
  (behaviourOf: (lazily: () => Act) => Behaviour) =>
  ({ sink }: Stand, here: () => Promise<void>): void =>
    sink.setBehaviour(behaviourOf(() => held(here)));

/** Holds the answer for good, once it is waited for. */
function held(here: () => Promise<void>): Act {
  const never = new Promise<never>(() => undefined);
  // biome-ignore lint/suspicious/noThenProperty: it is to begin when it is awaited, not when it is made
  const waited: PromiseLike<never> = { then: (yes, no) => here().then(() => never.then(yes, no)) };
  return { hold: waited as Promise<never> };
}

const points: readonly Point[] = [
  { name: "before the attempt is on record", arm: onStatement("insert into attempts"), begun: false, kept: false, first: true },
  { name: "after MAIL FROM", arm: onServer((here) => ({ mail: here })), begun: true, kept: false },
  { name: "after DATA", arm: onServer((here) => ({ data: here })), begun: true, kept: false },
  { name: "in the middle of the mail", arm: onServer((here) => ({ body: { afterBytes: 2_000, act: here() } })), begun: true, kept: false },
  { name: "after the dot, before the answer", arm: onServer((here) => ({ dot: here })), begun: true, kept: true },
  { name: "after the answer, before it is written down", arm: onStatement("outcome = e.outcome"), begun: true, kept: true, first: true },
];

/** Each point, for mail that is sent once more when in doubt and for mail that is not; `mails` at a time. */
export const exactPoints: Scenario = {
  fault: "F3",
  title: "kill -9 at each point between claim and the answer written down",
  full: "20 care and 20 order mails at each of four points, 24 kills at each of the two others",
  short: "two mails at each of two",
  async run({ quick, backend }) {
    const mails = quick ? 2 : 10;
    const chosen = quick ? [points[0], points[4]].flatMap((point) => point ?? []) : points;
    const sums: Finding[] = [];
    for (const step of quick ? (["care"] as const) : (["care", "notice"] as const)) {
      const stand = await openStand({ ...backend, connections: mails, steps: [step] });
      const told = [];
      let orders = 0;
      for (const point of chosen) {
        const rounds = quick ? 1 : roundsOf(point, step);
        for (let round = 0; round < rounds; round += 1) {
          const first = orders;
          orders += mails;
          const numbers = Array.from({ length: mails }, (_, n) => first + n);
          const victim = await stand.start("worker");
          let reached = 0;
          const dead = Promise.withResolvers<void>();
          point.arm(stand, async () => {
            reached += 1;
            if (!point.first && reached < mails) return;
            await victim.kill();
            dead.resolve();
          });
          told.push(...(await stand.shops.tellAll(numbers.flatMap((n) => stand.shops.events(n, Date.now() + 300)))));
          await dead.promise;
          stand.wires.postgres.listen(null);
          stand.sink.setBehaviour(null);
          const heir = await stand.start("worker");
          await stand.settled();
          await heir.stop();
          await asExpected(stand, point, step, numbers);
        }
      }
      await stand.end();
      sums.push(await check(stand, { told, orders }));
    }
    return sums.reduce((a, b) => ({
      messages: a.messages + b.messages,
      sent: a.sent + b.sent,
      doubled: a.doubled + b.doubled,
      unsure: a.unsure + b.unsure,
      "of those there": a["of those there"] + b["of those there"],
      otherwise: a.otherwise + b.otherwise,
    }));
  },
};

/** Two of ten mails each; more where only one of the ten surely gets there. Order mail takes long, as it goes once more. */
function roundsOf({ first }: Point, step: "care" | "notice"): number {
  if (first === undefined) return 2;
  return step === "care" ? 20 : 4;
}

/** What became of the mails of these orders, against the table of standards 5.2. */
async function asExpected({ db, sink }: Stand, point: Point, step: "care" | "notice", numbers: readonly number[]): Promise<void> {
  const rows = await db
    .selectFrom("messages as m")
    .innerJoin("orders as o", "o.id", "m.order_id")
    .select(["m.state", "m.resend", "o.external_id"])
    .where(
      "o.external_id",
      "in",
      numbers.map((n) => `o-${n}`),
    )
    .execute();
  const copies = (id: string) => sink.mails().filter(({ envelope }) => envelope.to[0]?.startsWith(`${id.replace("o-", "b")}@`)).length;
  const stands = rows.map((row) => `${row.state}${row.resend ? " again" : ""}, ${copies(row.external_id)} there`);
  const doubt = step === "notice" ? `sent again, ${point.kept ? 2 : 1} there` : `unsure, ${point.kept ? 1 : 0} there`;
  const allowed = !point.begun
    ? ["sent, 1 there"]
    : point.first
      ? [doubt, "sent, 1 there", "unsure, 0 there", "sent again, 1 there"]
      : [doubt];
  expect(
    stands.filter((one) => !allowed.includes(one)),
    `${point.name}, ${step}`,
  ).toEqual([]);
  // Somebody did reach the point.
  if (point.begun) await until(() => stands.includes(doubt), `a ${step} that died ${point.name} is in doubt`, 1);
}
