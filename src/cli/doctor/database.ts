import { systemClock } from "../../clock.ts";
import type { Config } from "../../config.ts";
import { standingOf } from "../../core/instance.ts";
import { day24, type Instant, iso } from "../../core/instant.ts";
import { startEmbeddedPostgres } from "../../embedded/postgres.ts";
import { tracesOf } from "../../embedded/running.ts";
import { identityOf } from "../../instance-identity.ts";
import { flawedShops, quietSources, serverFacts } from "../../store/checkup.ts";
import { dueLag } from "../../store/claims.ts";
import { storedClock } from "../../store/clock.ts";
import { type Database, openDatabase } from "../../store/database.ts";
import { readInstance } from "../../store/instance.ts";
import { pendingMigrations } from "../../store/migrate.ts";
import { countDirty } from "../../store/planning.ts";
import { restingShops } from "../../store/rests.ts";
import { keptKey } from "../settings.ts";
import { checkCalendar } from "./calendar.ts";
import { type Check, failed, ok, sentenceOf, skipped, warning } from "./check.ts";

const name = "database";
const oldest = 140_000;
const quietMs = 3 * day24;
const mostSkewMs = 5_000;
const mostLagMs = 5 * 60_000;
const mostDirty = 1_000;

/** Whether the database can be reached and is as this version needs it, and what it tells about shops, sources and work left lying. */
export async function checkDatabase(config: Config, running: boolean): Promise<readonly Check[]> {
  const place = await openPlace(config, running);
  if ("check" in place) return [place.check];
  const db = openDatabase({ url: place.url, connections: 2 });
  try {
    return await look(db, config, running);
  } catch (error) {
    return [failed(name, `${place.what} can't be reached: ${sentenceOf(error)}`, place.remedy)];
  } finally {
    await db.destroy();
    await place.close();
  }
}

interface Place {
  readonly url: string;
  readonly what: string;
  readonly remedy: string;
  close(): Promise<void>;
}

async function openPlace({ databaseUrl, dataDir }: Config, running: boolean): Promise<Place | { readonly check: Check }> {
  const close = (): Promise<void> => Promise.resolve();
  if (databaseUrl !== null) {
    const { host } = new URL(databaseUrl);
    return {
      url: databaseUrl,
      what: `PostgreSQL at ${host}`,
      remedy: "see whether it runs, and whether DATABASE_URL has the right host, user and password",
      close,
    };
  }
  const { made, url } = await tracesOf(dataDir);
  if (!made) return { check: skipped(name, "the embedded PostgreSQL will be made at the first start") };
  if (running && url !== null) return { url, what: "the embedded PostgreSQL", remedy: "its log is DATA_DIR/postgres/postgres.log", close };
  try {
    const embedded = await startEmbeddedPostgres({ dataDir });
    return {
      url: embedded.url,
      what: "the embedded PostgreSQL",
      remedy: "its log is DATA_DIR/postgres/postgres.log",
      close: () => embedded.stop(),
    };
  } catch (error) {
    return {
      check: failed(name, `the embedded PostgreSQL does not start: ${sentenceOf(error)}`, "its log is DATA_DIR/postgres/postgres.log"),
    };
  }
}

async function look(db: Database, config: Config, running: boolean): Promise<readonly Check[]> {
  const asked = systemClock.now();
  const { version, now } = await serverFacts(db);
  const here = (asked + systemClock.now()) / 2;
  const skew = Math.abs(now - here);
  const shown = `PostgreSQL ${Math.floor(version / 10_000)}.${version % 10_000}`;
  if (version < oldest) return [failed(name, `${shown} is too old`, "Afterword needs PostgreSQL 14 or newer")];
  const checks: Check[] = [ok(name, `${shown}${config.databaseUrl === null ? ", embedded" : ""}`)];
  checks.push(
    skew <= mostSkewMs
      ? ok("clocks", `this machine and the database differ by ${(skew / 1_000).toFixed(1)} s`)
      : warning(
          "clocks",
          `this machine and the database differ by ${Math.round(skew / 1_000)} s`,
          "switch on time synchronisation (NTP) on both: webhooks that sign their time are refused when it is off by five minutes",
        ),
  );
  const pending = await pendingMigrations(db);
  if (pending.length > 0) {
    return [
      ...checks,
      warning(
        "schema",
        `not up to date: ${pending.length} migrations have not run`,
        "`npx afterword migrate`, or the next start, runs them",
      ),
    ];
  }
  checks.push(ok("schema", "up to date"));
  const today = config.clock.kind === "manual" ? ((await storedClock(db)) ?? asked) : asked;
  const sending = await checkSending(db, config);
  return [
    ...checks,
    sending,
    await checkWork(db, today, running),
    await checkShops(db),
    ...(await checkRests(db, today)),
    await checkSources(db, today),
    await checkCalendar(db, today),
  ];
}

