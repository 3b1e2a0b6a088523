import { sql } from "kysely";
import type { Database } from "../../src/store/database.ts";

/**
 * Writes a database's schema `public` as SQL, the same for the same schema on any PostgreSQL: tables with columns, constraints, indexes, triggers and
 * comments, then functions. The migrator's own tables are left out, and so is the queue's schema.
 */
export async function dumpSchema(db: Database): Promise<string> {
  const tables = await lines(
    db,
    `select c.relname as name, 'create table ' || c.relname || E' (\\n' || string_agg(
        '  ' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
        || coalesce(' collate "' || nullif(co.collname, 'default') || '"', '')
        || case when a.attnotnull then ' not null' else '' end
        || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), ''),
        E',\\n' order by a.attnum) || E'\\n);' as line
      from pg_class c
      join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
      left join pg_collation co on co.oid = a.attcollation
      where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname not like 'kysely%'
      group by c.oid, c.relname`,
  );
  const constraints = await lines(
    db,
    `select c.relname as name, 'alter table ' || c.relname || ' add ' || pg_get_constraintdef(k.oid) || ';' as line
      from pg_constraint k join pg_class c on c.oid = k.conrelid
      where k.connamespace = 'public'::regnamespace and c.relname not like 'kysely%' and k.contype <> 'n'`,
  );
  const indexes = await lines(
    db,
    `select t.relname as name, pg_get_indexdef(i.indexrelid) || ';' || coalesce(E'\\n  -- ' || obj_description(i.indexrelid), '') as line
      from pg_index i join pg_class t on t.oid = i.indrelid
      where t.relnamespace = 'public'::regnamespace and t.relname not like 'kysely%' and not exists (select 1 from pg_constraint k where k.conindid = i.indexrelid)`,
  );
  const triggers = await lines(
    db,
    `select c.relname as name, pg_get_triggerdef(t.oid) || ';' as line
      from pg_trigger t join pg_class c on c.oid = t.tgrelid where not t.tgisinternal and c.relnamespace = 'public'::regnamespace`,
  );
  const functions = await lines(
    db,
    `select p.proname as name, pg_get_functiondef(p.oid) || ';' as line from pg_proc p where p.pronamespace = 'public'::regnamespace`,
  );
  const of = (from: readonly Line[], name: string): readonly string[] => from.filter((line) => line.name === name).map((line) => line.line);
  const blocks = tables.map(({ name, line }) => [line, ...of(constraints, name), ...of(indexes, name), ...of(triggers, name)].join("\n"));
  return `-- Made by \`npm run schema\` from the migrations; do not edit.\n\n${[...blocks, ...functions.map(({ line }) => line)].join("\n\n")}\n`;
}

interface Line {
  readonly name: string;
  readonly line: string;
}

async function lines(db: Database, query: string): Promise<readonly Line[]> {
  const { rows } = await sql.raw<Line>(`select * from (${query}) as found order by name collate "C", line collate "C"`).execute(db);
  return rows;
}
