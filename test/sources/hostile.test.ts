import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readAddress } from "../../src/core/address.ts";
import type { ScanSaying } from "../../src/core/facts.ts";
import { foldFacts } from "../../src/core/fold.ts";
import type { Reading } from "../../src/sources/adapter.ts";
import { adapters } from "../../src/sources/registry.ts";
import { expectCanonical } from "./support/canonical.ts";
import { changed, leavesOf } from "./support/edit.ts";
import { factsOf, orderAfter } from "./support/fold.ts";
import { deliver, type Message, type Subject, subjects, wooSnapshot } from "./support/subjects.ts";

const robustness = new URL("../fixtures/robustness/", import.meta.url);
const naughty = JSON.parse(readFileSync(new URL("blns.json", robustness), "utf8")) as readonly string[]; // a list of strings, by its README
const oddAddresses = [
  ...isemailAddresses(),
  "a@x.example\0.evil.example",
  "a\0@x.example",
  "a@x.example,b@evil.example",
  "a@x.example;b@evil.example",
  "a@b.example>\r\nRCPT TO:<evil@evil.example",
  "a@x.example\nBcc: b@evil.example",
  "<a@x.example>",
  "Anna <a@x.example>",
  "a@x.example\ud800",
  `${"a".repeat(6_000)}@evil.example`,
  `a@${"x".repeat(4_985)}.example.evil.example`,
];

/** The text fields of a message: those that may hold anything, or nothing, without its becoming unreadable. Ids may not. */
function freeFields(subject: Subject, { topic, body }: Message): readonly string[] {
  const isFree = (at: string) =>
    ["x y", ""].every((text) => subject.adapter.read(deliver(subject, { topic, body: changed(body, { [at]: text }) })).kind === "facts");
  return leavesOf(body).filter((at) => typeof valueAt(body, at) === "string" && isFree(at));
}

function valueAt(body: unknown, pointer: string): unknown {
  return pointer
    .slice(1)
    .split("/")
    .reduce<unknown>((holder, part) => (typeof holder === "object" && holder !== null ? Reflect.get(holder, part) : undefined), body);
}

/** How much a reading says, in characters. */
function sizeOf(reading: Reading): number {
  return JSON.stringify(reading).length;
}

describe.each(subjects)("what strangers write into a webhook of $platform (IN-14)", (subject) => {
  const { adapter } = subject;
  const messages = [subject.order("1001"), ...subject.seven, ...subject.others];
  const read = ({ topic, body }: Message, changes: Readonly<Record<string, unknown>>): Reading =>
    adapter.read(deliver(subject, { topic, body: changed(body, changes) }));

  test("is read in every text field of every kind of message, and comes out as text that can be stored", () => {
    const places = messages.map((message) => ({ message, fields: freeFields(subject, message) })).filter(({ fields }) => fields.length > 0);
    expect(places.reduce((sum, { fields }) => sum + fields.length, 0)).toBeGreaterThan(40);
    for (const text of [...naughty, "\0", "\ud800", "a\0b\udc00", "\u202e\u2066\ufeff", "constructor", "__proto__"]) {
      for (const { message, fields } of places) {
        const reading = read(message, Object.fromEntries(fields.map((at) => [at, text])));
        if (reading.kind !== "facts") expect(reading, `${message.topic} ${JSON.stringify(text)}`).toMatchObject({ kind: "facts" });
        for (const fact of factsOf(reading)) expectCanonical(fact);
      }
    }
  });

  test("is no fact when it is any JSON but a message, whatever its topic", () => {
    const folder = new URL("json/", robustness);
    const files = readdirSync(folder).map((name) => readFileSync(new URL(name, folder)));
    for (const topic of new Set(messages.map((message) => message.topic))) {
      for (const body of files) expect(adapter.read(subject.sign(topic, body)).kind, topic).toBe("unreadable");
    }
  });

  test("as an address never becomes two recipients, or one at another domain", () => {
    let mailable = 0;
    for (const written of oddAddresses) {
      const reading = read(subject.order("1001"), Object.fromEntries(subject.emailFields.map((at) => [at, written])));
      const { email } = orderAfter(reading).buyer;
      const recipient = readAddress(email ?? "");
      if (recipient.kind === "bad") continue;
      mailable++;
      expect(readAddress(written.trim()), written).toEqual(recipient);
      expect(recipient.address.split("@"), written).toHaveLength(2);
      expect(written.trim().toLowerCase().endsWith(`@${recipient.domain}`), written).toBe(true);
    }
    expect(mailable).toBeGreaterThan(20);
  });

  test("is kept only in part when it fills a megabyte, in any field", () => {
    const order = subject.order("1001");
    const plain = sizeOf(read(order, {}));
    for (const at of [...subject.textFields, ...subject.emailFields]) {
      for (const text of ["a".repeat(1_000_000), "&amp;,\0".repeat(150_000), "\ud800".repeat(300_000)]) {
        const reading = read(order, { [at]: text });
        expect(reading.kind, at).toBe("facts");
        expect(sizeOf(reading), at).toBeLessThan(plain + 50_000);
      }
    }
  });

  test("is quarantined with a short reason when it fills a megabyte where an id or an amount belongs", () => {
    const order = subject.order("1001");
    for (const at of subject.neededFields) {
      const reading = read(order, { [at]: "9".repeat(1_000_000) });
      if (reading.kind === "facts") expect(["/status", "/data/order/buyer/email"]).toContain(at);
      expect(sizeOf(reading), at).toBeLessThan(20_000);
    }
  });

  test("may be an order of 10,000 items, which is read whole and says no more than it was told", () => {
    const items = Array.from({ length: 10_000 }, (_, index) => subject.item(index));
    const order = subject.order("1001");
    const body = changed(order.body, { [subject.itemsField]: items });
    const reading = adapter.read(deliver(subject, { topic: order.topic, body }));
    expect(orderAfter(reading).items).toHaveLength(10_000);
    expect(factsOf(reading).length).toBeLessThan(20);
    expect(sizeOf(reading)).toBeLessThan(4 * JSON.stringify(body).length);
  });

  test("may be 10,000 faults, of which one is told", () => {
    const order = subject.order("1001");
    const body = changed(order.body, { [subject.itemsField]: Array.from({ length: 10_000 }, () => ({ id: {}, quantity: "many" })) });
    const reading = adapter.read(deliver(subject, { topic: order.topic, body }));
    expect(reading).toMatchObject({ kind: "unreadable", pointer: expect.stringMatching(/\/0\/\w+$/) });
    expect(sizeOf(reading)).toBeLessThan(500);
  });
});

