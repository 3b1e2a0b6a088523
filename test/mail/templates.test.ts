import { describe, expect, test } from "vitest";
import { directionOf } from "../../src/core/locale.ts";
import { contrast } from "../../src/mail/brand.ts";
import { compileTemplate } from "../../src/mail/compile.ts";
import type { MailData } from "../../src/mail/mail-data.ts";
import { render } from "../../src/mail/render.ts";
import { sampleData, sampleOf } from "../../src/mail/sample.ts";
import { every, filesOf, rendered, templates } from "./every-mail.ts";

const links = (text: string) =>
  new Set(
    [
      ...text
        .replaceAll("&amp;", "&")
        .replaceAll("&#x3D;", "=")
        .matchAll(/https?:\/\/[^\s"<>)]+/g),
    ].map(([url]) => url),
  );
const shown = (html: string) => new Set([...html.matchAll(/href="([^"]+)"/g)].flatMap(([, url]) => [...links(url ?? "")]));
const words = (html: string) => html.replace(/<(style|head)[\s\S]*?<\/\1>/g, "").replace(/<[^>]+>/g, " ");

test("every message is written in all nine languages, English first: it is what others fall back to", () => {
  for (const { strings } of templates.byKey.values())
    expect([...strings.keys()]).toEqual(["en", "ar", "de", "es", "fr", "ja", "pt-BR", "ru", "zh-CN"]);
});

test("every word is used: what nobody reads, nobody should translate", () => {
  const pieces = [...templates.partials.values(), templates.layout, templates.textLayout].join("\n");
  const used = (source: string) => new Set([...source.matchAll(/(?:\[\[|=)([\w.-]+)/g)].map(([, name]) => name));
  const shared = used([pieces, ...[...templates.byKey.values()].flatMap(({ body, text }) => [body, text])].join("\n"));
  for (const { key, body, text, strings } of templates.byKey.values()) {
    const own = used([pieces, body, text].join("\n"));
    const layout = filesOf("review-thanks").strings.get("en") ?? {};
    for (const name of Object.keys(strings.get("en") ?? {})) {
      const inLayout = Object.hasOwn(layout, name) && !["subject", "preheader", "title"].includes(name);
      expect((inLayout ? shared : own).has(name), `${name} of ${key}`).toBe(true);
    }
  }
});

/** How a first sentence thanks. */
const thanks: Readonly<Record<string, RegExp>> = {
  en: /^Thank you/,
  ar: /^(نشكرك|شكرًا)/,
  de: /^(Vielen|Herzlichen|Nochmals vielen) Dank/,
  es: /^(De nuevo, )?(muchas )?gracias/i,
  fr: /^(Encore )?merci/i,
  ja: /^[^。]*ありがとうございま/,
  "pt-BR": /^(Mais uma vez, )?(muito )?obrigad[oa]/i,
  ru: /^(Ещё раз )?(благодарим|спасибо)/i,
  "zh-CN": /^(再次)?感谢/,
};

describe.each(every)("%s in %s", (key, locale) => {
  test("says nothing but what it knows: no hole, no placeholder, no marker", async () => {
    const { subject, html, text } = await rendered(key, locale);
    for (const part of [subject, words(html), text]) expect(part).not.toMatch(/\{\{|\}\}|\[\[|\]\]|undefined|null|NaN|\[object/);
    expect(text).not.toMatch(/ ,| {2}\S+$/m);
  });

  test("has the same links in text and HTML, the way out among them (OUT-02)", async () => {
    const { html, text } = await rendered(key, locale);
    expect(links(text)).toEqual(shown(html));
    expect([...shown(html)].some((url) => url.includes("/u/"))).toBe(true);
    expect([...shown(html)].some((url) => url.includes("/b/"))).toBe(true);
  });

  test("is small enough for Gmail not to clip it (2.6)", async () => {
    expect(Buffer.byteLength((await rendered(key, locale)).html)).toBeLessThan(80_000);
  });

  test("names language and direction, has a title, and a preheader of 40 to 110 letters with padding", async () => {
    const { html, subject } = await rendered(key, locale);
    expect(html).toMatch(new RegExp(`<html(?=[^>]* lang="${locale}")(?=[^>]* dir="${directionOf(locale)}")`));
    expect(/<title>([^<]+)<\/title>/.exec(html)?.[1]?.replaceAll("&amp;", "&")).toBe(subject);
    const preheader = /display:none[^>]*>([^<]*)</.exec(html)?.[1] ?? "";
    const letters = [...preheader.replace(/&#847;&zwnj;&nbsp;/g, "").trim()].length;
    expect(letters).toBeGreaterThanOrEqual(40);
    expect(letters).toBeLessThanOrEqual(110);
    expect(preheader.match(/&#847;/g)?.length).toBeGreaterThan(50);
  });

  test("lays out with tables that say so, has words for every picture, and calls for nothing from elsewhere", async () => {
    const { html } = await rendered(key, locale);
    const visible = html.replace(/<!--\[if[\s\S]*?<!\[endif\]-->/g, "");
    for (const [table] of visible.matchAll(/<table[^>]*>/g)) {
      // the tables of data are those of mj-table, which have rows of their own
      if (!table.includes('role="presentation"')) expect(table).toMatch(/cellpadding="0"/);
    }
    for (const [image] of visible.matchAll(/<img[^>]*>/g)) expect(image).toMatch(/alt="/);
    expect(visible).not.toMatch(/<script|<form|<link|@import|@font-face|url\(|width="1" height="1"/i);
    expect(visible).not.toMatch(/src="(?!https:)/);
  });

  test("works in the dark: the scheme is named and rules for it survive", async () => {
    const { html } = await rendered(key, locale);
    expect(html).toContain('<meta name="color-scheme" content="light dark"');
    expect(html).toMatch(/@media \(prefers-color-scheme: dark\) \{[\s\S]*\.card[\s\S]*!important/);
  });

  test("greets well without a name", async () => {
    const { text } = await rendered(key, locale, (data) => ({ ...data, buyer: { firstName: null } }));
    expect(text.split("\n")[0]).toBe(templates.byKey.get(key)?.strings.get(locale)?.["greeting.plain"]);
  });

  test("is signed by the shop when no person is named, and stands without what a shop need not have", async () => {
    const { text } = await rendered(key, locale, (data) => ({
      ...data,
      shop: { ...data.shop, signedBy: null, website: null, postalAddress: null },
    }));
    expect(text).toContain("Lantern & Loom");
    expect(text).not.toContain("Lin\n");
  });

  test("thanks in its first sentence (Tone)", async () => {
    const { text } = await rendered(key, locale);
    const first = text.split("\n").slice(1).join(" ").trim();
    expect(first).toMatch(thanks[locale] ?? /no first sentence is known/);
  });

  test("asks for nothing that must never be asked for (3.2)", async () => {
    const { subject, text } = await rendered(key, locale);
    const all = `${subject}\n${text}`;
    expect(all).not.toMatch(
      /\b(5|five)[- ]stars?\b|positive (feedback|review)|negative|coupon|discount|gift|voucher|chargeback|PayPal|!|好评|差评|五星|返现|红包/i,
    );
    // only the answer to one speaks of it
    if (!key.startsWith("dispute-")) expect(all).not.toMatch(/dispute|投诉|纠纷/i);
    if (key !== "win-back") expect(all).not.toMatch(/优惠/);
  });
});

describe("the dispatch notice", () => {
  test("says order, day, carrier and service, number as a link, window as two dates, and when tracking begins to move", async () => {
    const { subject, html, text } = await rendered("dispatch-notice", "en");
    expect(subject).toContain("1001");
    for (const piece of ["January 20", "China Post", "ePacket", "LK473124829CN", "January 27", "February 9", "two or three days"])
      expect(text).toContain(piece);
    expect(html).toMatch(/<a href="https:[^"]*LK473124829CN"[^>]*>LK473124829CN<\/a>/);
  });

  test("says what is in this parcel when the order travels in several, and that the rest follows", async () => {
    const { text, subject } = await rendered("dispatch-notice", "en");
    expect(subject).toMatch(/^Part of your order/);
    expect(text).toMatch(/In this parcel\n- Paper lantern, folding, Amber, 30 cm × 2/);
    expect(text).toContain("The rest of your order comes in another parcel");
  });

  test("says nothing of parts when everything is in it", async () => {
    const whole = await rendered("dispatch-notice", "en", (data) => ({
      ...data,
      shipment: data.shipment && { ...data.shipment, items: null, moreToCome: false },
    }));
    expect(whole.subject).toBe("Your order 1001 is on its way");
    expect(whole.text).not.toMatch(/In this parcel|another parcel/);
  });

  test("stands without carrier, number and link", async () => {
    const bare = { carrier: null, service: null, trackingNumber: null, trackingUrl: null };
    const { text, html } = await rendered("dispatch-notice", "en", (data) => ({
      ...data,
      shipment: data.shipment && { ...data.shipment, ...bare },
    }));
    expect(text).toContain("it left us on January 20");
    expect(html).not.toContain("Follow your parcel");
  });
});

describe("the check-in", () => {
  test("offers two ways to get help and the reply, and says until when the parcel should be there", async () => {
    const { html, text } = await rendered("check-in", "en");
    expect(html).toContain("?topic&#x3D;not-arrived");
    expect(html).toContain("?topic&#x3D;problem");
    expect(text).toContain("reply to this mail");
    expect(text).toContain("It should be with you by February 9");
  });

  test("invites feedback only when it may be invited now", async () => {
    expect((await rendered("check-in", "en")).text).toContain("Good or bad");
    const without = await rendered("check-in", "en", (data) => ({ ...data, mayInviteFeedback: false }));
    expect(without.text).not.toMatch(/good or bad|review/i);
    expect(without.html).not.toContain("reviews/new");
  });

  test("does not promise a day that is over", async () => {
    const late = await rendered("check-in", "en", (data) => ({
      ...data,
      shipment: data.shipment && { ...data.shipment, windowIsOver: true },
    }));
    expect(late.text).toContain("It should have been with you by");
  });
});

test("the feedback reminder shows the purchase: names, numbers, quantities, prices, total and day", async () => {
  const { text, html } = await rendered("feedback-reminder", "en");
  for (const piece of [
    "Paper lantern, folding",
    "LT-204",
    "Qty 2",
    "$18.50",
    "TB-011",
    "$42.00",
    "Order total: $79.00",
    "January 18, 2026",
  ])
    expect(text).toContain(piece);
  expect(html).toMatch(/<th scope="col"/);
  expect([...html.matchAll(/href="[^"]*reviews\/new/g)]).toHaveLength(1);
});

test("the reminder offers help as large as it asks for a review", async () => {
  const { html } = await rendered("feedback-reminder", "en");
  const widths = [...html.matchAll(/<table[^>]*style="[^"]*width:220px[^"]*"/g)];
  expect(widths).toHaveLength(2);
});

test("the thanks for a review name the item, and ask for nothing", async () => {
  const { text } = await rendered("review-thanks", "en");
  expect(text).toContain("review Paper lantern, folding.");
  expect(text).not.toContain("?");
  const unnamed = await rendered("review-thanks", "en", (data) => ({ ...data, review: { item: null } }));
  expect(unnamed.text).toContain("review your order 1001.");
});

describe("the holiday notice", () => {
  const closureWith = (change: Partial<NonNullable<MailData["closure"]>>) => (data: MailData) => ({
    ...data,
    closure: data.closure && { ...data.closure, notDispatched: false, placedInside: false, inTransit: false, ...change },
  });

  test("says which holiday, first and last day, and when parcels leave again", async () => {
    const { subject, text } = await rendered("holiday-delay", "en");
    expect(subject).toBe("Spring Festival and your order 1001");
    for (const piece of ["February 15", "February 23", "February 24"]) expect(text).toContain(piece);
  });

  test.each([
    ["not dispatched before it", { notDispatched: true, isAhead: true }, "send it before February 15"],
    ["not dispatched, and it has begun", { notDispatched: true, isAhead: false }, "it leaves from February 24 on"],
    ["placed inside it", { placedInside: true }, "You ordered during the pause"],
    ["on its way", { inTransit: true, arrivesBy: null }, "Your parcel has already left us"],
  ])("says what it means for an order that is %s", async (_what, change, sentence) => {
    const { text } = await rendered("holiday-delay", "en", closureWith(change));
    expect(text).toContain(sentence);
    expect(text.match(/What this means/g)).toHaveLength(1);
  });

  test("offers two ways while nothing was sent: to wait, or to cancel", async () => {
    expect((await rendered("holiday-delay", "en")).text).toMatch(/If you can wait.*cancel the order and pay you back/);
  });
});

test("colours of words are readable on card and page, light and dark", () => {
  for (const [ink, paper] of [
    ["#1c1c1e", "#ffffff"],
    ["#5f6368", "#ffffff"],
    ["#5f6368", "#f4f4f2"],
    ["#f2f2f3", "#1b1c1f"],
    ["#a5a8ad", "#1b1c1f"],
    ["#a5a8ad", "#111214"],
  ] as const) {
    expect(contrast(ink, paper)).toBeGreaterThanOrEqual(4.5);
  }
});

describe("a right-to-left language", () => {
  const inArabic = async (key: string) => {
    const files = templates.byKey.get(key);
    if (files === undefined) throw new Error(`no ${key}`);
    const english = files.strings.get("en") ?? {};
    const mirrored = new Map([[key, { ...files, strings: new Map([["ar", english]]) }]]);
    const mail = await compileTemplate({ ...templates, byKey: mirrored }, { key, locale: "ar", brand: sampleOf(files).brand });
    const rendering = render(mail, sampleData(files, "ar"));
    if (rendering.kind === "failed") throw new Error(rendering.reason);
    return rendering;
  };

  test("mirrors the layout", async () => {
    const { html } = await inArabic("check-in");
    expect(html).toMatch(/<html[^>]*dir="rtl"/);
    // MJML's columns say text-align:left; every text within them has its own
    expect(html.match(/align="left"|direction:ltr|line-height:[^"]*text-align:left/g)).toBeNull();
    expect(html.match(/text-align:right/g)?.length).toBeGreaterThan(5);
  });

  test("keeps numbers and names apart from what stands around them, in HTML, text and subject", async () => {
    const { html, text, subject } = await inArabic("dispatch-notice");
    expect(html).toContain("\u2068LK473124829CN\u2069</a>");
    expect(text).toContain("\u2068LK473124829CN\u2069");
    expect(text).toMatch(/https:\/\/\S*LK473124829CN\n/);
    expect(subject).toContain("\u20681001\u2069");
    expect(html).toContain(`<title>${subject}</title>`);
    expect(html).toContain("padding:12px 0;padding-left:16px");
  });
});
