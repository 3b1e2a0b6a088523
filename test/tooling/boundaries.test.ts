import { spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { beforeAll, expect, test } from "vitest";
import { atEndOfFile } from "../support/clean-up.ts";

const project = join(import.meta.dirname, "../..");

/** One file a row: where it stands, what it says, and the rule it breaks; null when it keeps them all. */
const files: readonly [path: string, code: string, rule: string | null][] = [
  ["src/core/pure.ts", 'import { z } from "zod";\nimport { one } from "./one.ts";\n\nexport const shape = [z, one];', null],
  ["src/core/one.ts", "export const one = new Date(1);", null],
  ["src/core/reads-store.ts", 'import { db } from "../store/db.ts";\n\nexport const x = db;', "noRestrictedImports"],
  ["src/core/names-store.ts", 'import type { Db } from "../store/db.ts";\n\nexport type X = Db;', "noRestrictedImports"],
  ["src/core/reads-files.ts", 'import { readFile } from "node:fs/promises";\n\nexport const x = readFile;', "noRestrictedImports"],
  ["src/core/reads-clock.ts", "export const now = () => Date.now();", "plugin"],
  ["src/core/reads-today.ts", "export const today = () => new Date();", "plugin"],
  ["src/core/draws-lots.ts", "export const lot = () => Math.random();", "plugin"],
  ["src/core/asks-luxon.ts", 'import { DateTime } from "luxon";\n\nexport const x = () => DateTime.now();', "plugin"],
  ["src/core/reads-environment.ts", 'export const x = process.env["X"];', "noProcessEnv"],
  ["src/core/round.ts", 'import { about } from "./about.ts";\n\nexport const round = () => about;', "noImportCycles"],
  ["src/core/about.ts", 'import { round } from "./round.ts";\n\nexport const about = () => round;', "noImportCycles"],
  ["src/core/CamelCase.ts", "export const x = 1;", "useFilenamingConvention"],
  ["src/core/too-long.ts", `${"// One line.\n".repeat(300)}export const x = 1;`, "noExcessiveLinesPerFile"],
  ["src/core/all-of-it.ts", 'export * from "./one.ts";', "noBarrelFile"],
  ["src/core/by-default.ts", "export default 1;", "noDefaultExport"],
  ["src/core/any-thing.ts", "export const x = (y: any) => y;", "noExplicitAny"],
  ["src/core/surely.ts", "export const x = (y: string | null) => y!.length;", "noNonNullAssertion"],
  ["src/config.ts", "export const environment = () => process.env;", null],
  [
    "src/store/db.ts",
    'import { Kysely } from "kysely";\nimport { one } from "../core/one.ts";\n\nexport type Db = 1;\nexport const db = [Kysely, one];',
    null,
  ],
  ["src/store/asks-queue.ts", 'import { q } from "../queue/q.ts";\n\nexport const x = q;', "noRestrictedImports"],
  ["src/store/asks-config.ts", 'import { environment } from "../config.ts";\n\nexport const x = environment;', "noRestrictedImports"],
  ["src/store/mails.ts", 'import nodemailer from "nodemailer";\n\nexport const x = nodemailer;', "noRestrictedImports"],
  ["src/queue/q.ts", 'import { Queue } from "bullmq";\nimport { Redis } from "ioredis";\n\nexport const q = [Queue, Redis];', null],
  ["src/queue/asks-store.ts", 'import { db } from "../store/db.ts";\n\nexport const x = db;', "noRestrictedImports"],
  ["src/mail/asks-store.ts", 'import { db } from "../store/db.ts";\n\nexport const x = db;', "noRestrictedImports"],
  ["src/mail/queues.ts", 'import { Queue } from "bullmq";\n\nexport const x = Queue;', "noRestrictedImports"],
  ["src/sources/asks-database.ts", 'import pg from "pg";\n\nexport const x = pg;', "noRestrictedImports"],
  ["src/sources/asks-store.ts", 'import { db } from "../store/db.ts";\n\nexport const x = db;', "noRestrictedImports"],
  ["src/embedded/asks-web.ts", 'import { page } from "../web/api/page.ts";\n\nexport const x = page;', "noRestrictedImports"],
  ["src/web/api/page.ts", 'import { Hono } from "hono";\nimport { db } from "../../store/db.ts";\n\nexport const page = [Hono, db];', null],
  ["src/web/api/asks-queue.ts", 'import { q } from "../../queue/q.ts";\n\nexport const x = q;', "noRestrictedImports"],
  ["src/web/api/queues.ts", 'import { Queue } from "bullmq";\n\nexport const x = Queue;', "noRestrictedImports"],
  ["src/web/api/asks-job.ts", 'import { run } from "../../../jobs/run.ts";\n\nexport const x = run;', "noRestrictedImports"],
  ["src/cli/queues.ts", 'import { Queue } from "bullmq";\n\nexport const x = Queue;', "noRestrictedImports"],
  ["src/app.ts", 'import { page } from "./web/api/page.ts";\nimport { q } from "./queue/q.ts";\n\nexport const app = [page, q];', null],
  ["src/main.ts", 'import { Redis } from "ioredis";\n\nexport const x = Redis;', "noRestrictedImports"],
  [
    "jobs/run.ts",
    'import { db } from "../src/store/db.ts";\nimport { one } from "../src/core/one.ts";\n\nexport const run = [db, one];',
    null,
  ],
  ["jobs/asks-config.ts", 'import { environment } from "../src/config.ts";\n\nexport const x = environment;', "noRestrictedImports"],
  ["jobs/asks-mail.ts", 'import { send } from "../src/mail/send.ts";\n\nexport const x = send;', "noRestrictedImports"],
  ["jobs/queues.ts", 'import { Queue } from "bullmq";\n\nexport const x = Queue;', "noRestrictedImports"],
  ["jobs/connects.ts", 'import pg from "pg";\n\nexport const x = pg;', "noRestrictedImports"],
  ["jobs/mails.ts", 'import nodemailer from "nodemailer";\n\nexport const x = nodemailer;', "noRestrictedImports"],
  ["jobs/reads-clock.ts", "export const now = () => Date.now();", "plugin"],
  ["jobs/reads-environment.ts", 'export const x = process.env["X"];', "noProcessEnv"],
  ["migrations/20260101T0000-lonely.ts", 'import { sql } from "kysely";\n\nexport const up = sql;', null],
  ["migrations/20260101T0000-asks.ts", 'import { one } from "../src/core/one.ts";\n\nexport const up = one;', "noRestrictedImports"],
];

type Report = { readonly diagnostics: readonly { readonly category: string; readonly location: { readonly path: string } }[] };

/** The rules that each file was found to break, from one run of the project's own configuration over all of them. */
const found = new Map<string, string[]>();

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), "afterword-lint-"));
  atEndOfFile(() => rm(folder, { recursive: true, force: true }));
  await cp(join(project, "biome.json"), join(folder, "biome.json"));
  await cp(join(project, "lint"), join(folder, "lint"), { recursive: true });
  for (const [path, code] of files) {
    await mkdir(join(folder, dirname(path)), { recursive: true });
    await writeFile(join(folder, path), `${code}\n`);
  }
  const biome = spawn(
    join(project, "node_modules/.bin/biome"),
    ["lint", "--reporter=json", "--max-diagnostics=none", "src", "jobs", "migrations"],
    {
      cwd: folder,
      stdio: ["ignore", "pipe", "ignore"],
    },
  );
  const { diagnostics }: Report = JSON.parse(await text(biome.stdout));
  for (const { category, location } of diagnostics) {
    const rules = found.get(location.path) ?? [];
    found.set(location.path, [...rules, category.split("/").at(-1) ?? category]);
  }
});

test.each(files.filter(([, , rule]) => rule !== null))("%s breaks a rule, and the linter says which", (path, _code, rule) => {
  expect(found.get(path)).toEqual([rule]);
});

test.each(files.filter(([, , rule]) => rule === null))("%s keeps the rules, and the linter lets it be", (path) => {
  expect(found.get(path)).toBeUndefined();
});
