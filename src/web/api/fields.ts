import { z } from "@hono/zod-openapi";
import { readAddress } from "../../core/address.ts";
import { parseCivilDay } from "../../core/civil-day.ts";
import { type Instant, parseInstant } from "../../core/instant.ts";
import { isZone } from "../../core/local-time.ts";

/*
 * The kinds of fields the API takes. Each says what it wants in its error, and what it is in the OpenAPI document.
 */

/** One line for people: no control characters, so nothing in it can become a header of a mail. */
export function line(longest: number) {
  return z
    .string()
    .trim()
    .min(1, "must not be empty")
    .max(longest, `must not be longer than ${longest} characters`)
    .refine((text) => !/\p{Cc}|\u2028|\u2029/u.test(text) && text.isWellFormed(), "must be one line of plain text");
}

/** Several lines for people. */
export function lines(longest: number) {
  return z
    .string()
    .trim()
    .min(1, "must not be empty")
    .max(longest, `must not be longer than ${longest} characters`)
    .refine((text) => !/[^\P{Cc}\n\r\t]/u.test(text) && text.isWellFormed(), "must be plain text");
}

/** One e-mail address (OUT-13), as it will be written to. */
export const address = z
  .string()
  .trim()
  .max(320)
  .transform((text, context): string => {
    const reading = readAddress(text);
    if (reading.kind === "ok") return reading.address;
    context.addIssue({ code: "custom", message: `is not one e-mail address (${reading.reason})` });
    return z.NEVER;
  })
  .openapi({ type: "string", format: "email", example: "service@lantern.example" });

export const timeZone = z
  .string()
  .refine(isZone, "is not an IANA time zone such as Europe/Berlin")
  .openapi({ type: "string", example: "Europe/Berlin", description: "IANA time zone" });

export const locale = z
  .string()
  .max(40)
  .transform((text, context): string => {
    const canonical = canonicalLocale(text);
    if (canonical !== null) return canonical;
    context.addIssue({ code: "custom", message: "is not a BCP 47 language tag such as en or zh-CN" });
    return z.NEVER;
  })
  .openapi({ type: "string", example: "en", description: "BCP 47 language tag" });

export const country = z
  .string()
  .refine(isCountry, "is not an ISO 3166-1 alpha-2 country such as DE")
  .openapi({ type: "string", pattern: "^[A-Z]{2}$", example: "DE", description: "ISO 3166-1 alpha-2" });

export const httpsUrl = z
  .string()
  .trim()
  .max(2_000)
  .refine(isHttpsUrl, "is not an https:// address")
  .openapi({ type: "string", format: "uri", example: "https://lantern.example" });

export const hexColor = z
  .string()
  .regex(/^#[0-9a-fA-F]{6}$/, "is not a colour such as #1f6f5c")
  .transform((text) => text.toLowerCase())
  .openapi({ type: "string", pattern: "^#[0-9a-fA-F]{6}$", example: "#1f6f5c" });

/** An instant: ISO 8601 with an offset or `Z`. */
export const time = z
  .string()
  .transform((text, context): Instant => {
    const at = parseInstant(text);
    if (at !== null) return at;
    context.addIssue({ code: "custom", message: "is not a time such as 2026-01-20T08:00:00Z" });
    return z.NEVER;
  })
  .openapi({ type: "string", format: "date-time", example: "2026-01-20T08:00:00Z" });

/** A date without a time. */
export const day = z
  .string()
  .refine((text) => parseCivilDay(text) !== null, "is not a date such as 2026-10-01")
  .openapi({ type: "string", format: "date", example: "2026-10-01" });

/** In answers: ISO 8601 UTC with milliseconds. */
export const timeOut = z.string().openapi({ type: "string", format: "date-time", example: "2026-01-20T08:00:00.000Z" });

export const id = z.string().openapi({ type: "string", format: "uuid", example: "019bd4a0-6c00-7cc3-98c4-dc0c0c07398f" });

function canonicalLocale(text: string): string | null {
  try {
    return Intl.getCanonicalLocales(text)[0] ?? null;
  } catch {
    return null;
  }
}

const regionNames = new Intl.DisplayNames("en", { type: "region", fallback: "none" });
/** Codes that CLDR has names for and ISO 3166-1 does not assign to a country. */
const notCountries: ReadonlySet<string> = new Set(["EU", "EZ", "QO", "UN", "XA", "XB", "ZZ", "AC", "CP", "CQ", "DG", "EA", "IC", "TA"]);

function isCountry(text: string): boolean {
  return /^[A-Z]{2}$/.test(text) && !notCountries.has(text) && regionNames.of(text) !== undefined;
}

function isHttpsUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && url.protocol === "https:" && url.hostname !== "" && url.username === "" && url.password === "" && !/\s/.test(text);
}
