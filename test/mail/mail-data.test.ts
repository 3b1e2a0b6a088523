import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Closure } from "../../src/core/closure.ts";
import { instantOf } from "../../src/core/instant.ts";
import type { Order } from "../../src/core/order.ts";
import type { OccurrenceKind } from "../../src/core/timetable.ts";
import type { Brand } from "../../src/mail/brand.ts";
import { mailCompiler } from "../../src/mail/compile.ts";
import { composeMail } from "../../src/mail/headers.ts";
import { firstNameOf, inert } from "../../src/mail/inert.ts";
import { localeFor, mailData } from "../../src/mail/mail-data.ts";
import type { MailDataInput } from "../../src/mail/mail-input.ts";
import { render } from "../../src/mail/render.ts";
import { sampleOf } from "../../src/mail/sample.ts";
import { loadTemplates } from "../../src/mail/template-files.ts";
import { nearDay } from "../../src/mail/written-day.ts";
import { day, inputOf, lantern, orderOf, runner, shipment } from "./anna.ts";

const templates = loadTemplates(new URL("../../templates", import.meta.url).pathname);
const compiler = mailCompiler(templates);
const hostile: string[] = JSON.parse(readFileSync(new URL("../fixtures/robustness/blns.json", import.meta.url), "utf8"));

test("days are the buyer's days, written as the buyer's country writes them", () => {
  expect(mailData(inputOf()).shipment?.dispatchedOn).toBe("20 January");
  // 20:30 UTC is already the next day in Shanghai
  expect(mailData(inputOf({ zone: "Asia/Shanghai" })).shipment?.dispatchedOn).toBe("21 January");
  expect(mailData(inputOf({ locale: "zh-CN" })).order.placedOn).toBe("2026年1月18日");
  expect(mailData(inputOf({ order: orderOf([shipment], { buyer: { email: null, name: null, locale: "en-US" } }) })).order.placedOn).toBe(
    "January 18, 2026",
  );
});

test("a day near to now has its year only when it is another year's", () => {
  expect(mailData(inputOf({ today: day("2025-12-30") })).shipment?.dispatchedOn).toBe("20 January 2026");
});

test("money is written in the order's currency, to the last digit", () => {
  const { order } = mailData(inputOf());
  expect(order.total).toBe("€79.00");
  expect(order.items.map(({ price }) => price)).toEqual(["€18.50", "€42.00"]);
  const huge = orderOf([shipment], { total: "99999999999999.99" });
  expect(mailData(inputOf({ order: huge })).order.total).toBe("€99,999,999,999,999.99");
});

test("an item without a number of the shop's shows the sender's, and one taken out is not shown", () => {
  const taken = { ...lantern, id: "7003", title: "Taken out", quantity: 0 };
  const data = mailData(inputOf({ order: orderOf([shipment, { kind: "items", items: [lantern, runner, taken] }]) }));
  expect(data.order.items.map(({ title, number, quantity }) => [title, number, quantity])).toEqual([
    ["Paper lantern", "LT-204", 2],
    ["Table runner", "7002", 1],
  ]);
});

