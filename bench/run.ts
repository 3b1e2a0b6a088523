import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { sql } from "kysely";
import { openDatabase } from "../src/store/database.ts";
import { findRedis } from "../test/support/test-redis.ts";
import { benchCrowd } from "./crowd.ts";
import { benchIntake } from "./intake.ts";
import { prepareMails, type QueueBackend } from "./mails.ts";
import type { Row } from "./measure.ts";
import { benchPlanning } from "./planning.ts";
import { benchRendering } from "./rendering.ts";
import { details, machine, type Report, table, versions } from "./report.ts";
import { openStage, type Stage } from "./stage.ts";
import { benchWebhooks } from "./webhooks.ts";

const help = `Usage: npm run bench -- [options]

Measures Afterword next to the least that anybody would have to do, in the same run, and writes bench/results/latest.json.

  --quick          sizes too small to mean anything, to see that all of it works
  --only KEY       webhooks, intake, plan, rendering, mails, mails-redis, mails-postgres or
                   claim; may be repeated
  --big            claims from 10 million planned messages instead of 1 million: takes long, and some 15 GB of disk
  --rounds N       as many runs of each instead of 3
  --out FILE       writes the report there instead
  --postgres URL   uses this server (its role must be allowed to create databases) instead of starting one
  --statements     says what PostgreSQL had to do for the mails, statement by statement
  --cpu-prof DIR   has the service's processes leave CPU profiles there
`;

const { values: options } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    big: { type: "boolean", default: false },
    only: { type: "string", multiple: true },
    rounds: { type: "string" },
    out: { type: "string" },
    postgres: { type: "string" },
    statements: { type: "boolean", default: false },
    "cpu-prof": { type: "string" },
    help: { type: "boolean", default: false },
  },
});

const rounds = (usual: number) => (options.rounds === undefined ? usual : Number(options.rounds));

const sizes = options.quick
  ? {
      webhooks: { rounds: 1, count: 60 },
      intake: { rounds: 1, orders: 30 },
      plan: { rounds: 1, orders: 10, times: 10 },
      mails: { rounds: 1, count: 40 },
      rendering: { rounds: 1, count: 20 },
      crowd: { rounds: 1, few: 8_000, many: 10_000, claims: 1 },
    }
  : {
      webhooks: { rounds: rounds(3), count: 2_000 },
      intake: { rounds: rounds(3), orders: 1_000 },
      plan: { rounds: rounds(3), orders: 300, times: 20 },
      mails: { rounds: rounds(3), count: 2_000 },
      rendering: { rounds: rounds(3), count: 2_000 },
      crowd: { rounds: rounds(3), few: 100_000, many: options.big ? 10_000_000 : 1_000_000, claims: 5 },
    };

const wanted = (...keys: string[]) => options.only === undefined || keys.some((key) => options.only?.includes(key));

/** Says how far it is, where it is in nobody's way. */
function progress(row: Row): Row {
  process.stderr.write(`${row.key}: ${Math.round(row.ours.median)} ${row.unit}/s, ${row.ratio.toFixed(2)} of the limit\n`);
  return row;
}

async function measure(stage: Stage): Promise<{ readonly rows: readonly Row[]; readonly skipped: readonly string[] }> {
  const rows: Row[] = [];
  const skipped: string[] = [];
  if (wanted("webhooks")) rows.push(progress(await benchWebhooks(stage, sizes.webhooks)));
  if (wanted("intake")) rows.push(progress(await benchIntake(stage, sizes.intake)));
  if (wanted("plan")) rows.push(progress(await benchPlanning(stage, sizes.plan)));
  if (wanted("rendering")) rows.push(progress(await benchRendering(sizes.rendering)));
  if (wanted("mails", "mails-redis", "mails-postgres")) {
    const possible: readonly QueueBackend[] = stage.redisUrl === undefined ? ["postgres"] : ["redis", "postgres"];
    const backends = possible.filter((backend) => wanted("mails", `mails-${backend}`));
    if (stage.redisUrl === undefined) skipped.push("mails-redis: there is no redis-server on the PATH");
    const mails = await prepareMails(stage, sizes.mails);
    for (const backend of backends) rows.push(progress(await mails.run(backend)));
    await mails.close();
  }
  if (wanted("claim")) for (const row of await benchCrowd(stage, sizes.crowd)) rows.push(progress(row));
  return { rows, skipped };
}

async function postgresVersion(stage: Stage): Promise<string> {
  const db = openDatabase({ url: (await stage.database()).url, connections: 1 });
  const { rows } = await sql<{ server_version: string }>`show server_version`.execute(db);
  await db.destroy();
  return rows[0]?.server_version ?? "unknown";
}

if (options.help) process.stdout.write(help);
else {
  const stage = await openStage({
    statements: options.statements,
    ...(options.postgres === undefined ? {} : { postgresUrl: options.postgres }),
    ...(options["cpu-prof"] === undefined ? {} : { profiles: options["cpu-prof"] }),
  });
  try {
    const measured = await measure(stage);
    const redis = await findRedis(process.env["PATH"] ?? "");
    const report: Report = {
      at: new Date().toISOString(),
      quick: options.quick,
      machine: machine(),
      versions: versions(await postgresVersion(stage), redis),
      ...measured,
    };
    const file = options.out ?? join(import.meta.dirname, "results/latest.json");
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, `${JSON.stringify(report, null, 2)}\n`);
    const { cpu, cores } = report.machine;
    process.stdout.write(`${table(report.rows)}\n${details(report.rows)}\n\nMedians on ${cores} × ${cpu}; ${file}\n`);
    for (const line of report.skipped) process.stdout.write(`skipped ${line}\n`);
  } finally {
    await stage.close();
  }
}
