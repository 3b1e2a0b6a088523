import { beforeAll, describe, expect, test } from "vitest";
import type { ReceivedMail } from "../support/smtp-sink.ts";
import { daysLater, dispatchDay, headerOf, maya, type Story, tell } from "./story.ts";

/*
 * All five messages, once to a buyer who reads English and once to one who reads Chinese, as they arrive at a foreign server.
 */

const languages = {
  "en-US": { address: { country: "US", region: "OR", postalCode: "97201" }, lang: "en", han: false },
  "zh-CN": { address: { country: "US", region: "OR", postalCode: "97201" }, lang: "zh-CN", han: true },
} as const;

type Language = keyof typeof languages;
const five = ["dispatch-notice", "holiday-delay", "check-in", "feedback-reminder", "review-thanks"];
const stories = new Map<Language, readonly ReceivedMail[]>();
const publicUrl = "https://post.lantern.example";

async function tellIn(language: Language): Promise<readonly ReceivedMail[]> {
  const story: Story = await tell({ env: { PUBLIC_URL: publicUrl } });
  await story.service.ok("POST", `/shops/${story.shopId}/closures`, {
    name: language === "zh-CN" ? "元宵节" : "Lantern Week",
    starts: "2026-01-26",
    ends: "2026-01-28",
    resumes: "2026-01-29",
  });
  const items = [
    { id: "i-1", sku: "LAMP-1", title: "Paper lantern {{order.total}}", variant: "red & round", quantity: 2, price: "1024.50" },
    { id: "i-2", title: "<b>Shade</b>", quantity: 1, price: "9.90" },
  ];
  const { address } = languages[language];
  await story.places({
    total: "2058.90",
    items,
    buyer: { email: maya, name: language === "zh-CN" ? "王小雅" : "Maya O'Neill", locale: language },
    shippingAddress: address,
  });
  await story.dispatches();
  await story.until(daysLater(dispatchDay, 30));
  await story.says("review.posted", { order: { id: "o-1" }, review: { id: "r-1", rating: 5, itemId: "i-1" } });
  await story.until(daysLater(dispatchDay, 33));
  expect([...story.steps()].sort()).toEqual([...five].sort());
  return story.mails();
}

beforeAll(async () => {
  for (const language of Object.keys(languages) as Language[]) stories.set(language, await tellIn(language));
});

function mailOf(language: Language, step: string): ReceivedMail {
  const found = stories.get(language)?.find((mail) => headerOf(mail, "feedback-id").startsWith(`${step}:`));
  if (found === undefined) throw new Error(`no ${step} in ${language}`);
  return found;
}

