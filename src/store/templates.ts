import type { Kysely } from "kysely";
import type { Instant } from "../core/instant.ts";
import type { Schema } from "./schema.ts";
import { time } from "./values.ts";

/** A compiled template about to send its first mail. */
export interface KeptTemplate {
  /** Content hash. */
  readonly version: string;
  readonly key: string;
  readonly locale: string;
  /** JSON. */
  readonly compiled: unknown;
}

/** Keeps a compiled template for good, so that mails can be shown as they went out. Harmless to repeat. */
export async function keepTemplate(db: Kysely<Schema>, { version, key, locale, compiled }: KeptTemplate, now: Instant): Promise<void> {
  await db
    .insertInto("templates")
    .values({ version, key, locale, compiled: JSON.stringify(compiled), created_at: time(now) })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
