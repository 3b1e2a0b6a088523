import { hash } from "node:crypto";
import { type EncodedBody, encodeHtml, encodeText } from "./transfer-encoding.ts";

/** One header: a text that is encoded and folded as needed, or a value that stands as it is. */
export type Header = readonly [name: string, value: string | { readonly asIs: string }];

/** Puts a mail together: headers in their order, then text and HTML as alternatives, text first. `seed` makes the same mail the same bytes. */
export function buildMail(headers: readonly Header[], body: { readonly text: string; readonly html: string }, seed: string): Buffer {
  // "=_" stands in no quoted-printable and no base64, so no part can hold it; 7-bit text could, but for a hash nobody can foresee.
  const boundary = `=_${hash("sha256", `${seed}\0${body.text.length}`).slice(0, 32)}`;
  const head = headers.map(headerLine).join("");
  const text = partOf(boundary, "text/plain", encodeText(body.text));
  const html = partOf(boundary, "text/html", encodeHtml(body.html));
  // Put together as text and turned into bytes once. Headers may hold an address outside ASCII (OUT-13); all else is ASCII.
  return Buffer.from(
    `${head}MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary="${boundary}"\r\n\r\n${text}${html}--${boundary}--\r\n`,
  );
}

function partOf(boundary: string, type: string, { encoding, text }: EncodedBody): string {
  return `--${boundary}\r\nContent-Type: ${type}; charset=utf-8\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n${text}`;
}

/** A display name and an address, as From and To have them. */
export function mailbox({ name, address }: { readonly name: string; readonly address: string }): string {
  if (name === "") return address;
  if (/^[\w ']*$/.test(name)) return `${name} <${address}>`;
  return `${/^[ -~]*$/.test(name) ? `"${name}"` : encodedWords(name)} <${address}>`;
}

/** A text for Subject: as it is when it is ASCII, else encoded words (RFC 2047). */
export function headerWords(text: string): string {
  return /^[ -~]*$/.test(text) ? text : encodedWords(text);
}

/** An encoded word has 75 characters at most, of which `=?UTF-8?B??=` are 12, and base64 makes 4 of 3: 45 bytes, and never half a letter. */
const bytesOfWord = 45;

function encodedWords(text: string): string {
  const words: string[] = [];
  let word = "";
  for (const letter of text) {
    if (Buffer.byteLength(word + letter) > bytesOfWord) {
      words.push(word);
      word = "";
    }
    word += letter;
  }
  return [...words, word].map((one) => `=?UTF-8?B?${Buffer.from(one).toString("base64")}?=`).join(" ");
}

/** One header with its CRLF; lines are broken at blanks where they would have more than 76 letters (RFC 5322 2.2.3). */
function headerLine([name, value]: Header): string {
  if (typeof value !== "string") return `${name}: ${value.asIs}\r\n`;
  let line = `${name}:`;
  let folded = "";
  for (const word of value.split(" ")) {
    // Never a line of blanks alone: some servers take it for the end of the headers.
    if (word !== "" && line.length + 1 + word.length > 76 && line.trim() !== "" && line !== `${name}:`) {
      folded += `${line}\r\n`;
      line = "";
    }
    line += ` ${word}`;
  }
  return `${folded}${line}\r\n`;
}
