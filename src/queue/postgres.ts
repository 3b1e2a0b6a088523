import { PostgresQueueBackend, runMigrations } from "bullmq";
import { Client, Pool } from "pg";
import type { Hand } from "./hand.ts";
import { describe, watchOutages } from "./outage.ts";
import { SharedConnection, schema } from "./postgres-connection.ts";
import type { Backend, Log } from "./queue.ts";
import { within } from "./within.ts";

/**
 * PostgreSQL. All queues and workers of this process share one pool, of which one connection listens for all of them; left to
 * itself BullMQ would open a pool and a listening connection for each queue and each worker.
 *
 * Commits do not wait for the disk: what a crash of the server loses here is what Redis would have lost, and the sweeps bring it back.
 */
export function postgresHand({ url, connections = 5 }: Backend & { kind: "postgres" }, prefix: string, log: Log): Hand {
  const { place, host, options } = readUrl(url);
  const outage = watchOutages(log, host);
  const pool = new Pool({
    connectionString: place,
    options: `${options} -c search_path="${schema}" -c synchronous_commit=off`.trim(),
    application_name: "afterword-queue",
    max: Math.max(connections, 2),
    keepAlive: true,
    connectionTimeoutMillis: 5_000,
    query_timeout: 10_000,
  });
  // The pool listens to a connection only while it is idle: one that breaks in use would end the process. Its query tells of it.
  pool.on("connect", (client) => client.on("error", () => undefined));
  const connection = new SharedConnection(pool, outage);

  return {
    factory: (name, options) => new PatientBackend(connection, name, { ...options, connection: url }, true),
    place: { connection: {} },
    drainDelay: longestWaitSeconds,
    nameOf: (job) => `${prefix}-${job}`,
    onUp: (listener) => void connection.on("up", listener),
    up: () => !connection.away,
    trouble: connection.trouble,
    reached: (ms) =>
      within(
        ms,
        connection.waitUntilReady().then(() => true),
        false,
      ),
    async check() {
      const asked = pool.query("select 1 from migration limit 1").then(
        () => "",
        (error) => describe(error),
      );
      const trouble = await within(1_000, asked, "no answer from PostgreSQL within a second");
      return trouble === "" ? { ok: true } : { ok: false, reason: trouble };
    },
    async tidy(queues) {
      // BullMQ trims a queue's events only when it happens to draw a number divisible by 256, which a regular rhythm can miss for ever.
      await connection.waitUntilReady();
      await pool.query("delete from event where queue = any($1)", [queues.map(({ name }) => name)]);
    },
    async end() {
      outage.end();
      await within(2_000, connection.end(), undefined);
    },
  };
}

/** Makes or brings up to date what BullMQ keeps in PostgreSQL, in one transaction; several at once wait for each other. */
export async function migratePostgres(url: string): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    await runMigrations(client, schema);
  } finally {
    await client.end();
  }
}

/** How long a worker trusts that it would have been told, where BullMQ's own answer is an hour. */
const longestWaitSeconds = 10;

class PatientBackend extends PostgresQueueBackend {
  override get maximumBlockTimeout(): number {
    return longestWaitSeconds;
  }
}

/** Takes a URL's own `options` out of it, where they would replace ours. Throws on what is no URL, without quoting the password. */
function readUrl(text: string): { place: string; host: string; options: string } {
  if (!URL.canParse(text)) throw new Error("the queue's database address is not a URL");
  const url = new URL(text);
  const options = url.searchParams.get("options") ?? "";
  url.searchParams.delete("options");
  return { place: url.href, host: url.host, options };
}