/** Whether this installation may send from the database, or is a copy of the one that may. */
async function checkSending(db: Database, config: Config): Promise<Check> {
  const name = "sending";
  const record = await readInstance(db);
  const secretKey = config.secretKey ?? (await keptKey(config.dataDir));
  if (record === null || secretKey === null) return ok(name, "the first start makes the database its own");
  const standing = standingOf(record, await identityOf(config, secretKey));
  if (standing.kind === "ours") return ok(name, "the database is this installation's");
  const remedy =
    "nothing, if this is a copy to try things out with; if it was moved or restored and is to send, see what went out since (docs/operating.md), then `npx afterword take-over`";
  return warning(name, `held: ${standing.because}`, remedy);
}

async function checkWork(db: Database, now: Instant, running: boolean): Promise<Check> {
  const lag = await dueLag(db, now);
  const dirty = await countDirty(db, mostDirty + 1);
  const late = `the longest due mail has waited for ${Math.round(lag / 60_000)} minutes`;
  if (!running)
    return lag > 0 || dirty > 0 ? ok("work", `${lag > 0 ? `${late}; ` : ""}it goes on when the service runs`) : ok("work", "nothing waits");
  if (lag > mostLagMs)
    return warning("work", late, "see whether a worker runs (ROLE=all or worker), whether the mail server takes mail, and the log");
  if (dirty > mostDirty)
    return warning(
      "work",
      `more than ${mostDirty} orders wait to be planned`,
      "see whether a worker runs (ROLE=all or worker); after an import this is usual for some minutes",
    );
  return ok("work", "nothing waits longer than it should");
}

async function checkRests(db: Database, now: Instant): Promise<readonly Check[]> {
  return (await restingShops(db, now)).map(({ name: shop, until, because }) =>
    failed(
      "policy",
      `servers refuse mail of ${shop}; it rests until ${iso(until)}: ${because}`,
      "see SPF, DKIM, DMARC and block lists of the sender's domain; then `npx afterword shop set <shop> --sending on` lets it go on at once",
    ),
  );
}

async function checkShops(db: Database): Promise<Check> {
  const shops = await flawedShops(db);
  const flaws = shops.flatMap((shop) => [
    ...(shop.noPostalAddress ? [`${shop.name} has no postal address`] : []),
    ...(shop.notSending ? [`${shop.name} does not send`] : []),
    ...(shop.redirected ? [`all mail of ${shop.name} goes to a test address`] : []),
  ]);
  if (flaws.length === 0) return ok("shops", "all have a postal address and send to their buyers");
  return warning("shops", flaws.join("; "), "`npx afterword shop set <shop>` with --postal-address, --sending on or --redirect-to none");
}

async function checkSources(db: Database, now: Instant): Promise<Check> {
  const quiet = await quietSources(db, now, quietMs);
  if (quiet.length === 0) return ok("sources", "none has been silent for three days");
  const list = quiet.map(({ id, platform, shop, lastDeliveryAt }) => {
    const since = lastDeliveryAt === null ? "has never sent anything" : `has been silent since ${iso(lastDeliveryAt).slice(0, 10)}`;
    return `${platform} of ${shop} (${id}) ${since}`;
  });
  return warning(
    "sources",
    list.join("; "),
    "try `npx afterword source test <id>`; platforms switch off webhooks that failed for long: look there whether they still stand",
  );
}
