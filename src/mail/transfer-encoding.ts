/** The body of one part of a mail, as it goes over the wire: seven bits wide, CRLF, lines of at most 76 letters, a CRLF at its end. */
export interface EncodedBody {
  readonly encoding: "7bit" | "quoted-printable" | "base64";
  /** ASCII. */
  readonly text: string;
}

/** Lines of at most 76 characters, the `=` of a soft line break included (RFC 2045 6.7). */
const longest = 76;
const cr = 0x0d;
const lf = 0x0a;
const equals = 0x3d;
const space = 0x20;
const tab = 0x09;
const hex = Buffer.from("0123456789ABCDEF");

/**
 * Encodes a text for a mail: as it is when that is short lines of ASCII, else quoted-printable, or base64 (`mostlyForeign`) where most letters lie outside ASCII.
 *
 * Line breaks of any kind become CRLF. Written by hand, and not taken from nodemailer: over its streams a mail of 20 kB took as long as everything
 * else that is done to send it.
 */
export function encodeText(text: string): EncodedBody {
  if (isPlain(text)) return { encoding: "7bit", text: endedByLine(text) };
  return mostlyForeign(text) ? base64(text) : { encoding: "quoted-printable", text: quotedPrintable(text) };
}

/** The same for HTML, whose markup is ASCII always. */
export function encodeHtml(html: string): EncodedBody {
  return { encoding: "quoted-printable", text: quotedPrintable(html) };
}

function isPlain(text: string): boolean {
  // A blank at the end of a line may be lost on the way, and a line that begins with a dot or with "From " was changed by some.
  return /^(?:(?!From |\.)[\t -~]{0,76}(?<![ \t])(?:\r?\n|$))*$/.test(text);
}

function mostlyForeign(text: string): boolean {
  let foreign = 0;
  let letters = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code > 0x7e) foreign += 1;
    else if ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a) letters += 1;
  }
  return foreign > letters;
}

function endedByLine(text: string): string {
  const lines = text.replace(/\r\n|\r|\n/g, "\r\n");
  return lines.endsWith("\r\n") ? lines : `${lines}\r\n`;
}

function base64(text: string): EncodedBody {
  const encoded = Buffer.from(endedByLine(text), "utf8").toString("base64");
  return { encoding: "base64", text: encoded.replace(/.{1,76}/g, "$&\r\n") };
}

/** Quoted-printable (RFC 2045 6.7), line by line: those of a template are the same in each of its mails, and are encoded once. */
export function quotedPrintable(text: string): string {
  const lines = (text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text).split("\n");
  if (lines.length > 1 && lines.at(-1) === "") lines.pop();
  let encoded = "";
  for (const line of lines) encoded += `${line === "" ? "" : lineOf(line)}\r\n`;
  return encoded;
}

const known = new Map<string, string>();
/** Lines with a buyer's words in them come once and push the others out now and then: cheaper than keeping account of which is which. */
const mostKnown = 4_000;
const longestKnown = 2_000;

function lineOf(line: string): string {
  const before = known.get(line);
  if (before !== undefined) return before;
  const bytes = Buffer.from(line, "utf8");
  const encoded = encodeLine(bytes);
  if (line.length <= longestKnown) {
    if (known.size >= mostKnown) known.clear();
    // A copy: a piece of a text would keep the whole of it.
    known.set(bytes.toString("utf8"), encoded);
  }
  return encoded;
}

function encodeLine(input: Buffer): string {
  // Each byte becomes three at most, and every 72 of those need a soft break of three.
  const output = Buffer.allocUnsafe(Math.ceil(input.length * 3.2) + 16);
  let to = 0;
  let column = 0;
  for (let from = 0; from < input.length; from += 1) {
    const byte = input[from] as number; // within its length
    const atEnd = from === input.length - 1;
    const literal = (byte > space && byte < 0x7f && byte !== equals) || ((byte === space || byte === tab) && !atEnd);
    const width = literal ? 1 : 3;
    // Room for the `=` of a soft break, unless the line ends here anyway.
    if (column + width > (atEnd ? longest : longest - 1)) {
      output[to++] = equals;
      output[to++] = cr;
      output[to++] = lf;
      column = 0;
    }
    if (literal) output[to++] = byte;
    else {
      output[to++] = equals;
      output[to++] = hex[byte >> 4] as number; // 0 to 15
      output[to++] = hex[byte & 15] as number;
    }
    column += width;
  }
  return output.toString("latin1", 0, to);
}
