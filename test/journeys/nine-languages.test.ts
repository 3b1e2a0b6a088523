import { beforeAll, describe, expect, test } from "vitest";
import type { ReceivedMail } from "../support/smtp-sink.ts";
import { dispatchDay, headerOf, type Story, tell } from "./story.ts";

/*
 * One shop, whose own language is English, and buyers who read nine languages: some said so, some only live where it is spoken.
 */

interface Reader {
  readonly name: string;
  /** What the shop's system says of the buyer's language. */
  readonly says: string | null;
  readonly country: string;
  readonly lang: string;
  readonly subject: string;
  /** The day of dispatch, as it should stand in the mail. */
  readonly day: string;
}

// dispatched in the evening of 20 January in Europe: further east, and where the shop's zone stands in, it is the 21st
const readers: readonly Reader[] = [
  { name: "Maya Jones", says: "en-GB", country: "GB", lang: "en", subject: "Your order 1 is on its way", day: "20 January" },
  { name: "Jonas Huber", says: "de-AT", country: "AT", lang: "de", subject: "Ihre Bestellung 2 ist unterwegs", day: "20. Jänner" },
  { name: "Chloé Martin", says: null, country: "BE", lang: "fr", subject: "Votre commande 3 est en route", day: "20 janvier" },
  { name: "Lucía Pérez", says: "es-MX", country: "US", lang: "es", subject: "Su pedido 4 va en camino", day: "21 de enero" },
  { name: "Rita Sousa", says: "pt-PT", country: "PT", lang: "pt-BR", subject: "Seu pedido 5 está a caminho", day: "21 de janeiro" },
  { name: "Зоя Иванова", says: null, country: "KZ", lang: "ru", subject: "Ваш заказ 6 уже в пути", day: "20 января" },
  { name: "山田花子", says: "ja", country: "JP", lang: "ja", subject: "ご注文 7 を発送しました", day: "1月21日" },
  { name: "أحمد علي", says: "ar-EG", country: "EG", lang: "ar", subject: "طلبك \u20688\u2069 في الطريق إليك", day: "20 يناير" },
  { name: "王小雅", says: "zh_CN", country: "SG", lang: "zh-CN", subject: "您的订单 9 已发出", day: "1月21日" },
];

let story: Story;
const addressOf = (reader: Reader) => `${reader.lang.toLowerCase()}@buyer.example`;

beforeAll(async () => {
  story = await tell({ env: { PUBLIC_URL: "https://post.lantern.example" } });
  for (const [i, reader] of readers.entries()) {
    const { name, says, country } = reader;
    const id = `o-${reader.lang}`;
    const buyer = { email: addressOf(reader), name, ...(says === null ? {} : { locale: says }) };
    await story.places({ id, number: String(i + 1), buyer, shippingAddress: { country } });
    await story.dispatches({ id: `s-${reader.lang}` }, id);
  }
  await story.until(dispatchDay);
});

describe.each(readers)("a buyer of $country who says $says", (reader) => {
  const { name, lang, subject, day } = reader;
  const mail = (): ReceivedMail => {
    const found = story.mails(addressOf(reader));
    expect(found).toHaveLength(1);
    const [only] = found;
    if (only === undefined) throw new Error("no mail");
    return only;
  };

  test(`is written to in ${lang}: subject, text and HTML, with days as they are written there`, () => {
    const { html, text, subject: received } = mail();
    expect(received).toBe(subject);
    expect(html).toMatch(new RegExp(`<html(?=[^>]* lang="${lang}")(?=[^>]* dir="${lang === "ar" ? "rtl" : "ltr"}")`));
    expect(text).toContain(day);
    expect(html).toContain(day);
    if (lang !== "en") expect(text).not.toMatch(/Thank you|Your order|Hello|Unsubscribe/);
  });

  test("is greeted by name, and gets number and link whole", () => {
    const { html, text } = mail();
    const first = text.split("\n")[0]?.replace(/[\u2068\u2069]/g, "");
    expect(first).toContain(lang === "ja" || lang === "zh-CN" ? name : name.split(" ")[0]);
    expect(text).toContain("EE123456785CN");
    // nothing clings to a link, or the reader's program would take it for a part of it
    for (const [link] of text.matchAll(/https?:\/\/\S+/g)) expect(link).toMatch(/^[\x21-\x7e]+[。，]?$/);
    expect(html).toMatch(/href="https:[^"]*EE123456785CN/);
  });

  test("gets it from the same shop at the same address as everybody else (OUT-10)", () => {
    const first = story.mails(addressOf(readers[0] ?? reader))[0];
    if (first === undefined) throw new Error("no mail in English");
    for (const key of ["from", "reply-to"]) expect(headerOf(mail(), key)).toBe(headerOf(first, key));
  });
});

test("in Arabic, names and numbers that are written from left to right are kept apart from what stands around them", () => {
  const [mail] = story.mails("ar@buyer.example");
  expect(mail?.text).toContain("\u2068EE123456785CN\u2069");
  expect(mail?.html).toContain("\u2068EE123456785CN\u2069");
  expect(mail?.subject).not.toMatch(/[\u202a-\u202e\u2066\u2067]/);
});
