import * as fs from "node:fs/promises";
import * as path from "node:path";
import { FileMigrationProvider, type MigrationResultSet, Migrator } from "kysely/migration";
import { type Database, openDatabase } from "./database.ts";

const folder = path.join(import.meta.dirname, "../../migrations");

/**
 * Brings a database to the newest schema; harmless to repeat and to run in several processes at once (a lock lets one work).
 *
 * Returns the names of the migrations it ran. Throws with the name of the one that failed; that one was rolled back.
 */
export async function migrate(db: Database): Promise<readonly string[]> {
  return applied(await migrator(db).migrateToLatest());
}

/** `migrate` on a database given by its URL. */
export async function migrateToLatest(url: string): Promise<readonly string[]> {
  const db = openDatabase({ url, connections: 2 });
  try {
    return await migrate(db);
  } finally {
    await db.destroy();
  }
}

/** The names of migrations that have not run yet; empty when the schema is current. Changes nothing. */
export async function pendingMigrations(db: Database): Promise<readonly string[]> {
  const all = await migrator(db).getMigrations();
  return all.filter((migration) => migration.executedAt === undefined).map((migration) => migration.name);
}

function migrator(db: Database): Migrator {
  return new Migrator({ db, provider: new FileMigrationProvider({ fs, path, migrationFolder: folder }) });
}

function applied({ error, results }: MigrationResultSet): readonly string[] {
  if (error !== undefined) {
    const failed = results?.find((result) => result.status === "Error")?.migrationName;
    throw new Error(`migration ${failed ?? "could not start"}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  return (results ?? []).map((result) => result.migrationName);
}
