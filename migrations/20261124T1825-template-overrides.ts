import { type Kysely, sql } from "kysely";

/** What shops changed of the templates, every version of it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `create table template_overrides (
    shop_id uuid not null references shops (id),
    template text not null,
    version integer not null check (version >= 1),
    files jsonb not null check (jsonb_typeof(files) = 'object'),
    note text,
    published_at timestamptz not null,
    published_by text not null,
    primary key (shop_id, template, version)
  )`,
  "comment on table template_overrides is 'every version a shop published of its own words and structure of a template; never changed'",
  "comment on column template_overrides.template is 'key of a template, or _layout for the words all share'",
  "comment on column template_overrides.files is 'text by file name; empty: back to the built-in template'",
  `alter table shops add column template_versions jsonb not null default '{}' check (jsonb_typeof(template_versions) = 'object')`,
  "comment on column shops.template_versions is 'the version of template_overrides in force, by template; absent: the built-in one. Kept here so that sending knows it without asking'",
];
