import { isUtf8 } from "node:buffer";

export type JsonReading = { readonly kind: "json"; readonly value: unknown } | { readonly kind: "bad"; readonly reason: string };

/**
 * Reads a body as JSON, exactly and within bounds (IN-09, IN-14). Never throws.
 *
 * Integers that a JavaScript number cannot hold come out as strings of the same digits, so that two ids beyond 2^53 stay two;
 * all other numbers are numbers. Refuses invalid UTF-8, more than 64 levels, and whatever JSON.parse refuses; a byte order mark
 * is passed over. `__proto__` is an ordinary key. NUL and lone surrogates written as escapes are valid JSON and still in the
 * strings: `fields.ts` deals with them where a string enters a fact.
 *
 * A 17 kB order takes about 0.1 ms, most of it JSON.parse, whose own way to keep the digits, a reviver, is five times slower.
 */
export function readJson(body: Buffer): JsonReading {
  if (!isUtf8(body)) return { kind: "bad", reason: "is not UTF-8" };
  const start = body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? 3 : 0;
  const outline = outlineOf(body, start);
  if (outline.depth > maxDepth) return { kind: "bad", reason: `is nested deeper than ${maxDepth} levels` };
  try {
    const text = body.toString("utf8", start);
    const value: unknown = JSON.parse(text);
    // Only text that has proved to be JSON is rewritten: quoting digits first would make `{12345678901234567890:1}` valid.
    return { kind: "json", value: outline.long.length === 0 ? value : JSON.parse(quoteIntegers(body, start, outline.long)) };
  } catch {
    return { kind: "bad", reason: body.length === start ? "is empty" : "is not JSON" };
  }
}

const maxDepth = 64;

const quote = 0x22;
const backslash = 0x5c;
const zero = 0x30;
const nine = 0x39;
const brace = 0x7b; // and `}` two further on
const bracket = 0x5b; // likewise

interface Outline {
  readonly depth: number;
  /** Where runs of 16 and more digits begin, outside strings. */
  readonly long: readonly number[];
}

/**
 * Walks over the bytes once: how deep it goes, and where integers stand that may be too long for a number.
 *
 * One flat loop, because a function call a string costs more than the whole walk.
 */
function outlineOf(body: Buffer, start: number): Outline {
  const end = body.length;
  const long: number[] = [];
  let level = 0;
  let depth = 0;
  let digits = 0;
  let at = start;
  while (at < end) {
    const byte = body[at++] as number; // in bounds, and a check would double the time
    if (byte === quote) {
      digits = 0;
      while (at < end) {
        const inner = body[at++];
        if (inner === quote) break;
        if (inner === backslash) at++;
      }
    } else if (byte >= zero && byte <= nine) {
      digits++;
      if (digits === 16) long.push(at - 16);
    } else {
      digits = 0;
      if (byte === brace || byte === bracket) {
        level++;
        if (level > depth) depth = level;
      } else if (byte === brace + 2 || byte === bracket + 2) {
        level--;
      }
    }
  }
  return { depth, long };
}

/** The same JSON with those integers in quotes that a number would change. */
function quoteIntegers(body: Buffer, start: number, long: readonly number[]): string {
  let text = "";
  let done = start;
  for (const at of long) {
    let from = at;
    while (from > done && partOfNumber(body[from - 1])) from--;
    let end = at;
    while (end < body.length && partOfNumber(body[end])) end++;
    const token = body.toString("latin1", from, end);
    if (!/^-?\d+$/.test(token) || Number.isSafeInteger(Number(token))) continue;
    text += `${body.toString("utf8", done, from)}"${token}"`;
    done = end;
  }
  return text + body.toString("utf8", done);
}

function partOfNumber(byte: number | undefined): boolean {
  return byte !== undefined && "+-.0123456789eE".includes(String.fromCharCode(byte));
}
