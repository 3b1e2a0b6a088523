import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, inject, test } from "vitest";
import { z } from "zod";
import { median } from "../../bench/measure.ts";
import { temporaryFolder } from "../support/process.ts";

const program = join(import.meta.dirname, "../../bench/run.ts");
const figure = z.object({ median: z.number().positive(), runs: z.array(z.number().positive()).min(1) });
const report = z.object({
  at: z.iso.datetime(),
  quick: z.literal(true),
  machine: z.object({ cpu: z.string(), cores: z.int().positive(), memoryGiB: z.int().positive(), system: z.string() }),
  versions: z.record(z.string(), z.string()),
  rows: z.array(
    z.object({
      key: z.string(),
      name: z.string(),
      unit: z.string(),
      ours: figure,
      limit: figure.extend({ what: z.string() }),
      ratio: z.number().positive(),
      target: z.number().positive().nullable(),
      also: z.record(z.string(), z.number()),
    }),
  ),
  skipped: z.array(z.string()),
});

// What it measures here means nothing, and is not looked at: that each measurement works, and what is written down about it, is.
test("`npm run bench -- --quick` measures everything beside its limit and writes it down", async () => {
  const out = join(await temporaryFolder(), "report.json");
  const { stdout } = await promisify(execFile)(process.execPath, [
    program,
    "--quick",
    "--out",
    out,
    "--postgres",
    inject("services").postgres.url,
  ]);
  const { rows, versions, skipped } = report.parse(JSON.parse(readFileSync(out, "utf8")));
  const redis = inject("services").redis.kind === "program";
  expect(rows.map(({ key }) => key)).toEqual([
    "webhooks",
    "intake",
    "plan",
    "rendering",
    ...(redis ? ["mails-redis"] : []),
    "mails-postgres",
    "claim",
    "claim-held",
  ]);
  expect(skipped).toHaveLength(redis ? 0 : 1);
  expect(versions).toMatchObject({ node: process.versions.node, postgres: expect.stringMatching(/^\d+/) });
  for (const { name, ours, limit, ratio } of rows) {
    expect(ratio).toBeCloseTo(ours.median / limit.median);
    expect(stdout).toContain(name);
  }
}, 120_000);

test("a median is the middle one, or the mean of the two in the middle", () => {
  expect(median([3])).toBe(3);
  expect(median([9, 1, 5])).toBe(5);
  expect(median([4, 1, 10, 2])).toBe(3);
  expect(() => median([])).toThrow("nothing");
});
