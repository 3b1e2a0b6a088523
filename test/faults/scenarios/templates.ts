import { cp, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sql } from "kysely";
import { expect } from "vitest";
import { until } from "../../queue/until.ts";
import { startProcess, temporaryFolder } from "../../support/process.ts";
import { check } from "../checker.ts";
import type { Scenario } from "../scenario.ts";
import { openStand } from "../stand.ts";

const root = join(import.meta.dirname, "../../..");

interface Breakage {
  readonly name: string;
  /** The file of `templates/` that is broken, and how. */
  readonly file: string;
  readonly edit: (content: string) => string;
  /** Whose mail it is, by the buyer's language. */
  readonly locale: string;
  /** Everybody's, who gets this template. */
  readonly everyone?: true;
}

/** Of 40 items, which is what a mail shows at most, `depth` loops in each other make 40 to the power of `depth` rounds; of one item, one. */
const loops = (depth: number, body: string) => `${"{{#each @root.order.items}}".repeat(depth)}${body}${"{{/each}}".repeat(depth)}`;
const inSubject = (words: string) => (content: string) => content.replace(/("subject"\s*:\s*")/, `$1${words}`);

const breakages: readonly Breakage[] = [
  {
    name: "an expression that does not end, in German",
    file: "check-in/strings.de.json",
    edit: inSubject("{{#if order.number}}"),
    locale: "de",
  },
  {
    name: "MJML that is broken, in every language",
    file: "check-in/body.mjml",
    edit: (all) => `${all}<mj-texxt>no such tag</mj-texxt>`,
    locale: "es",
    everyone: true,
  },
  { name: "a variable that nobody has, in French", file: "check-in/strings.fr.json", edit: inSubject("{{order.colour}} "), locale: "fr" },
  { name: "loops that would take a year", file: "check-in/body.txt", edit: (all) => all + loops(9, ""), locale: "ja" },
  { name: "10 MB of output", file: "check-in/body.txt", edit: (all) => all + loops(4, "four"), locale: "ja" },
];

/** Mails that can't be made: they alone are parked, with the reason; the worker lives, and all others go out. */
export const brokenTemplates: Scenario = {
  fault: "F12",
  title:
    "templates that can't be used: an expression broken in one language, MJML broken in all, a missing variable, loops that would take a year, 10 MB of output",
  full: "2 mails of each beside good ones of the same template and of another",
  on: "once",
  async run({ backend }) {
    const stand = await openStand({ ...backend, steps: ["care", "notice"] });
    const told = [];
    let orders = 0;
    let parked = 0;
    for (const { name, file, edit, locale, everyone } of breakages) {
      const launcher = await brokenCopy(file, edit);
      const worker = await startProcess({ ...stand.env, ROLE: "worker" }, launcher);
      const first = orders;
      orders += 4;
      const items = Array.from({ length: 50 }, (_, n) => ({ id: `i-${n}`, title: `Lamp ${n}`, quantity: 1, price: "1.00" }));
      const events = [0, 1, 2, 3].flatMap((n) =>
        stand.shops.events(first + n, Date.now() + 300, { locale: n < 2 ? locale : "en-US", ...(n < 2 ? { items } : {}) }),
      );
      told.push(...(await stand.shops.tellAll(events)));
      await until(async () => (await states(stand.db, first, "care")).length === 4, "all is planned");
      await stand.settled();
      expect(worker.child.exitCode, `${name}: the worker lives`).toBe(null);
      const bad = ["failed", "render-failed"];
      const good = ["sent", null];
      expect(await states(stand.db, first, "care"), name).toEqual([bad, bad, everyone ? bad : good, everyone ? bad : good]);
      expect(await states(stand.db, first, "notice"), `${name}: other templates`).toEqual([good, good, good, good]);
      parked += everyone ? 4 : 2;
      await worker.stop();
    }
    await stand.end();
    const found = await check(stand, { told, orders, doubtAllowed: false, otherwise: ["failed"] });
    return { ...found, parked };
  },
};

/** A copy of the product whose templates are broken; answers its launcher. */
async function brokenCopy(file: string, edit: (content: string) => string): Promise<string> {
  const copy = await temporaryFolder();
  for (const part of ["bin", "src", "jobs", "migrations", "templates", "package.json"])
    await cp(join(root, part), join(copy, part), { recursive: true });
  await symlink(join(root, "node_modules"), join(copy, "node_modules"));
  const path = join(copy, "templates", file);
  const before = await readFile(path, "utf8");
  const after = edit(before);
  expect(after, `${file} is broken`).not.toBe(before);
  await writeFile(path, after);
  return join(copy, "bin/afterword.mjs");
}

async function states(db: Awaited<ReturnType<typeof openStand>>["db"], from: number, step: string) {
  const rows = await db
    .selectFrom("messages as m")
    .innerJoin("orders as o", "o.id", "m.order_id")
    .select(["m.state", "m.reason", "o.external_id"])
    .where(
      "o.external_id",
      "in",
      [0, 1, 2, 3].map((n) => `o-${from + n}`),
    )
    .where("m.step", "=", step)
    .orderBy(sql`length(o.external_id)`)
    .orderBy("o.external_id")
    .execute();
  return rows.map((row) => [row.state, row.reason]);
}
