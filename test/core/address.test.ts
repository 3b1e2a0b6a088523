import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isRelay, mailboxOf, readAddress } from "../../src/core/address.ts";

const isemail = isemailCases();

describe("isemail's cases (OUT-13)", () => {
  test("are all there", () => {
    expect(isemail).toHaveLength(164);
  });

  test("what it calls an error is never mailed to", () => {
    for (const { id, address, category } of isemail) {
      if (category === "ISEMAIL_ERR") expect(readAddress(address).kind, id).toBe("bad");
    }
  });

  test("what it calls valid is mailed to, but for the one whose domain has a single label", () => {
    const refused = isemail.filter(({ address, category }) => /VALID|DNSWARN/.test(category) && readAddress(address).kind === "bad");
    expect(refused.map(({ address }) => address)).toEqual(["test@io"]);
  });

  test("what it calls deprecated, comment or literal is refused, because relays disagree on it", () => {
    for (const { id, address, category } of isemail) {
      if (!/VALID|DNSWARN/.test(category)) expect(readAddress(address).kind, id).toBe("bad");
    }
  });

  test("whatever is mailed to is one recipient at the very domain that was written", () => {
    for (const { id, address } of isemail) {
      const reading = readAddress(address);
      if (reading.kind === "ok") expect(reading.address, id).toBe(address);
    }
  });
});

test.each([
  ["a comma, which makes two recipients", "a@x.example,b@y.example"],
  ["a comma in the local part", "a,b@x.example"],
  ["a semicolon", "a@x.example;b@y.example"],
  ["an injected command", "a@b.example>\r\nRCPT TO:<evil@x.example"],
  ["a line break", "a@x.example\nBcc: b@y.example"],
  ["NUL", "a@x.example\0.evil.example"],
  ["angle brackets", "<a@x.example>"],
  ["a display name", "Anna <a@x.example>"],
  ["two at signs", "a@x.example@y.example"],
  ["a source route", "@x.example:a@y.example"],
  ["a quoted local part", '"a b"@x.example'],
  ["a quoted at sign", '"a@x.example"@y.example'],
  ["a backslash", "a\\@x.example"],
  ["a comment", "a(b)@x.example"],
  ["an address literal", "a@[127.0.0.1]"],
  ["an IPv4 address", "a@127.0.0.1"],
  ["an address in other words", "a@0x7f.1"],
  ["a percent escape in the domain", "a@%65xample.com"],
  ["a space", "a b@x.example"],
  ["a space around it", " a@x.example"],
  ["a no-break space", "a\u00a0b@x.example"],
  ["a line separator", "a\u2028@x.example"],
  ["a zero-width space in the domain", "a@exam\u200bple.com"],
  ["a soft hyphen, which would vanish", "a@exa\u00admple.com"],
  ["a right-to-left override", "a\u202eb@x.example"],
  ["a wide at sign", "a\uff20x.example@y.example"],
  ["an ideographic full stop, which would become a dot", "a@x\u3002example"],
  ["compatibility letters, which would become others", "a@\uff47mail.com"],
  ["a lone surrogate", "a\ud800@x.example"],
  ["a dot in front", ".a@x.example"],
  ["two dots", "a..b@x.example"],
  ["a host without a dot", "root@localhost"],
  ["a broken A-label", "a@xn--\u00e9.example"],
  ["nothing", ""],
])("%s is refused (OUT-13)", (_, text) => {
  expect(readAddress(text).kind).toBe("bad");
});

test.each([
  ["Bob.Norman@Mail.Example.COM", "Bob.Norman@mail.example.com", false],
  ["o'brien+orders@shop.co.uk", "o'brien+orders@shop.co.uk", false],
  ["anna@Bücher.example", "anna@xn--bcher-kva.example", false],
  ["anna@straße.example", "anna@xn--strae-oqa.example", false],
  ["anna@xn--bcher-kva.example", "anna@xn--bcher-kva.example", false],
  ["jörg@x.example", "jörg@x.example", true],
  ["用户@例子.广告", "用户@xn--fsqu00a.xn--4rr70v", true],
])("%s is mailed to as %s", (text, address, needsSmtpUtf8) => {
  const [local, domain] = address.split("@");
  expect(readAddress(text)).toEqual({ kind: "ok", address, local, domain, needsSmtpUtf8 });
});