function linksOf(text: string): readonly string[] {
  return [...new Set([...text.matchAll(/https?:\/\/[^\s"'<>）。，)]+/g)].map(([link]) => link.replaceAll("&amp;", "&")))].sort();
}

/** Links a reader can follow; the schemas in the markup are none. */
function hrefsOf(html: string): readonly string[] {
  return [
    ...new Set(
      [...html.matchAll(/href="(https?:[^"]+)"/g)].map(([, link = ""]) => link.replaceAll("&amp;", "&").replaceAll("&#x3D;", "=")),
    ),
  ].sort();
}

describe.each(Object.keys(languages) as Language[])("in %s", (language) => {
  const { lang, han } = languages[language];

  describe.each(five)("%s", (step) => {
    test("is written in the buyer's language, subject and text and HTML, with nothing left to fill in", () => {
      const mail = mailOf(language, step);
      expect(mail.html).toMatch(new RegExp(`<html[^>]* lang="${lang}"`));
      expect(/\p{Script=Han}/u.test(mail.subject)).toBe(han);
      expect(/\p{Script=Han}/u.test(mail.text)).toBe(han);
      for (const part of [mail.subject, mail.text.replaceAll("{{order.total}}", ""), mail.html.replaceAll("{{order.total}}", "")]) {
        expect(part).not.toMatch(/\{\{|\}\}|\[\[|\]\]|undefined|null|NaN|Hi ,|您好，,/);
      }
      expect(mail.html).not.toContain("<b>Shade</b>");
    });

    test("has the same links in text and HTML, the way out among them (OUT-02)", () => {
      const mail = mailOf(language, step);
      expect(linksOf(mail.text)).toEqual(hrefsOf(mail.html));
      expect(linksOf(mail.text).some((link) => link.startsWith(`${publicUrl}/u/`))).toBe(true);
      for (const link of hrefsOf(mail.html)) expect(link).toMatch(/^https:/);
    });

    test("is one well-formed message: one of each header, text before HTML, short lines, CRLF only (OUT-01, OUT-02)", () => {
      const mail = mailOf(language, step);
      for (const key of ["from", "to", "subject", "date", "message-id", "mime-version", "content-type"]) headerOf(mail, key);
      const raw = mail.raw.toString("latin1");
      expect(raw).not.toMatch(/[^\r]\n|\r[^\n]/);
      for (const line of raw.split("\r\n")) expect(line.length).toBeLessThanOrEqual(998);
      expect(raw).toMatch(/^[\t\r\n -~]*$/);
      expect(headerOf(mail, "content-type")).toMatch(/^multipart\/alternative/);
      const types = [...raw.matchAll(/^Content-Type: (text\/\w+)[^\r]*charset=([\w-]+)/gim)].map(([, type, charset]) => [
        type,
        charset?.toLowerCase(),
      ]);
      expect(types).toEqual([
        ["text/plain", "utf-8"],
        ["text/html", "utf-8"],
      ]);
      expect(mail.text.trim()).not.toBe("");
    });

    test("has an opaque Message-ID, says that a machine wrote it, and a way out where it is not about the order itself (OUT-03, OUT-04, OUT-07)", () => {
      const mail = mailOf(language, step);
      const id = headerOf(mail, "message-id");
      expect(id).toMatch(/^<[^@<>\s]+@lantern\.example>$/);
      expect(id).not.toMatch(/maya|1001|o-1/);
      expect(headerOf(mail, "auto-submitted")).toBe("auto-generated");
      expect(headerOf(mail, "x-auto-response-suppress")).toBe("OOF, AutoReply");
      expect(mail.headers.filter(({ key }) => key === "precedence")).toEqual([]);
      const category = headerOf(mail, "feedback-id").split(":")[2];
      if (category === "order") return;
      const way = /^List-Unsubscribe: <(https:[^>]+)>, <mailto:[^>]+>\r?$/im.exec(mail.raw.toString("latin1"));
      expect(way?.[1]?.length).toBeLessThanOrEqual(200);
      expect(mail.text).toContain(way?.[1]);
      expect(way?.[1]).not.toMatch(/maya|buyer|1001/);
      expect(mail.raw.toString("latin1")).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r?$/m);
      headerOf(mail, "list-id");
    });
  });

  test("no two messages share a Message-ID", () => {
    const ids = (stories.get(language) ?? []).map((mail) => headerOf(mail, "message-id"));
    expect(new Set(ids).size).toBe(five.length);
  });

  test("the reminder shows what was bought: names, numbers, quantities, prices, total and date, as the buyer's country writes them", () => {
    const { text, html } = mailOf(language, "feedback-reminder");
    for (const part of [text, html]) {
      expect(part).toContain("Paper lantern");
      expect(part).toContain("LAMP-1");
      expect(part).toMatch(/1,024\.50/);
      expect(part).toMatch(/2,058\.90/);
      expect(part).toMatch(han ? /2026年1月18日/ : /January 18, 2026/);
      expect(part).toContain("https://lantern.example/review");
    }
  });

  test("the thanks name the item reviewed, and ask for nothing", () => {
    const { text } = mailOf(language, "review-thanks");
    expect(text).toContain("Paper lantern");
    expect(text).not.toMatch(/\/review\b|coupon|discount|优惠|折扣/i);
  });

  test("the notice names order, day, carrier and tracking number, with the carrier's page as a link", () => {
    const { text, html } = mailOf(language, "dispatch-notice");
    expect(text).toContain("1001");
    expect(text).toContain("EE123456785CN");
    expect(text).toMatch(/EMS/);
    expect(hrefsOf(html).some((link) => link.includes("EE123456785CN"))).toBe(true);
    expect(text).toMatch(han ? /1月20日/ : /January 20/);
  });
});

test("a buyer whose language there is no template in is written to in the shop's", async () => {
  const story = await tell({ shop: { locale: "zh-CN" } });
  await story.places({ buyer: { email: maya, name: "Aino", locale: "fi-FI" }, shippingAddress: { country: "FI" } });
  await story.dispatches();
  await story.until(dispatchDay);
  expect(story.mails()[0]?.subject).toMatch(/\p{Script=Han}/u);
});
