import { type Kysely, sql } from "kysely";

/** Which mails a shop's platform sends itself, asked when it is connected, and the steps that were switched off for it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `alter table sources
    add column platform_sends text[] not null default '{}',
    add column switched_off text[] not null default '{}'`,
  "comment on column sources.platform_sends is 'keys of the templates whose mails the platform sends itself'",
  "comment on column sources.switched_off is 'keys of the steps that were switched off because of it, and are to be on again when it no longer does'",
];
