import { setTimeout as pause } from "node:timers/promises";
import { assertSchemaCompatibility, type PgPool, PostgresConnection } from "bullmq";
import type { Pool } from "pg";
import type { Outage } from "./outage.ts";

/** BullMQ's own schema, beside the product's: `migratePostgres` makes it, and a backup may leave it out. */
export const schema = "bullmq";
const probeEveryMs = 500;

type PgListenClient = Awaited<ReturnType<PostgresConnection["getListenClient"]>>;

/**
 * One connection to PostgreSQL for all of BullMQ's parts in this process.
 *
 * BullMQ closes its connection with each part and never asks again after a first failure. This one is closed by `end` alone, and in an
 * outage everybody waits for one probe twice a second, instead of each worker hammering the server as fast as it can refuse.
 */
export class SharedConnection extends PostgresConnection {
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
  return (
    /^(08|57P|E[A-Z])/.test(code) ||
    /connection (terminated|timeout|error)|not queryable|timeout exceeded when trying to connect/i.test(error.message)
  );
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
