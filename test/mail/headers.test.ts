import { readFileSync } from "node:fs";
import fc from "fast-check";
import PostalMime from "postal-mime";
import { describe, expect, test } from "vitest";
import { instantOf } from "../../src/core/instant.ts";
import { composeMail, type MailParts, rfcMessageId } from "../../src/mail/headers.ts";

const parts: MailParts = {
  messageId: "0195f7c2-7d1c-7a3e-9b7a-2f6c5d4e3b2a",
  date: instantOf("2026-01-20T08:00:00Z"),
  from: { name: "Lantern & Loom", address: "care@shop.example" },
  to: { name: "Anna Berg", address: "anna@buyers.example" },
  replyTo: "help@shop.example",
  subject: "Has your order 1001 arrived?",
  html: '<p>Hello</p><a href="https://mail.shop.example/u/abc">x</a>',
  text: "Hello https://mail.shop.example/u/abc\n",
  category: "care",
  step: "check-in",
  shopId: "shop-1",
  senderId: "afterword",
  unsubscribe: "https://mail.shop.example/u/abc",
};

const headersOf = async (raw: Buffer) => {
  const { headers } = await PostalMime.parse(raw);
  return headers.map(({ key }) => key).sort();
};
const careHeaders = [
  "auto-submitted",
  "content-type",
  "date",
  "feedback-id",
  "from",
  "list-id",
  "list-unsubscribe",
  "list-unsubscribe-post",
  "message-id",
  "mime-version",
  "reply-to",
  "subject",
  "to",
  "x-auto-response-suppress",
];
const hostile: string[] = JSON.parse(readFileSync(new URL("../fixtures/robustness/blns.json", import.meta.url), "utf8"));

test("a care mail has exactly the headers it should, once each (OUT-01)", async () => {
  const { raw, envelope } = composeMail(parts);
  expect(await headersOf(raw)).toEqual(careHeaders);
  expect(envelope).toEqual({ from: "care@shop.example", to: "anna@buyers.example" });
  const mail = await PostalMime.parse(raw);
  expect(mail.from).toMatchObject({ name: "Lantern & Loom", address: "care@shop.example" });
  expect(mail.to).toMatchObject([{ name: "Anna Berg", address: "anna@buyers.example" }]);
  expect(mail.date).toBe("2026-01-20T08:00:00.000Z");
});

test("an order mail speaks of no list (2.1)", async () => {
  const { raw } = composeMail({ ...parts, category: "order" });
  expect(await headersOf(raw)).toEqual(careHeaders.filter((name) => !name.startsWith("list-")));
  expect(raw.toString()).not.toMatch(/^Precedence:/im);
});

test("the ways out stand unfolded, the address of the mail first (OUT-04)", async () => {
  const long = `https://mail.shop.example/u/${"a".repeat(170)}`;
  const { raw } = composeMail({ ...parts, unsubscribe: long });
  expect(raw.toString()).toContain(`\r\nList-Unsubscribe: <${long}>, <mailto:help@shop.example?subject=Unsubscribe>\r\n`);
  expect(raw.toString()).toContain("\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n");
  expect(() => composeMail({ ...parts, unsubscribe: `${long}${"a".repeat(30)}` })).toThrow(RangeError);
  const { raw: without } = composeMail({ ...parts, replyTo: null });
  expect(without.toString()).toContain("\r\nList-Unsubscribe: <https://mail.shop.example/u/abc>\r\n");
});

test("answers of machines are not asked for, and none of it looks like a person's (OUT-07)", async () => {
  const text = composeMail(parts).raw.toString();
  expect(text).toContain("Auto-Submitted: auto-generated\r\n");
  expect(text).toContain("X-Auto-Response-Suppress: OOF, AutoReply\r\n");
});

test("Feedback-ID has four fields and List-Id names stream and domain (OUT-08)", async () => {
  const { raw } = composeMail({ ...parts, step: "a:b\r\nX: y", shopId: "séance" });
  expect(raw.toString()).toContain("Feedback-ID: a-b-X-y:s-ance:care:afterword\r\n");
  expect(raw.toString()).toContain("List-ID: <care.shop.example>\r\n");
});

test("Message-ID is the same at every attempt, another for every message, and tells nothing (OUT-03)", async () => {
  const first = await PostalMime.parse(composeMail(parts).raw);
  const second = await PostalMime.parse(composeMail({ ...parts, html: "<p>other</p>" }).raw);
  expect(second.messageId).toBe(first.messageId);
  expect(first.messageId).toMatch(/^<[0-9a-f]{40}@shop\.example>$/);
  expect(rfcMessageId("another", "care@shop.example")).not.toBe(first.messageId);
});

