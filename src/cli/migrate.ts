import { startEmbeddedPostgres } from "../embedded/postgres.ts";
import { migrateQueue } from "../queue/queue.ts";
import { migrateToLatest } from "../store/migrate.ts";
import { complain, configured } from "./configured.ts";

/** Brings the database, and the queue's tables in it, to the newest schema. Answers the exit code. */
export async function migrateCommand(json: boolean): Promise<number> {
  const config = configured();
  if (config === null) return 2;
  try {
    const embedded = config.databaseUrl === null ? await startEmbeddedPostgres({ dataDir: config.dataDir }) : null;
    try {
      const url = config.databaseUrl ?? embedded?.url ?? "";
      const ran = await migrateToLatest(url);
      if (config.redisUrls.length === 0) await migrateQueue({ kind: "postgres", url });
      if (json) process.stdout.write(`${JSON.stringify({ ran })}\n`);
      else process.stdout.write(ran.length === 0 ? "The database is up to date.\n" : `Ran ${ran.length}: ${ran.join(", ")}\n`);
      return 0;
    } finally {
      await embedded?.stop();
    }
  } catch (error) {
    complain(error);
    return 1;
  }
}
