import { sql } from "kysely";
import type { Role } from "../../src/config.ts";
import { type Database, openDatabase } from "../../src/store/database.ts";
import { until } from "../queue/until.ts";
import { atEndOfFile } from "../support/clean-up.ts";
import { type ServiceProcess, startProcess, temporaryFolder } from "../support/process.ts";
import { type Client, clientOf, token } from "../support/service.ts";
import { freshDatabase } from "../support/services.ts";
import { type Sink, startSink } from "../support/smtp-sink.ts";
import { openShops, type Shops, type StepKey } from "./shops.ts";
import { layWire, type Wire } from "./wire.ts";

/** A minute is a second and a half: a lease is 3 s, order mail in doubt goes once more after 18 to 27 s. */
export const haste = 40;
export const leaseMs = 120_000 / haste;
/** The longest of the sweeps, and a busy machine's share. */
export const sweepMs = 1_000;

/** The service as processes of their own on real servers, every way between them a wire that can be cut. */
export interface Stand {
  readonly sink: Sink;
  /** Straight to the database, past the wire. */
  readonly db: Database;
  readonly databaseUrl: string;
  /** What every process is given. */
  readonly env: { readonly DATABASE_URL: string; readonly SMTP_URL: string };
  readonly wires: { readonly postgres: Wire; readonly smtp: Wire };
  readonly shops: Shops;
  readonly api: Client;
  readonly web: ServiceProcess;
  /** The service's time. */
  now(): number;
  start(role: Role, env?: Readonly<Record<string, string>>): Promise<ServiceProcess>;
  /** Waits until nothing that is due waits, is in hand or will be tried again within `withinMs`. */
  settled(withinMs?: number, patienceMs?: number): Promise<void>;
  /** Ends all processes at once. */
  end(): Promise<void>;
}

export interface StandOptions {
  readonly redisUrl?: string;
  readonly databaseUrl?: string;
  /** Mails a second of each worker; absent: as fast as it goes. */
  readonly rate?: number;
  readonly connections?: number;
  /** Only these mails of an order; absent: all three. */
  readonly steps?: readonly StepKey[];
  /** When all but order mail may go; absent: at any hour. */
  readonly hours?: { readonly from: string; readonly to: string };
  /** The service's time, where it is not the machine's. */
  readonly now?: () => number;
  /** Environment of all processes on top of the usual. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Opens an installation with one `web` process that runs. */
export async function openStand({
  redisUrl,
  databaseUrl,
  rate,
  connections = 5,
  steps,
  hours,
  now = Date.now,
  env: extra = {},
}: StandOptions = {}): Promise<Stand> {
  const url = databaseUrl ?? (await freshDatabase()).url;
  const sink = await startSink();
  atEndOfFile(() => sink.stop());
  const db = openDatabase({ url, connections: 4, onError: () => undefined });
  atEndOfFile(() => db.destroy());
  const wires = { postgres: await layWire(url), smtp: await layWire(sink.url) };
  const env = {
    DATABASE_URL: wires.postgres.url,
    DATA_DIR: await temporaryFolder(),
    SECRET_KEY: "a secret key for tests, 32 long..",
    API_TOKEN: token,
    SMTP_URL: `${wires.smtp.url}?connections=${connections}${rate === undefined ? "" : `&rate=${rate}`}`,
    PUBLIC_URL: "https://mail.lantern.example",
    TEST_HASTE: String(haste),
    ...(redisUrl === undefined ? {} : { REDIS_URL: redisUrl }),
    ...extra,
  };
  const running: ServiceProcess[] = [];
  const start: Stand["start"] = async (role, more = {}) => {
    const process = await startProcess({ ...env, ROLE: role, ...more });
    running.push(process);
    return process;
  };
  const web = await start("web");
  const api = clientOf(web.url);
  return {
    sink,
    db,
    databaseUrl: url,
    env,
    wires,
    api,
    web,
    start,
    now,
    shops: await openShops(api, { only: steps, hours, now }),
    async settled(withinMs = 60_000, patienceMs = 90_000) {
      await until(async () => (await leftOver(db, now() + withinMs)) === "", "nothing is on its way any more", patienceMs).catch(
        async (error: Error) => {
          const ended = running.flatMap(({ child }) => (child.exitCode === null ? [] : [`a process ended with ${child.exitCode}`]));
          throw new Error(`${error.message}; left over: ${[await leftOver(db, now() + withinMs), ...ended].join("; ")}`);
        },
      );
    },
    async end() {
      await Promise.all(running.splice(0).map((process) => process.kill()));
    },
  };
}

/** What has not come to its end yet; empty when all has. */
async function leftOver(db: Database, before: number): Promise<string> {
  const soon = new Date(before);
  const { rows } = await sql<{ what: string; n: number }>`
    select 'deliveries stored' as what, count(*) as n from deliveries where state = 'stored'
    union all select 'orders dirty', count(*) from orders where dirty > 0 and closed_at is null
    union all select 'messages ' || state, count(*) from messages where state in ('queued', 'sending') or state = 'planned' and due_at < ${soon} group by state`.execute(
    db,
  );
  return rows.flatMap(({ what, n }) => (n === 0 ? [] : [`${n} ${what}`])).join(", ");
}
