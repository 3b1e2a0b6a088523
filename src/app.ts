import PostalMime from "postal-mime";
import type { Deps } from "../jobs/deps.ts";
import { leaseOf } from "../jobs/lease.ts";
import { planNow, replanShop } from "../jobs/plan.ts";
import { TransportHealth } from "../jobs/transport-health.ts";
import { ManualClock, systemClock } from "./clock.ts";
import type { Config } from "./config.ts";
import { newId } from "./core/ids.ts";
import { instant, plus } from "./core/instant.ts";
import { deriveKeys } from "./core/keys.ts";
import { startEmbeddedPostgres } from "./embedded/postgres.ts";
import { listen } from "./http-server.ts";
import { type Instance, openInstance } from "./instance.ts";
import { identityOf } from "./instance-identity.ts";
import { fileMark } from "./instance-mark.ts";
import type { Log } from "./log.ts";
import { mailboxTransport } from "./mail/mailbox-transport.ts";
import { openMailer } from "./mail/mailer.ts";
import { openSamples } from "./mail/samples.ts";
import { defaultTimeouts, type SmtpTimeouts } from "./mail/smtp-session.ts";
import { parseSmtpUrl } from "./mail/smtp-url.ts";
import { sendTestMail } from "./mail/test-mail.ts";
import { smtpTransport, type Transport } from "./mail/transport.ts";
import { openMetrics } from "./metrics.ts";
import { redisMark } from "./queue/redis-mark.ts";
import { keptSecretKey } from "./secret-key.ts";
import { preview, sentMail } from "./show-mail.ts";
import { adapters } from "./sources/registry.ts";
import { beginAttempts, endAttempts } from "./store/attempts.ts";
import { storeClock, storedClock } from "./store/clock.ts";
import { coalesce } from "./store/coalesce.ts";
import { type Database, openDatabase } from "./store/database.ts";
import { insertDeliveries } from "./store/deliveries.ts";
import { keepMail } from "./store/mailbox.ts";
import { migrate, pendingMigrations } from "./store/migrate.ts";
import { overrideFiles } from ".//store/template-overrides.ts";
import { keepTemplate } from "./store/templates.ts";
import { anyUser } from "./store/users.ts";
import { setupToken } from "./web/console/links.ts";
import type { ReadyCheck, WebDeps } from "./web/deps.ts";
import { createWeb, createWorkerWeb } from "./web/web.ts";
import { manualWork, queuedWork, type Work } from "./work.ts";

/** A running service. */
export interface App {
  /** What links start with; also where it listens, unless `PUBLIC_URL` says otherwise. */
  readonly publicUrl: string;
  readonly port: number;
  /** The link that makes the first account of the console; `null` when there is one, and in a process that serves no pages. */
  readonly setupLink: string | null;
  /** Stops taking work, finishes what is being sent, closes everything; within 30 s. Harmless to repeat. */
  stop(): Promise<void>;
}

/**
 * Starts the service: the one place that builds clock, pool, queue and transport, and hands them to jobs and web.
 *
 * HTTP listens first (`/healthz`), then the rest; it is ready when this returns. Throws when it can't start for a reason that
 * waiting does not mend (the port or `DATA_DIR` in use); everything opened until then is closed again. `onLost` hears of an
 * embedded PostgreSQL that died for good: the process should end.
 */