test("why an address is refused is told in words that a timetable can show", () => {
  expect(readAddress("")).toEqual({ kind: "bad", reason: "empty" });
  expect(readAddress("a@x.example@y.example")).toEqual({ kind: "bad", reason: "not-one-address" });
  expect(readAddress("a@x\u200b.example")).toEqual({ kind: "bad", reason: "forbidden-character" });
  expect(readAddress("a..b@x.example")).toEqual({ kind: "bad", reason: "local-part" });
  expect(readAddress("root@localhost")).toEqual({ kind: "bad", reason: "domain-not-public" });
});

test("lengths are counted in octets, as servers do", () => {
  expect(readAddress(`${"a".repeat(64)}@x.example`).kind).toBe("ok");
  expect(readAddress(`${"a".repeat(65)}@x.example`)).toEqual({ kind: "bad", reason: "local-part-too-long" });
  expect(readAddress(`${"ü".repeat(33)}@x.example`)).toEqual({ kind: "bad", reason: "local-part-too-long" });
  expect(readAddress(`a@${"b".repeat(64)}.example`)).toEqual({ kind: "bad", reason: "domain" });
  expect(readAddress(`${"a".repeat(64)}@${"b.".repeat(92)}example`)).toEqual({ kind: "bad", reason: "too-long" });
});

test("whatever text comes, what is accepted is one address on one line, and reads as itself again", () => {
  const piece = fc.oneof(
    fc.constantFrom("@", ".", ",", "<", ">", "\r\n", " ", '"', "a", "é", "xn--", "-", "\0", "%", "[", "。"),
    fc.string({ unit: "binary", maxLength: 3 }),
  );
  const text = fc.oneof(
    fc.emailAddress(),
    fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join("")),
    fc.array(piece, { maxLength: 3 }).map((pieces) => `a${pieces.join("")}@x.example`),
  );
  fc.assert(
    fc.property(text, (written) => {
      const reading = readAddress(written);
      if (reading.kind === "bad") return;
      expect(reading.address.split("@")).toEqual([reading.local, reading.domain]);
      expect(reading.address).not.toMatch(/[\s,;<>"()[\]\\:\p{Cc}]/u);
      expect(reading.domain).toMatch(/^[a-z0-9.-]+$/);
      expect(written.startsWith(`${reading.local}@`)).toBe(true);
      expect(readAddress(reading.address)).toEqual(reading);
    }),
    { numRuns: 5_000 },
  );
});

test("one mailbox is the same however it is spelt, so that an unsubscribe holds", () => {
  for (const spelling of ["Anna@Bücher.example", " anna@xn--bcher-kva.example", "ANNA@BÜCHER.EXAMPLE"]) {
    expect(mailboxOf(spelling)).toBe("anna@xn--bcher-kva.example");
  }
  expect(mailboxOf("Not An Address ")).toBe("not an address");
});

test("marketplaces' relay addresses are told from buyers' own, private relays included (IN-17)", () => {
  for (const relay of [
    "abc123@marketplace.amazon.com",
    "abc123@marketplace.amazon.co.uk",
    "ABC@Marketplace.Amazon.DE",
    "x_y@members.ebay.com",
    "x_y@members.ebay.co.uk",
    "1@notice.aliexpress.com",
    "1@aliexpress.com",
  ]) {
    expect(isRelay(relay), relay).toBe(true);
  }
  for (const own of [
    "a@amazon.com",
    "a@ebay.com",
    "a@notaliexpress.com",
    "a@mymembers.ebay.example",
    "a@privaterelay.appleid.com",
    "a@mozmail.com",
    "marketplace.amazon.com@x.example",
  ]) {
    expect(isRelay(own), own).toBe(false);
  }
});

/** The cases of isemail-tests.xml. Control characters stand there as their symbols, from U+2400 on. */
function isemailCases(): { id: string; address: string; category: string }[] {
  const xml = readFileSync(new URL("../fixtures/robustness/isemail-tests.xml", import.meta.url), "utf8");
  return [...xml.matchAll(/<test id="(\d+)">\s*<address(?:\/>|>([\s\S]*?)<\/address>)[\s\S]*?<category>(\w+)<\/category>/g)].map(
    ([, id = "", written = "", category = ""]) => ({
      id,
      category,
      address: written
        .replace(/&#x([0-9a-f]+);/gi, (_, code: string) => String.fromCodePoint(Number.parseInt(code, 16)))
        .replaceAll("&lt;", "<")
        .replaceAll("&gt;", ">")
        .replaceAll("&quot;", '"')
        .replaceAll("&amp;", "&")
        .replace(/[\u2400-\u241f]/g, (symbol) => String.fromCharCode(symbol.charCodeAt(0) - 0x2400)),
    }),
  );
}
