import pino from "pino";
import type { LogLevel } from "./config.ts";

/** The part of a logger that everything here uses. */
export interface Log {
  debug(details: object, message: string): void;
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

/** Writes one JSON line an event to stdout. E-mail addresses are masked wherever they hide, also in servers' answers and errors' words (SEC-08). */
export function openLog(level: LogLevel): Log {
  return pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: {
      level: (label) => ({ level: label }),
      log: (details) => withoutAddresses(details) as Record<string, unknown>,
    },
    hooks: {
      logMethod(args, method) {
        const masked = args.map((arg) => (typeof arg === "string" ? mask(arg) : arg));
        method.apply(this, masked as typeof args);
      },
    },
  });
}

/**
 * `b***@example.com` for every address in a text, also `b***%40example.com` in a URL: enough to see which server, not who.
 *
 * Takes time in proportion to the text, whatever is in it: servers' answers and senders' texts come through here.
 */
export function mask(text: string): string {
  let masked = "";
  let done = 0;
  for (const { 0: sign, index } of text.matchAll(/(?:@|%40)(?=[\p{L}\p{N}[])/gu)) {
    const start = localStart(text, done, index, sign === "@" ? inLocalPart : inEncodedLocalPart);
    if (start === index) continue;
    const [first = ""] = text.slice(start, index);
    masked += `${text.slice(done, start)}${/[\p{L}\p{N}]/u.test(first) ? first : ""}***${sign}`;
    done = index + sign.length;
  }
  return masked + text.slice(done);
}

const inLocalPart = /[\p{L}\p{N}\p{M}\p{Cs}.!#$%&'*+/=?^_`{|}~-]/u;
/** In a URL these part the address from what stands before it. */
const inEncodedLocalPart = /[\p{L}\p{N}\p{M}\p{Cs}.!$%'*+^_`{|}~-]/u;
const longestQuoted = 100;

/** Where the local part that ends at `end` begins; `end` when there is none. Looks no further back than `from`. */
function localStart(text: string, from: number, end: number, allowed: RegExp): number {
  if (text[end - 1] === '"') {
    const quote = text.slice(Math.max(from, end - longestQuoted), end - 1).lastIndexOf('"');
    return quote === -1 ? end : Math.max(from, end - longestQuoted) + quote;
  }
  let start = end;
  while (start > from && allowed.test(text[start - 1] ?? "")) start -= 1;
  return start;
}

const deepest = 6;

/** A copy in which every text is masked, keys included; what lies deeper than anybody reads is left out. */
function withoutAddresses(value: unknown, depth = 0): unknown {
  if (typeof value === "string") return mask(value);
  if (value === null || typeof value !== "object") return value;
  if (depth >= deepest) return "…";
  if (ArrayBuffer.isView(value)) return `${value.byteLength} bytes`;
  if (value instanceof Error) return errorWithoutAddresses(value, depth);
  if ("toJSON" in value && typeof value.toJSON === "function") return withoutAddresses(value.toJSON(), depth + 1);
  if (Array.isArray(value)) return value.map((inner) => withoutAddresses(inner, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [mask(key), withoutAddresses(inner, depth + 1)]));
}

function errorWithoutAddresses(error: Error, depth: number): object {
  return {
    name: error.name,
    message: mask(error.message),
    ...("code" in error && { code: withoutAddresses(error.code, depth + 1) }),
    stack: mask(error.stack ?? ""),
    ...(error.cause !== undefined && { cause: withoutAddresses(error.cause, depth + 1) }),
    ...(error instanceof AggregateError && { errors: withoutAddresses(error.errors, depth + 1) }),
  };
}
