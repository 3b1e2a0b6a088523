import { setTimeout as pause } from "node:timers/promises";
import { assertSchemaCompatibility, type PgPool, PostgresConnection, PostgresQueueBackend, runMigrations } from "bullmq";
import { Client, Pool } from "pg";
import type { Hand } from "./hand.ts";
import { describe, type Outage, watchOutages } from "./outage.ts";
import type { Backend, Log } from "./queue.ts";
import { within } from "./within.ts";

type PgListenClient = Awaited<ReturnType<PostgresConnection["getListenClient"]>>;

/** BullMQ's own schema, beside the product's: `migratePostgres` makes it, and a backup may leave it out. */
const schema = "bullmq";
const probeEveryMs = 500;

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

/**
 * One connection to PostgreSQL for all of BullMQ's parts in this process.
 *
 * BullMQ closes its connection with each part and never asks again after a first failure. This one is closed by `end` alone, and in an
 * outage everybody waits for one probe twice a second, instead of each worker hammering the server as fast as it can refuse.
 */
class SharedConnection extends PostgresConnection {
  #ready: Promise<void> | null = null;
  #listener: PgListenClient | null = null;
  #probing = false;
  #away = false;
  #ended = false;
  readonly #outage: Outage;

  constructor(pool: Pool, outage: Outage) {
    // BullMQ describes by an interface of its own what it uses of `pg`'s pool; the pool is what it is made for.
    super(pool as unknown as PgPool);
    this.#outage = outage;
    this.setMaxListeners(0);
    this.on("error", this.trouble);
    this.on("listenerinvalidated", () => this.#doubt());
  }

  /** Takes an error that anything of ours met. A lost connection is no news as long as the server answers the next question. */
  readonly trouble = (error: unknown): void => {
    if (isLoss(error)) this.#doubt();
    else this.#outage.trouble(error);
  };

  override waitUntilReady(): Promise<void> {
    this.#ready ??= this.#probe();
    return this.#ready;
  }

  /** Whether the server is known to be away. */
  get away(): boolean {
    return this.#away;
  }

  override async getListenClient(): Promise<PgListenClient> {
    await this.waitUntilReady();
    const client = await super.getListenClient();
    if (client !== this.#listener) {
      this.#listener = client;
      askInTurn(client);
    }
    return client;
  }

  override async close(): Promise<void> {}

  async end(): Promise<void> {
    this.#ended = true;
    await super.close();
    await this.pool.end();
  }

  #doubt(): void {
    if (this.#probing || this.#ended) return;
    this.#ready = null;
    void this.waitUntilReady();
  }

  async #probe(): Promise<void> {
    this.#probing = true;
    while (!this.#ended) {
      try {
        await assertSchemaCompatibility(this.pool, schema);
        this.#outage.up();
        if (this.#away) setImmediate(() => this.emit("up"));
        this.#away = false;
        break;
      } catch (error) {
        this.#away = true;
        this.#outage.down(error);
        await pause(probeEveryMs);
      }
    }
    this.#probing = false;
  }
}

/** Whether an error means that a connection is gone, by PostgreSQL's classes 08 and 57P, the system's codes, and what `pg` says itself. */
function isLoss(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  return /^(08|57P|E[A-Z])/.test(code) || /connection (terminated|timeout)|timeout exceeded when trying to connect/i.test(error.message);
}

/** Takes a URL's own `options` out of it, where they would replace ours. Throws on what is no URL, without quoting the password. */
function readUrl(text: string): { place: string; host: string; options: string } {
  if (!URL.canParse(text)) throw new Error("the queue's database address is not a URL");
  const url = new URL(text);
  const options = url.searchParams.get("options") ?? "";
  url.searchParams.delete("options");
  return { place: url.href, host: url.host, options };
}

/** Lets all workers ask through one listening connection, one after the other, and hear it all. */
function askInTurn(client: PgListenClient): void {
  const ask = client.query.bind(client);
  let last: Promise<unknown> = Promise.resolve();
  client.query = <R>(text: string, params?: readonly unknown[]) => {
    const answer = last.then(() => ask<R>(text, params));
    last = answer.catch(() => undefined);
    return answer;
  };
  if ("setMaxListeners" in client && typeof client.setMaxListeners === "function") client.setMaxListeners(0);
}

/** How long a worker trusts that it would have been told, where BullMQ's own answer is an hour. */
const longestWaitSeconds = 10;

class PatientBackend extends PostgresQueueBackend {
  override get maximumBlockTimeout(): number {
    return longestWaitSeconds;
  }
}
