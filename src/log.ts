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

/** `b***@example.com` for every address in a text: enough to see which server, not who. */
export function mask(text: string): string {
  return text.replace(/([\p{L}\p{N}])[\p{L}\p{N}.!#$%&'*+/=?^_`{|}~-]*@(?=[\p{L}\p{N}])/gu, "$1***@");
}

function withoutAddresses(value: unknown, depth = 0): unknown {
  if (typeof value === "string") return mask(value);
  if (value === null || typeof value !== "object" || depth > 5) return value;
  if (value instanceof Error) return { name: value.name, message: mask(value.message), stack: mask(value.stack ?? "") };
  if (Array.isArray(value)) return value.map((inner) => withoutAddresses(inner, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutAddresses(inner, depth + 1)]));
}