export async function startApp(config: Config, log: Log, onLost: (error: Error) => void = () => undefined): Promise<App> {
  const closers: (() => Promise<void>)[] = [];
  let front = async (): Promise<void> => undefined;
  let stopping: Promise<void> | null = null;
  const stop = (): Promise<void> => {
    // Nobody may ask any more before what answers is taken apart, last opened first.
    stopping ??= closeAll([front, ...closers.toReversed()], log);
    return stopping;
  };
  try {
    const http = await listen(config.host, config.port);
    const ending = new AbortController();
    front = () => {
      ending.abort();
      return http.stop(5_000);
    };
    const publicUrl = config.publicUrl ?? `http://localhost:${http.port}`;

    const databaseUrl = config.databaseUrl ?? (await embeddedDatabase(config, log, onLost, closers));
    const db = openDatabase({
      url: databaseUrl,
      onError: (error) => log.warn({ error: error.message }, "an idle database connection broke"),
    });
    closers.push(() => db.destroy());
    await migrated(db, log, () => stopping !== null);

    const secretKey = config.secretKey ?? (await keptSecretKey(config.dataDir));
    const keys = deriveKeys(secretKey);
    const clock = config.clock.kind === "system" ? systemClock : await manualClock(db, config.clock.start);
    const now = () => clock.now();
    const transport = openTransport(config, db, now);
    const work = clock instanceof ManualClock ? manualWork(clock, log) : await queuedWork(config, databaseUrl, log);
    // Together: work that goes on while nothing can be sent would claim mail and give it back, over and over.
    closers.push(async () => {
      await Promise.allSettled([work.stop(20_000), transport.close(18_000)]);
    });
    const mark = work.moveTo === null && config.redisUrls.length > 0 ? redisMark(config.redisUrls) : fileMark(config.dataDir);
    closers.push(() => mark.close());
    const instance = openInstance({ db, identity: await identityOf(config, secretKey), mark, now, log });
    await instance.standing();
    const metrics = openMetrics({ db, now, log, held: async () => (await instance.standing()).kind === "held" });
    const mailer = openMailer({
      transport,
      keys,
      publicUrl,
      keepTemplate: (template) => keepTemplate(db, template, now()),
      loadOverride: (wanted) => overrideFiles(db, wanted),
    });
    const deps: Deps = {
      db,
      keys,
      log,
      now,
      wake: work.wake,
      wakeMany: work.wakeMany,
      readers: adapters,
      mailer,
      begin: coalesce((batch) => beginAttempts(db, batch, { now: now(), leaseUntil: plus(now(), leaseOf(config)) })),
      end: coalesce(
        async (batch) => {
          await endAttempts(db, batch, now());
          return batch.map(() => undefined);
        },
        // One statement at a time, for those that end within 10 ms and while the last one is written down. Nobody waits for it to send the next mail.
        { parallel: 1, gather: { ms: 10, enough: 10 } },
      ),
      health: new TransportHealth(config.haste),
      haste: config.haste,
      instance,
      counters: metrics,
    };
    const web: WebDeps = {
      db,
      keys,
      log,
      publicUrl,
      apiToken: config.apiToken,
      now,
      storeDelivery: storing(db),
      wake: work.wake,
      planNow: (orderIds) => planNow(deps, orderIds),
      replanShop: (shopId) => replanShop(deps, shopId),
      preview: (messageId) => preview(deps, messageId),
      sent: (messageId) => sentMail(deps, messageId),
      clock: movableClock(clock, work),
      instance,
      ready: () => readiness(db, work, instance),
      metricsText: metrics.text,
      count: (_metric, labels) => metrics.webhook(labels),
      mailbox: config.smtpUrl === null,
      ending: ending.signal,
      templateKeys: mailer.templateKeys,
      samples: once(openSamples),
      sendTest: (mail) => sendTestMail(transport, { ...mail, id: newId(now()), now: now() }),
    };
    await work.start(deps);
    const setupLink = config.role === "worker" ? null : await tellSetup(db, keys, publicUrl, log);
    http.use((config.role === "worker" ? createWorkerWeb(web) : createWeb(web)).fetch);
    return { publicUrl, port: http.port, setupLink, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

async function closeAll(closers: readonly (() => Promise<void>)[], log: Log): Promise<void> {
  for (const close of closers) {
    await close().catch((error: unknown) => log.warn({ error: String(error) }, "something did not close cleanly"));
  }
}

/** While nobody has an account, the link that makes the first one is in the log, once a start. */
async function tellSetup(db: Database, keys: Deps["keys"], publicUrl: string, log: Log): Promise<string | null> {
  if (await anyUser(db)) return null;
  const link = `${publicUrl}/setup/${setupToken(keys)}`;
  log.info({ link }, "nobody has an account yet; this link makes the first one, and then nothing any more");
  return link;
}

async function embeddedDatabase(
  config: Config,
  log: Log,
  onLost: (error: Error) => void,
  closers: (() => Promise<void>)[],
): Promise<string> {
  const postgres = await startEmbeddedPostgres({ dataDir: config.dataDir, log: (event) => log.info({}, event), onLost });
  closers.push(() => postgres.stop());
  return postgres.url;
}

/** Migrates, waiting for a database that is not there yet: it may be starting at the same time as we are. */
async function migrated(db: Database, log: Log, stopped: () => boolean): Promise<void> {
  for (let wait = 1_000; ; wait = Math.min(wait * 2, 15_000)) {
    try {
      const ran = await migrate(db);
      if (ran.length > 0) log.info({ migrations: ran }, "the database was brought up to date");
      return;
    } catch (error) {
      if (stopped() || !isUnreachable(error)) throw error;
      log.warn({ error: String(error) }, "the database can't be reached; trying again");
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}

function isUnreachable(error: unknown): boolean {
  const text =
    error instanceof Error
      ? `${error.message} ${"code" in error ? String(error.code) : ""} ${isUnreachable(error.cause) ? "ECONNREFUSED" : ""}`
      : "";
  return /ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|57P0[123]|timeout|terminated/i.test(text);
}

async function manualClock(db: Database, start: number | null): Promise<ManualClock> {
  const stored = await storedClock(db);
  const begin = instant(Math.max(stored ?? 0, start ?? (stored === null ? systemClock.now() : 0)));
  await storeClock(db, begin);
  return new ManualClock(begin);
}

function movableClock(clock: { now(): ReturnType<typeof systemClock.now> }, work: Work): WebDeps["clock"] {
  const { moveTo } = work;
  if (moveTo === null) return null;
  return {
    now: () => clock.now(),
    async moveTo(at) {
      const sent = await moveTo(at);
      return { now: clock.now(), sent };
    },
  };
}

function openTransport({ smtpUrl, haste }: Config, db: Database, now: Deps["now"]): Transport {
  if (smtpUrl === null) {
    return mailboxTransport(async ({ from, to, raw }) => {
      const { subject = "" } = await PostalMime.parse(raw);
      await keepMail(db, { id: newId(now()), receivedAt: now(), sender: from, recipient: to, subject, raw });
    });
  }
  const parsed = parseSmtpUrl(smtpUrl);
  if (!parsed.ok) throw new Error(`SMTP_URL ${parsed.error}`);
  return smtpTransport(parsed.config, haste === 1 ? {} : { timeouts: inHaste(haste) });
}

/** How long a test run that is in haste waits for SMTP servers: shorter than usual, and long enough for a busy machine. */
function inHaste(haste: number): SmtpTimeouts {
  const least = 10_000;
  const { setupMs, replyMs, bodyMs, finalReplyMs } = defaultTimeouts;
  const shortened = (ms: number) => Math.max(least, ms / haste);
  return { setupMs: shortened(setupMs), replyMs: shortened(replyMs), bodyMs: shortened(bodyMs), finalReplyMs: shortened(finalReplyMs) };
}

/** Stores deliveries of concurrent requests together; bodies of one statement stay under 8 MiB. */
function storing(db: Database): WebDeps["storeDelivery"] {
  const store = coalesce((batch: readonly Parameters<typeof insertDeliveries>[1][number][]) => insertDeliveries(db, batch), {
    maxBatch: 200,
    weigh: (delivery) => delivery.body.length,
    maxWeight: 8 * 1024 * 1024,
  });
  return (delivery) => store({ ...delivery, id: newId(delivery.receivedAt) });
}

async function readiness(db: Database, work: Work, instance: Instance): Promise<readonly ReadyCheck[]> {
  const database = await pendingMigrations(db).then(
    (pending): readonly ReadyCheck[] => [
      { name: "database", ok: true },
      { name: "migrations", ok: pending.length === 0, ...(pending.length === 0 ? {} : { detail: `not run yet: ${pending.join(", ")}` }) },
    ],
    (error: unknown): readonly ReadyCheck[] => [
      { name: "database", ok: false, detail: error instanceof Error ? error.message : String(error) },
    ],
  );
  const { ok, reason } = await work.check();
  return [...database, { name: "queue", ok, ...(reason === undefined ? {} : { detail: reason }) }, await mayItSend(instance)];
}

async function mayItSend(instance: Instance): Promise<ReadyCheck> {
  const check = { name: "sending", vital: false } as const;
  try {
    const standing = await instance.standing();
    if (standing.kind === "ours") return { ...check, ok: true };
    return { ...check, ok: false, detail: `held: ${standing.because}. When this is meant to send, \`npx afterword take-over\`` };
  } catch {
    return { ...check, ok: false, detail: "not known: the database can't be asked" };
  }
}