test("tracking entries in a text of their own are held to the same bounds", () => {
  const parcelsIn = (value: string) => {
    const body = wooSnapshot("2026-01-20T08:00:00", { "/meta_data": [{ id: 1, key: "_wc_shipment_tracking_items", value }] });
    return orderAfter(
      adapters.woocommerce.read({ headers: { "x-wc-webhook-topic": "order.updated" }, body: Buffer.from(JSON.stringify(body)) }),
    ).shipments;
  };
  for (const text of [
    "[".repeat(10_000),
    `${"[".repeat(10_000)}${"]".repeat(10_000)}`,
    '[{"__proto__":{"tracking_id":"x"}}]',
    "[\ud800]",
  ]) {
    expect(parcelsIn(text), text.slice(0, 20)).toEqual([]);
  }
  expect(parcelsIn('[{"tracking_id":820982911946154508},{"tracking_id":820982911946154507}]').map(({ id }) => id)).toEqual([
    "820982911946154507",
    "820982911946154508",
  ]);
  const many = JSON.stringify(Array.from({ length: 5_000 }, (_, index) => ({ tracking_id: `t${index}`, date_shipped: "2026-01-06" })));
  expect(parcelsIn(many)).toHaveLength(5_000);
});

test("an order of thousands of parcels and scans is put together by looking at each scan a few times, not once for each parcel", () => {
  const count = 2_000;
  let looks = 0;
  const scans = Array.from({ length: count }, (_, index) => {
    const scan: ScanSaying = {
      kind: "scan",
      get shipment() {
        looks++;
        return `s${index}`;
      },
      status: "in_transit",
      occurredAt: "2026-01-08T11:00:00.000Z",
      description: null,
      location: null,
    };
    return { says: scan, at: scan.occurredAt };
  });
  const shipments = scans.map(({ at }, index) => ({
    at,
    says: {
      kind: "shipment",
      id: `s${index}`,
      dispatchedAt: at,
      void: false,
      carrier: null,
      service: null,
      trackingNumber: null,
      trackingUrl: null,
      items: null,
    } as const,
  }));
  const order = foldFacts({ id: "id", externalId: "1" }, [...scans, ...shipments]);
  expect(order.shipments.every((shipment) => shipment.scans.length === 1)).toBe(true);
  expect(looks).toBeLessThan(5 * count);
});

/** The addresses of isemail's tests; its control pictures (␀ …) stand for the control characters. */
function isemailAddresses(): readonly string[] {
  const xml = readFileSync(new URL("isemail-tests.xml", robustness), "utf8");
  return [...xml.matchAll(/<address>([\s\S]*?)<\/address>/g)].map(([, address = ""]) =>
    address
      .replace(/&#x([0-9a-f]+);/gi, (_, hex) => String.fromCodePoint(Number.parseInt(String(hex), 16)))
      .replaceAll("&lt;", "<")
      .replaceAll("&gt;", ">")
      .replaceAll("&quot;", '"')
      .replaceAll("&amp;", "&")
      .replace(/[\u2400-\u2420]/g, (picture) => String.fromCharCode(picture.charCodeAt(0) - 0x2400))
      .replaceAll("\u2421", "\x7f"),
  );
}
