import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import { instant } from "../core/instant.ts";
import type { Schema } from "./schema.ts";

export type Database = Kysely<Schema>;

const timestamptz = 1184;
const date = 1082;
const int8 = 20;

/**
 * Opens a pool on a PostgreSQL 14 or newer.
 *
 * Times come back as `Instant`, dates as `YYYY-MM-DD`, `bigint` as number (nothing here counts past 2^53). Works whatever
 * zone the server is set to. Nothing connects until the first query; `destroy` ends it.
 */
export function openDatabase({ url, connections = 10, onError }: DatabaseOptions): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 60_000,
    // Kept on this side: a transaction pooler in between refuses such settings when they come with the start of a session.
    query_timeout: 60_000,
    keepAlive: true,
    types: { getTypeParser: typeParser },
  });
  // An idle connection that breaks (a restarted server) is replaced by the pool; without a listener it would end the process.
  pool.on("error", (error) => {
    if (!pool.ending) onError?.(error);
  });
  // The pool listens to a connection only while it is idle. One that breaks in use fails its query, and besides emits an error that would end the process.
  pool.on("connect", (client) => client.on("error", () => undefined));
  return new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
}

export interface DatabaseOptions {
  readonly url: string;
  /** At most this many at once, 10 by default. */
  readonly connections?: number;
  /** Hears of idle connections that broke; each is replaced when next needed. */
  readonly onError?: (error: Error) => void;
}

// The driver's own signature of this function is a tangle of overloads; its values are `(text) => unknown`.
const typeParser: typeof pg.types.getTypeParser = ((oid: number, format?: "text" | "binary") => {
  if (format !== "binary") {
    if (oid === timestamptz) return (text: string) => instant(Date.parse(normalised(text)));
    if (oid === date) return (text: string) => text;
    if (oid === int8) return Number;
  }
  return pg.types.getTypeParser(oid, format);
}) as typeof pg.types.getTypeParser;

/** `2026-01-20 18:00:00.123+05:30` or `…+00` as ISO 8601. */
function normalised(text: string): string {
  return `${text.slice(0, 10)}T${text.slice(11)}${/[+-]\d\d$/.test(text) ? ":00" : ""}`;
}
