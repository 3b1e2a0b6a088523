import { z } from "zod";
import { type Instant, instant, iso, parseInstant } from "../core/instant.ts";

/**
 * The kinds of field that senders' bodies are made of, checked and brought into the one form that facts use.
 *
 * None changes the type, only the value (`overwrite`), so the same schemas describe the input in OpenAPI.
 *
 * PostgreSQL's `jsonb` and `text` refuse NUL and lone surrogates. In prose they are cleaned away, because one bad character in a
 * title is no reason to lose an order; in ids they are refused, because cleaning could make two orders one.
 */
export const text = z.string().overwrite((value) => clean(value, 5_000));

/** Longer prose that is kept as evidence or shown to operators: a consent's wording, a review. */
export const prose = z.string().overwrite((value) => clean(value, 20_000));

/** An e-mail address as it was given. NUL becomes a character that no address has: taking it out would make another address of it. */
export const emailText = z.string().overwrite((value) => clean(value.replaceAll("\0", "\ufffd"), 5_000));

/** Bounded, because ids are parts of index entries. */
export const identifier = z
  .string()
  .min(1, { error: "is empty" })
  .max(200, { error: "is longer than 200 characters" })
  .refine((value) => value.isWellFormed() && !hasControl.test(value), { error: "has control characters or lone surrogates" });

/** ISO 8601 with an offset, in a year from 1970 to 2999; comes out in UTC with milliseconds. */
export const time = z
  .string()
  .refine((value) => readTime(value) !== null, { error: "is not an ISO 8601 time with an offset, from 1970 to 2999", abort: true })
  .overwrite((value) => utc(value) ?? value)
  .meta({ format: "date-time" });

/** A decimal in major units, not negative: `49.90`. */
export const money = z.string().regex(/^(0|[1-9]\d{0,14})(\.\d{1,6})?$/, { error: "is not a decimal amount like 49.90" });

export const currency = z
  .string()
  .regex(/^[A-Za-z]{3}$/, { error: "is not a currency code (ISO 4217)" })
  .toUpperCase();

export const country = z
  .string()
  .regex(/^[A-Za-z]{2}$/, { error: "is not a country code (ISO 3166-1 alpha-2)" })
  .toUpperCase();

export const quantity = z.int().min(0, { error: "is negative" }).max(1_000_000, { error: "is beyond a million" });

/** An absolute http(s) URL: anything else would be a dead or a dangerous link in a mail. */
export const webUrl = z.string().refine((value) => value === "" || readWebUrl(value) !== null, { error: "is not an absolute http(s) URL" });

/** Gives an absolute http(s) URL as it was written, trimmed, or `null`. */
export function readWebUrl(value: string | null | undefined): string | null {
  const trimmed = value?.trim() ?? "";
  if (trimmed.length > 2_000 || hasControl.test(trimmed) || !/^https?:\/\//i.test(trimmed) || !trimmed.isWellFormed()) return null;
  return URL.canParse(trimmed) ? trimmed : null;
}

/** Brings a language tag into BCP 47's own spelling (`de_at` → `de-AT`); `null` when it is none. */
export function readLocale(value: string | null | undefined): string | null {
  const tag = (value ?? "").trim().replaceAll("_", "-");
  if (!/^[a-z]{2,3}(-[a-z0-9]{1,8}){0,6}$/i.test(tag)) return null;
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? null;
  } catch {
    return null; // well spelled, yet not a tag: `de-1`
  }
}

/** Gives a time as ISO 8601 UTC, or `null`. */
export function utc(value: string | null | undefined): string | null {
  const at = readTime(value ?? "");
  return at === null ? null : iso(at);
}

/** Trims, and makes the empty text `null`. */
export function orNull(value: string | null | undefined): string | null {
  const trimmed = value?.trim() ?? "";
  return trimmed === "" ? null : trimmed;
}

/** Takes NUL out, replaces lone surrogates, and cuts what is longer than `max` UTF-16 units. */
export function clean(value: string, max: number): string {
  const short = value.length > max ? value.slice(0, max) : value;
  return (short.includes("\0") ? short.replaceAll("\0", "") : short).toWellFormed();
}

const hasControl = /[\p{Cc}]/u;

/** `parseInstant`, less what is not a day (30 February) and what a table or a year of four digits cannot hold. */
function readTime(value: string): Instant | null {
  const at = parseInstant(value);
  if (at === null || at < 0 || at >= beyond) return null;
  const [year, month, day] = [Number(value.slice(0, 4)), Number(value.slice(5, 7)), Number(value.slice(8, 10))];
  return new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day ? at : null;
}

const beyond = instant(Date.UTC(3000, 0, 1));
