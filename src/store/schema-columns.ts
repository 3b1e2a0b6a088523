import type { ColumnType } from "kysely";
import type { Instant } from "../core/instant.ts";

/** `timestamptz`: read as an `Instant`, written as a `Date` (`store/values.ts`). */
export type Time = ColumnType<Instant, Date, Date>;
export type MaybeTime = ColumnType<Instant | null, Date | null | undefined, Date | null>;
/** `date`: `YYYY-MM-DD` both ways. */
export type Day = string;
export type Json<T> = ColumnType<T, string, string>;
export type Default<T> = ColumnType<T, T | undefined, T>;
export type Maybe<T> = ColumnType<T | null, T | null | undefined, T | null>;
