import fc from "fast-check";
import PostalMime from "postal-mime";
import { describe, expect, test } from "vitest";
import { encodeText, quotedPrintable } from "../../src/mail/transfer-encoding.ts";

/** What a reader of another hand makes of it. */
async function decoded(encoding: string, text: string): Promise<string> {
  const head = `Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n`;
  return (await PostalMime.parse(Buffer.from(head + text, "latin1"))).text ?? "";
}

const lines = (text: string) =>
  text
    .toWellFormed()
    .replace(/\r\n|\r|\n/g, "\n")
    .replace(/\n*$/, "");
/** Texts of all kinds: letters, blanks at ends of lines, long lines, signs that mean something in the encoding. */
const texts = fc
  .array(
    fc.oneof(
      fc.string({ unit: "grapheme", maxLength: 120 }),
      fc.constantFrom("\n", "\r\n", " \n", "\t\n", "=", "=3D", ".", "\n.\n", "From me", "ü".repeat(90), "x".repeat(200)),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join("").replaceAll("\0", "").replaceAll("\ufeff", ""));

describe("a text, encoded for a mail and read by somebody else's reader, is the text (OUT-01)", () => {
  test("as quoted-printable", async () => {
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        const wire = quotedPrintable(text);
        // lines that are known by now are the same
        expect(quotedPrintable(text)).toBe(wire);
        expect(wire.endsWith("\r\n")).toBe(true);
        for (const line of wire.split("\r\n")) {
          expect(line.length).toBeLessThanOrEqual(76);
          expect(line).toMatch(/^(?:[\t -<>-~]|=[0-9A-F]{2})*=?$/);
          expect(line).not.toMatch(/[ \t]$/);
        }
        expect(lines(await decoded("quoted-printable", wire))).toBe(lines(text));
      }),
      { numRuns: 500 },
    );
  });

  test("as whatever suits it", async () => {
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        const { encoding, text: wire } = encodeText(text);
        expect(Math.max(...wire.split("\r\n").map((line) => line.length))).toBeLessThanOrEqual(76);
        expect(lines(await decoded(encoding, wire))).toBe(lines(text));
      }),
      { numRuns: 500 },
    );
  });
});

test.each([
  ["Hello,\n\nyour parcel is on its way.\n", "7bit"],
  ["x".repeat(77), "quoted-printable"],
  ["Grüße aus Köln\n", "quoted-printable"],
  ["您好，包裹已发出\n", "base64"],
  [".hidden\n", "quoted-printable"],
])("%j goes as %s", (text, encoding) => {
  expect(encodeText(text).encoding).toBe(encoding);
});