describe("a parcel", () => {
  test("names carrier, link and window; a service the carrier's name already says is not said twice", () => {
    const parcel = mailData(inputOf()).shipment;
    expect(parcel?.trackingUrl).toMatch(/^https:\/\//);
    expect(parcel?.service).toBeNull();
    expect(parcel?.items).toBeNull();
    expect(parcel?.windowIsOver).toBe(false);
    expect(mailData(inputOf({ today: day("2026-06-01") })).shipment?.windowIsOver).toBe(true);
  });

  test("is the one of the message, and says what is in it and whether more is to come", () => {
    const first = { ...shipment, items: [{ id: "7001", quantity: 2 }] };
    const second = { ...shipment, id: "2", dispatchedAt: "2026-01-25T08:00:00.000Z", items: [{ id: "7002", quantity: 1 }] };
    const open = mailData(inputOf({ order: orderOf([first]) })).shipment;
    expect(open?.items?.map(({ title, quantity }) => [title, quantity])).toEqual([["Paper lantern", 2]]);
    expect(open?.moreToCome).toBe(true);
    const done = inputOf({ order: orderOf([first, second]) });
    expect(mailData(done).shipment).toMatchObject({ dispatchedOn: "20 January", moreToCome: false });
    expect(mailData({ ...done, occurrence: { kind: "order", id: "1001" } }).shipment).toMatchObject({ dispatchedOn: "25 January" });
  });

  test("that is not known is null, and the mail that needs it fails rather than guess", async () => {
    const data = mailData(inputOf({ order: orderOf([]) }));
    expect(data.shipment).toBeNull();
    const mail = await compiler.compile({ key: "dispatch-notice", locale: "en", brand: { name: "x", color: null, logoUrl: null } });
    expect(render(mail, data)).toMatchObject({ kind: "failed", variable: expect.stringMatching(/^shipment\./) });
  });
});

describe("a closure means", () => {
  const closure: Closure = {
    id: "c",
    name: "Spring Festival",
    starts: day("2026-02-15"),
    ends: day("2026-02-23"),
    resumes: day("2026-02-24"),
    carriers: null,
  };
  const of = (order: Order) =>
    mailData(inputOf({ order, closure, occurrence: { kind: "closure", id: "c" }, zone: "Asia/Shanghai" })).closure;

  test("for an order that has not left: not dispatched", () => {
    expect(of(orderOf([]))).toMatchObject({ notDispatched: true, placedInside: false, inTransit: false, isAhead: true, arrivesBy: null });
  });

  test("for one placed in it: placed inside", () => {
    const { placedAt } = orderOf([
      {
        kind: "order",
        number: "1",
        placedAt: "2026-02-16T09:00:00.000Z",
        currency: "EUR",
        total: "1",
        url: null,
        tags: [],
        promisedDispatchBy: null,
        test: false,
        nothingShips: false,
      },
    ]);
    expect(of(orderOf([], { placedAt }))).toMatchObject({ notDispatched: false, placedInside: true, inTransit: false });
  });

  test("for one on its way: in transit, with its window longer by the days of the closure", () => {
    const found = of(orderOf([{ ...shipment, carrier: "China Post", service: "ePacket", dispatchedAt: "2026-02-10T08:00:00.000Z" }]));
    // ePacket: 20 days after 10 February is 2 March; nine days of closure later: 11 March
    expect(found).toMatchObject({ inTransit: true, notDispatched: false, placedInside: false, arrivesBy: "11 March" });
  });
});

test.each([
  ["ru", "1 января", "1 января 2027"],
  ["fr-BE", "1er janvier", "1er janvier 2027"],
  ["de-AT", "1. Jänner", "1. Jänner 2027"],
  ["es-MX", "1 de enero", "1 de enero de 2027"],
  ["pt-BR", "1 de janeiro", "1 de janeiro de 2027"],
  ["ja", "1月1日", "2027年1月1日"],
  ["ar-EG-u-nu-latn", "1 يناير", "1 يناير 2027"],
])("days in %s are written so that they can stand in a sentence and at its end", (locale, near, full) => {
  expect(nearDay(day("2027-01-01"), locale, day("2027-02-01"))).toBe(near);
  expect(nearDay(day("2027-01-01"), locale, day("2026-12-01"))).toBe(full);
});

test("feedback is invited only where there is a place for it", () => {
  expect(mailData(inputOf()).mayInviteFeedback).toBe(false);
  const links = { ...inputOf().links, review: "https://shop.example/review" };
  expect(mailData(inputOf({ links })).mayInviteFeedback).toBe(true);
  expect(mailData(inputOf({ links, mayInviteFeedback: false })).mayInviteFeedback).toBe(false);
  expect(mailData(inputOf({ links: { ...links, review: "javascript:alert(1)" } })).links.review).toBeNull();
});

test("the language is the buyer's, else the country's, else the shop's", () => {
  const shop = { locale: "zh-CN" };
  expect(localeFor(orderOf([]), shop, ["en", "zh-CN"])).toBe("en");
  expect(
    localeFor(orderOf([], { buyer: { email: null, name: null, locale: "fr" }, address: { ...orderOf([]).address, country: "FR" } }), shop, [
      "en",
      "zh-CN",
    ]),
  ).toBe("zh-CN");
});

test.each([
  ["Anna Berg", "Anna"],
  ["ANNA BERG", "Anna"],
  ["anna", "anna"],
  ["Jean-Luc Picard", "Jean-Luc"],
  ["O’Brien", "O’Brien"],
  ["王小明", "王小明"],
  ["Зоя Иванова", "Зоя"],
  ["Al", "Al"],
  ["J. Smith", null],
  ["Mr Smith", null],
  ["Smith, John", null],
  ["http://evil.example", null],
  ["Anna www.evil.example", "Anna"],
  ["win$1000", null],
  ["<b>Anna</b>", null],
  ["Guest", null],
  ["undefined undefined", null],
  ["N/A", null],
  ["", null],
  ["   ", null],
  ["A", null],
  ["x".repeat(1_000_000), null],
  [null, null],
])("%j is greeted as %j", (name, greeted) => {
  expect(firstNameOf(name)).toBe(greeted);
});

describe("what strangers write stays inert", () => {
  test("one line, no controls, no turning of direction, no half letters, capped", () => {
    expect(inert("a\r\nBcc: x\u2028b\0c", 100)).toBe("a Bcc: x b c");
    expect(inert("abc\u202edef\u2066g\ufeff", 100)).toBe("abcdefg");
    expect(inert("\ud800x", 100)).toBe("x");
    expect(inert(`Z${"\u0301".repeat(500)}`, 100)).toHaveLength(4);
    expect([...inert("👩‍👩‍👧".repeat(1_000), 50)]).toHaveLength(50);
    expect(inert("x".repeat(1_000_000), 20)).toBe(`${"x".repeat(19)}…`);
    expect(inert("می‌خواهم", 20)).toBe("می‌خواهم");
  });

  /** An order in which every text a stranger may write is this one, and the circumstances of each kind of message. */
  const everywhere = (
    text: string,
    { template, category, occurrence: { kind } }: Pick<MailDataInput, "template" | "category" | "occurrence">,
  ): MailDataInput => {
    const order = orderOf([
      { ...shipment, carrier: text, service: text, trackingNumber: text, trackingUrl: text, items: [{ id: "7001", quantity: 1 }] },
      { kind: "items", items: [{ ...lantern, title: text, sku: text, variant: text, price: text }, runner] },
      { kind: "review", id: "r", postedAt: "2026-02-01T00:00:00.000Z", rating: 5, removed: false, text, itemId: "7001", url: text },
      { kind: "scan", shipment: "1", status: "delivered", occurredAt: "2026-01-21T09:00:00.000Z", description: text, location: text },
      { kind: "scan", shipment: "1", status: "customs", occurredAt: "2026-01-22T09:00:00.000Z", description: text, location: text },
      { kind: "refund", id: "r", refundedAt: "2026-02-01T00:00:00.000Z", amount: text, items: [{ id: "7001", quantity: 1 }] },
      { kind: "case", id: "r", type: "dispute", state: "open", changedAt: "2026-02-01T00:00:00.000Z", reason: text, outcome: text },
      {
        kind: "action",
        id: "r",
        type: template === "dispute-proposal" || template === "exchange-instructions" ? template : "return-instructions",
        caseId: null,
        at: "2026-02-01T00:00:00.000Z",
        fields: {
          cause: text,
          proposal: text,
          steps: `${text}\n${text}`,
          replyBy: "2026-02-10",
          address: text,
          deadline: "2026-02-10",
          whoPays: "shop",
          onArrival: text,
          note: text,
        },
      },
    ]);
    const ids: Partial<Record<OccurrenceKind, string>> = {
      shipment: "1",
      closure: "c",
      disruption: "s",
      case: "dispute:r",
      "quiet-spell": "1:2026-01-22T09:00:00.000Z",
    };
    const closure: Closure = {
      id: "c",
      name: text || "x",
      starts: day("2026-02-15"),
      ends: day("2026-02-23"),
      resumes: day("2026-02-24"),
      carriers: null,
    };
    return inputOf({
      template,
      category,
      occurrence: { kind, id: ids[kind] ?? "r" },
      order: {
        ...order,
        promisedDispatchBy: order.placedAt,
        url: text,
        number: text || "1001",
        total: text,
        currency: text,
        buyer: { ...order.buyer, name: text, locale: text },
        address: { ...order.address, country: text, city: text, postalCode: text },
      },
      shop: {
        name: text || "x",
        website: text,
        postalAddress: text,
        signedBy: text,
        timeZone: "Asia/Shanghai",
        country: "CN",
        locale: text,
      },
      closure: kind === "closure" ? closure : null,
      closures: [closure],
      disruption:
        kind === "disruption"
          ? { ...closure, id: "s", text, expectedEnd: null, services: null, countries: null, dispatchedFrom: null, dispatchedTo: null }
          : null,
      links: { ...inputOf().links, review: "https://shop.example/review" },
    });
  };
  /** Every tag, attribute and scheme of a link that occurs. */
  const markupOf = (html: string): Set<string> => {
    const found = new Set(["a", "a href", "a class", "a style", "https", "br", "span", "span class", "span style", "td colspan"]);
    for (const [, tag = "", attributes = ""] of html.matchAll(/<([a-z!][\w:-]*)((?:"[^"]*"|[^">])*)>/gi)) {
      found.add(tag);
      for (const [, name = "", value = ""] of attributes.matchAll(/([\w:-]+)\s*=\s*"([^"]*)"/g)) {
        found.add(`${tag} ${name}`);
        if (name === "href" || name === "src") found.add(/^\w+/.exec(value)?.[0] ?? "");
      }
    }
    return found;
  };
  const brand: Brand = { name: "x", color: null, logoUrl: null };

  test("in every field, in every message: rendered without a tag of theirs, or refused, never thrown (SEC-02)", async () => {
    const rendered = new Set<string>();
    for (const [index, [key, files]] of [...templates.byKey].entries()) {
      const mail = await compiler.compile({ key, locale: "en", brand });
      const plain = render(mail, mailData({ ...sampleOf(files).input, locale: "en" }));
      if (plain.kind === "failed") throw new Error(plain.reason);
      // the sample need not show every branch of its template
      const known = new Set([...markupOf(plain.html), ...markupOf(mail.html)]);
      for (const text of [
        // each message gets a third of them, so each of them meets eight messages
        ...hostile.filter((_text, i) => i % 3 === index % 3),
        "x".repeat(1_000_000),
        "</td></table><script>alert(1)</script>",
        "{{links.review}}",
        "\u202egnp.exe",
      ]) {
        const rendering = render(mail, mailData(everywhere(text, sampleOf(files).input)));
        if (rendering.kind === "failed") continue;
        rendered.add(key);
        expect([...markupOf(rendering.html)].filter((name) => !known.has(name))).toEqual([]);
        expect(rendering.html.includes("\u202e")).toBe(false);
        expect(Buffer.byteLength(rendering.html)).toBeLessThan(100_000);
        expect(rendering.subject).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
      }
    }
    // a mail that was refused each time would prove nothing
    expect([...rendered]).toEqual([...templates.byKey.keys()]);
  }, 180_000);

  test("ten thousand lines give a mail of forty and the number of the rest (F11)", async () => {
    const items = Array.from({ length: 10_000 }, (_, i) => ({ ...lantern, id: `i${i}` }));
    const data = mailData(
      inputOf({ order: orderOf([shipment, { kind: "items", items }]), links: { ...inputOf().links, review: "https://shop.example/r" } }),
    );
    expect(data.order.items).toHaveLength(40);
    expect(data.order.moreItems).toBe(9_960);
    const rendering = render(await compiler.compile({ key: "feedback-reminder", locale: "en", brand }), data);
    expect(rendering.kind === "rendered" && Buffer.byteLength(rendering.html)).toBeLessThan(80_000);
  });
});

