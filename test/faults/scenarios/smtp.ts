import type { Act, Behaviour } from "../../support/smtp-sink.ts";
import { check } from "../checker.ts";
import type { Chance } from "../random.ts";
import type { Scenario } from "../scenario.ts";
import { openStand } from "../stand.ts";

type Moment = "greeting" | "ehlo" | "mail" | "rcpt" | "data" | "dot";

const say = (words: string): Act => ({ say: words });

/** What servers do that they should not, by the moment at which they do it. */
const faults: readonly (readonly [Moment, Act])[] = [
  ...(["greeting", "ehlo", "mail", "rcpt", "data", "dot"] as const).map((moment) => [moment, say("421 4.3.2 shutting down")] as const),
  ["rcpt", say("450 4.2.0 greylisted, come back later")],
  ["rcpt", say("451 4.7.1 greylisted")],
  ["dot", say("451 4.3.0 not now")],
  ["rcpt", say("452 4.2.2 mailbox full")],
  ["rcpt", say("552 5.2.2 mailbox full")],
  ["mail", say("451-first line\r\n451 4.3.0 second line")],
  ["mail", say("garbage, and no number")],
  ["dot", say("garbage, and no number")],
  ["rcpt", say(`450 4.3.0 ${"x".repeat(8_000)}`)],
  ["mail", { drop: true }],
  ["data", { drop: true }],
  ["dot", { drop: true }],
  ["dot", { keepAndDrop: true }],
  ["dot", { sayAndReset: "250 2.0.0 kept" }],
  ["mail", { reset: true }],
  ["dot", { reset: true }],
  ["greeting", { drop: true }],
  ["greeting", { trickle: "220 slow\r\n", everyMs: 100 }],
];

/** A server that now and then does any of it, and is good otherwise. */
function fickle(chance: Chance, share: number): Behaviour {
  const script = (moment: Moment) => {
    const own = faults.filter(([at]) => at === moment).map(([, act]) => act);
    return (): Act => (chance.next() < share ? chance.pick(own) : "ok");
  };
  return {
    greeting: script("greeting"),
    ehlo: script("ehlo"),
    mail: script("mail"),
    rcpt: script("rcpt"),
    data: script("data"),
    dot: script("dot"),
  };
}

/** An SMTP server with every fault, at random; then a good one. */
export const fickleServer: Scenario = {
  fault: "F6",
  title: "an SMTP server that refuses, drops, resets, garbles and lies at random",
  full: "at 8 of 100 moments, over 600 messages",
  async run({ chance, backend }) {
    const orders = 300;
    const stand = await openStand({ ...backend, connections: 5, rate: 40 });
    stand.sink.setBehaviour(fickle(chance, 0.08));
    await stand.start("worker");
    const told = await stand.shops.tellAll(Array.from({ length: orders }, (_, n) => stand.shops.events(n, Date.now() + 500)).flat());
    // Most of it gets through somehow; the rest by a server that has recovered.
    await stand.settled(0, 120_000).catch(() => undefined);
    stand.sink.setBehaviour(null);
    // A full mailbox is asked again after hours, here minutes.
    await stand.settled(60_000, 300_000);
    await stand.end();
    return check(stand, { told, orders, otherwise: ["planned", "failed"] });
  },
};
