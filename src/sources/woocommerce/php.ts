import { z } from "zod";
import { identifier, money } from "../fields.ts";
import { plainText } from "./plain-text.ts";

/*
 * The kinds of field of bodies that PHP wrote: its numbers may be strings and its strings numbers, nothing may be `""` or `false`,
 * and a list whose numbers have gaps is an object.
 */

/** A field that an order can be told without: anything unfit is as if it were `null`. */
export function soft<T extends z.ZodType>(schema: T) {
  return schema.nullish().catch(null);
}

export function list<T extends z.ZodType>(schema: T) {
  return z.preprocess(
    (value) => (typeof value === "object" && value !== null && !Array.isArray(value) ? Object.values(value) : value),
    z.array(schema),
  );
}

/** As it would be written: `7` and `"7"` are the same. */
export const string = z.preprocess((value) => (typeof value === "number" ? String(value) : value), z.string());

export const id = z.preprocess((value) => (Number.isSafeInteger(value) ? String(value) : value), identifier);

export const amount = z.preprocess((value) => (typeof value === "number" ? String(value) : value), money);

export const text = z.preprocess((value) => (typeof value === "number" ? String(value) : value), plainText);

/** A whole number of pieces; what is sold by weight counts as begun pieces. */
export const pieces = z.preprocess(
  (value) => {
    const count = typeof value === "string" && /^\d{1,12}(\.\d+)?$/.test(value) ? Number(value) : value;
    return typeof count === "number" ? Math.ceil(count) : count;
  },
  z.int().min(0, { error: "is negative" }).max(1_000_000, { error: "is beyond a million" }),
);
