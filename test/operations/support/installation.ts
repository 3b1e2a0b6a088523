import type { Role } from "../../../src/config.ts";
import { openDatabase } from "../../../src/store/database.ts";
import { atEndOfFile } from "../../support/clean-up.ts";
import { type ServiceProcess, startProcess } from "../../support/process.ts";
import { clientOf, connectShop, standardOrder, token } from "../../support/service.ts";
import { freshDatabase } from "../../support/services.ts";
import { type Sink, startSink } from "../../support/smtp-sink.ts";

/** One database, one SMTP server, and as many processes on them as a test starts. */
export interface Installation {
  readonly sink: Sink;
  /** Starts a process of this role. */
  start(role: Role, env?: Readonly<Record<string, string>>): Promise<ServiceProcess>;
  /** The dispatch notices in the ledger. */
  notices(): Promise<readonly { readonly state: string; readonly dueAt: number; readonly attempts: number }[]>;
}

export interface InstallationOptions {
  /** Set: the queue is there; else it lives in PostgreSQL. */
  readonly redisUrl?: string;
  /** What processes are told instead of the database's own address: a wire's, say. */
  readonly through?: (databaseUrl: string) => Promise<string>;
  readonly connections?: number;
}

/** Prepares an installation of several processes; the clock is the machine's. */
export async function openInstallation({ redisUrl, through, connections = 3 }: InstallationOptions = {}): Promise<Installation> {
  const { url } = await freshDatabase();
  const sink = await startSink();
  atEndOfFile(() => sink.stop());
  const db = openDatabase({ url, connections: 2 });
  atEndOfFile(() => db.destroy());
  const common = {
    DATABASE_URL: (await through?.(url)) ?? url,
    SECRET_KEY: "a secret key for tests, 32 long..",
    API_TOKEN: token,
    SMTP_URL: `${sink.url}?connections=${connections}`,
    PUBLIC_URL: "https://mail.lantern.example",
    ...(redisUrl === undefined ? {} : { REDIS_URL: redisUrl }),
  };
  return {
    sink,
    start: (role, env = {}) => startProcess({ ...common, ROLE: role, ...env }),
    async notices() {
      const rows = await db.selectFrom("messages").select(["state", "due_at", "attempts"]).where("step", "=", "dispatch-notice").execute();
      return rows.map((row) => ({ state: row.state, dueAt: row.due_at, attempts: row.attempts }));
    },
  };
}

/** A shop of this installation, and orders of it. */
export async function openShop(web: ServiceProcess) {
  const shop = await connectShop(clientOf(web.url));
  return {
    /** Tells of an order to `name`@buyer.example and, just now, of its parcel, so that its dispatch notice is due. Answers both statuses. */
    async dispatches(name: string): Promise<readonly number[]> {
      const now = Date.now();
      const [placedAt, paidAt, dispatchedAt] = [60, 59, 0].map((minutes) => new Date(now - minutes * 60_000).toISOString()) as [
        string,
        string,
        string,
      ];
      const order = standardOrder({ id: name, number: name, placedAt, paidAt, buyer: { email: `${name}@buyer.example`, name: "Maya" } });
      const shipment = { id: `parcel-${name}`, carrier: "China Post", trackingNumber: "EE123456785CN", dispatchedAt };
      return [
        await shop.event("order.placed", placedAt, { order }, new Date(now).toISOString()),
        await shop.event("shipment.dispatched", dispatchedAt, { order: { id: name }, shipment }, new Date(now).toISOString()),
      ];
    },
  };
}

/** One figure of `GET /metrics`, summed over its labels; 0 when it is not there. */
export async function metric(process: ServiceProcess, name: string): Promise<number> {
  const text = await (await fetch(`${process.url}/metrics`)).text();
  return text
    .split("\n")
    .filter((line) => line === name || line.startsWith(`${name} `) || line.startsWith(`${name}{`))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" ") + 1)), 0);
}

/** What `GET /readyz` says. */
export async function readiness(
  process: ServiceProcess,
): Promise<{ readonly status: number; readonly checks: Readonly<Record<string, { ok: boolean }>> }> {
  const response = await fetch(`${process.url}/readyz`);
  const body = (await response.json()) as { checks: Record<string, { ok: boolean }> };
  return { status: response.status, checks: body.checks };
}