test("from template to bytes: what was rendered arrives, with the way out in header, text and HTML (OUT-02, OUT-04)", async () => {
  const files = templates.byKey.get("check-in");
  if (files === undefined) throw new Error("no check-in");
  const { input, brand } = sampleOf(files);
  const rendering = render(await compiler.compile({ key: "check-in", locale: "zh-CN", brand }), mailData({ ...input, locale: "zh-CN" }));
  if (rendering.kind === "failed") throw new Error(rendering.reason);
  const { raw } = composeMail({
    ...rendering,
    messageId: "m1",
    date: instantOf("2026-02-03T08:00:00Z"),
    from: { name: "Lantern & Loom", address: "care@shop.example" },
    to: { name: null, address: "anna@buyers.example" },
    replyTo: null,
    category: "care",
    step: "check-in",
    shopId: "s",
    senderId: "afterword",
    unsubscribe: input.links.unsubscribe,
  });
  const { default: PostalMime } = await import("postal-mime");
  const parsed = await PostalMime.parse(raw);
  expect(parsed.subject).toBe(rendering.subject);
  expect(parsed.text).toContain(input.links.unsubscribe);
  expect(parsed.html).toContain(input.links.unsubscribe);
  expect(parsed.headers.find(({ key }) => key === "list-unsubscribe")?.value).toContain(input.links.unsubscribe);
});
