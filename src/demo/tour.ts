import { DateTime } from "luxon";
import { begins, ends, guests } from "./cast.ts";
import type { Connection, DemoClient } from "./client.ts";
import { expected, type Stage, scenes } from "./story.ts";

/** Where the tour writes: a line for good, and how far it has come. */
export interface Screen {
  line(text: string): void;
  /** From 0 to 1, with the date the clock shows. */
  progress(share: number, date: string): void;
}

interface SentMessage {
  readonly id: string;
  readonly orderNumber: string;
  readonly step: string;
  readonly sentAt: string;
  readonly because: readonly { readonly rule: string; readonly detail: string }[];
}

/** Connects the shop of the tour: Shopify, a review system that augments it, and a shop system of one's own. */
export async function connect(client: DemoClient): Promise<Stage> {
  const shop = (await client.call("POST", "/shops", {
    name: "Lantern & Loom",
    timeZone: "Asia/Shanghai",
    locale: "en",
    country: "CN",
    from: { name: "Lantern & Loom", address: "hello@lantern.example" },
    replyTo: "help@lantern.example",
    postalAddress: "Lantern & Loom, 18 Canal Street, Hangzhou 310000, China",
    website: "https://lantern.example",
    reviewUrl: "https://lantern.example/reviews",
    color: "#0f766e",
    signedBy: "Lin",
  })) as { readonly id: string };
  const source = (body: object) => client.call("POST", `/shops/${shop.id}/sources`, body) as Promise<Connection & { readonly id: string }>;
  const shopify = await source({ platform: "shopify", secret: "the-shop's-signing-secret", domain: "lantern.myshopify.com" });
  const reviews = await source({ platform: "standard", augments: shopify.id });
  const ownSystem = await source({ platform: "standard" });
  return { client, shopId: shop.id, shopify, reviews, ownSystem };
}

/** Plays all scenes and moves the clock through the 60 days, a day at a time. Answers how many of which mail went out, by `number step`. */
export async function play(stage: Stage, screen: Screen): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  const seen = new Set<string>();
  const start = Date.parse(begins);
  const end = Date.parse(ends);
  const stops = [
    ...scenes().map((scene) => ({ at: Date.parse(scene.at), scene })),
    ...Array.from({ length: Math.round((end - start) / dayMs) + 1 }, (_, day) => ({ at: start + day * dayMs, scene: null })),
  ].sort((a, b) => a.at - b.at);

  for (const { at, scene } of stops) {
    await moveTo(stage, at);
    await tell(stage, screen, seen, counts);
    screen.progress((at - start) / (end - start), new Date(at).toISOString().slice(0, 10));
    if (scene === null) continue;
    screen.line(`${when(at, "UTC")}        ${scene.what}`);
    await scene.play(stage);
    await moveTo(stage, at);
    await tell(stage, screen, seen, counts);
  }
  return counts;
}

/** What should have gone out and did not, or went out and should not have; one sentence each. */
export function missing(counts: ReadonlyMap<string, number>): readonly string[] {
  const mails = new Set([...expected.keys(), ...counts.keys()]);
  return [...mails].flatMap((mail) => {
    const [wanted, got] = [expected.get(mail) ?? 0, counts.get(mail) ?? 0];
    return got === wanted ? [] : [`#${mail}: ${wanted} expected, ${got} went out`];
  });
}

const dayMs = 24 * 60 * 60_000;

async function moveTo({ client }: Stage, at: number): Promise<void> {
  await client.call("PUT", "/clock", { now: new Date(at).toISOString() });
}

async function tell({ client, shopId }: Stage, screen: Screen, seen: Set<string>, counts: Map<string, number>): Promise<void> {
  const { messages } = (await client.call("GET", `/messages?shop=${shopId}&state=sent&limit=200`)) as { readonly messages: SentMessage[] };
  const fresh = messages
    .filter((message) => !seen.has(message.id))
    .sort((a, b) => `${a.sentAt} ${a.orderNumber}`.localeCompare(`${b.sentAt} ${b.orderNumber}`));
  for (const message of fresh) {
    seen.add(message.id);
    const key = `${message.orderNumber} ${message.step}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
    const zone = zones[message.orderNumber] ?? "UTC";
    const at = Date.parse(message.sentAt);
    screen.line(
      `${when(at, "UTC")}  ✉ ${message.step.padEnd(18)} #${message.orderNumber}  ${when(at, zone)} in ${place(message.orderNumber)}`,
    );
    for (const { rule, detail } of message.because) if (told.has(rule)) screen.line(`                      ${detail}`);
  }
}

/** Of all reasons those that tell why a mail goes out just then. */
const told: ReadonlySet<string> = new Set([
  "anchor",
  "wait",
  "lane",
  "range",
  "transit",
  "delivered-scan",
  "closure",
  "weekday",
  "holiday",
  "after",
]);

const zones: Readonly<Record<string, string>> = {
  "1001": "America/Los_Angeles",
  "1002": "America/Sao_Paulo",
  "1003": "Europe/Paris",
  "1004": "Asia/Singapore",
  "1005": "Europe/London",
  "1006": "America/Denver",
  "2001": "Europe/Berlin",
};

function place(number: string): string {
  return guests.find((guest) => guest.number === number)?.place.city ?? "München";
}

function when(at: number, zone: string): string {
  return DateTime.fromMillis(at, { zone, locale: "en" }).toFormat("ccc d LLL HH:mm").padEnd(16);
}