test("text comes before HTML, both arrive as they were written (OUT-02)", async () => {
  const text = "Grüße, 您好 🌿\n.dot\n";
  const html = `<p>${"您好".repeat(600)}</p>`;
  const { raw } = composeMail({ ...parts, text, html });
  expect(raw.indexOf("text/plain")).toBeLessThan(raw.indexOf("text/html"));
  const mail = await PostalMime.parse(raw);
  expect(mail.text?.trimEnd()).toBe(text.trimEnd());
  expect(mail.html).toContain("您好".repeat(600));
});

test("lines are short, seven bits wide and end with CRLF (OUT-01)", async () => {
  const { raw } = composeMail({ ...parts, subject: "很长的主题".repeat(40), html: "ü".repeat(5_000), text: "x".repeat(5_000) });
  const text = raw.toString("latin1");
  expect(text.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
  expect(text).toMatch(/^[\t -~\r\n]*$/);
  expect(Math.max(...text.split("\r\n").map((line) => line.length))).toBeLessThanOrEqual(998);
  for (const word of text.match(/=\?UTF-8\?[^?]*\?[^?]*\?=/g) ?? []) expect(word.length).toBeLessThanOrEqual(75);
});

describe("nothing a sender writes becomes a header (SEC-01)", () => {
  const nasty = fc.oneof(
    fc.string({ unit: "binary", maxLength: 200 }),
    fc.constantFrom(...hostile),
    fc.constantFrom(
      "\r\nBcc: evil@x.example",
      "a\nX-Evil: 1",
      "\u2028Bcc: x@y.example",
      "=?UTF-8?Q?=0D=0ABcc:_x@y?=",
      "\0",
      '", <evil@x.example>, "',
    ),
    fc.tuple(fc.constantFrom("\r", "\n", "\r\n", "\u0085", "\u2029"), fc.string({ maxLength: 30 })).map((pair) => pair.join("Bcc: ")),
  );

  test("in names, subject, step, shop or id", async () => {
    await fc.assert(
      fc.asyncProperty(nasty, nasty, nasty, nasty, async (a, b, c, d) => {
        const { raw, envelope } = composeMail({
          ...parts,
          messageId: a,
          from: { name: b, address: parts.from.address },
          to: { name: a, address: parts.to.address },
          subject: c,
          step: d,
          shopId: b,
        });
        const present = await headersOf(raw);
        // an empty subject is a header less; render refuses it long before
        expect(present.filter((name) => name !== "subject")).toEqual(careHeaders.filter((name) => name !== "subject"));
        expect(envelope).toEqual({ from: "care@shop.example", to: "anna@buyers.example" });
        const mail = await PostalMime.parse(raw);
        expect(mail.to?.map(({ address }) => address)).toEqual(["anna@buyers.example"]);
        expect(mail.from?.address).toBe("care@shop.example");
        for (const name of [mail.from?.name, ...(mail.to ?? []).map((one) => one.name)])
          expect(name ?? "").not.toMatch(/[@<>"\p{Cc}\u2028\u202e]/u);
        expect(mail.subject ?? "").not.toMatch(/[\p{Cc}\u2028\u2029\u202e]/u);
        expect([...(mail.subject ?? "")].length).toBeLessThanOrEqual(200);
        expect(mail.cc).toBeUndefined();
        expect(mail.bcc).toBeUndefined();
      }),
      { numRuns: 300 },
    );
  });

  test("in text and HTML, where it stays text", async () => {
    for (const text of hostile) {
      const { raw } = composeMail({ ...parts, text: `x${text}`, html: `<p>${text}` });
      expect(await headersOf(raw)).toEqual(careHeaders);
    }
  });

  test.each([
    "a@b.example>\r\nRCPT TO:<evil@x.example",
    "a@b.example, evil@x.example",
    "a b@c.example",
    "a@b@c.example",
    "<a@b.example>",
    "",
    "a@b.example\u202e",
  ])("an address like %j is not written to (OUT-13)", async (address) => {
    expect(() => composeMail({ ...parts, to: { name: null, address } })).toThrow(RangeError);
    expect(() => composeMail({ ...parts, replyTo: address })).toThrow(RangeError);
  });
});

test("content cannot point to files or the network (OUT-13)", async () => {
  // what a careless caller could be made to pass: mail libraries read such a file
  const html = { path: "/etc/passwd" } as unknown as string;
  expect(() => composeMail({ ...parts, html })).toThrow(TypeError);
});
