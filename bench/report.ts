import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus, release, totalmem, type } from "node:os";
import { join } from "node:path";
import type { Row } from "./measure.ts";

/** What a run found, as it stands in `results/latest.json`. */
export interface Report {
  /** ISO 8601. */
  readonly at: string;
  /** Too short to mean anything: a smoke test. */
  readonly quick: boolean;
  readonly machine: { readonly cpu: string; readonly cores: number; readonly memoryGiB: number; readonly system: string };
  readonly versions: Readonly<Record<string, string>>;
  readonly rows: readonly Row[];
  /** What was not measured, and why. */
  readonly skipped: readonly string[];
}

/** Says what machine this is. */
export function machine(): Report["machine"] {
  const [first] = cpus();
  return {
    cpu: first?.model ?? "unknown",
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
  };
}

/** Versions of what was measured and of what it stands on. */
export function versions(postgres: string, redisProgram: string | undefined): Report["versions"] {
  const text = (...path: string[]) => readFileSync(join(import.meta.dirname, "..", ...path), "utf8");
  const version = (...path: string[]): string => JSON.parse(text(...path, "package.json")).version;
  const redis =
    redisProgram === undefined ? undefined : /v=(\S+)/.exec(execFileSync(redisProgram, ["--version"], { encoding: "utf8" }))?.[1];
  return {
    afterword: version("."),
    node: process.versions.node,
    postgres,
    ...(redis === undefined ? {} : { redis }),
    bullmq: version("node_modules", "bullmq"),
    hono: version("node_modules", "hono"),
    nodemailer: version("node_modules", "nodemailer"),
  };
}

/** The table that is printed. */
export function table(rows: readonly Row[]): string {
  const lines = rows.map((row) => [
    row.name,
    `${rounded(row.ours.median)} ${row.unit}/s`,
    `${rounded(row.limit.median)}/s`,
    row.ratio.toFixed(2),
    row.target === null ? "" : `≥ ${Number(row.target.toFixed(2))}`,
    row.limit.what,
  ]);
  const all = [["what", "Afterword", "limit", "ratio", "wanted", "the limit is"], ...lines];
  const widths = all[0]?.map((_, column) => Math.max(...all.map((line) => line[column]?.length ?? 0))) ?? [];
  return all
    .map((line) =>
      line
        .map((cell, n) => (n >= 1 && n <= 4 ? cell.padStart(widths[n] ?? 0) : cell.padEnd(widths[n] ?? 0)))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** What else was counted, for each unit of each row. */
export function details(rows: readonly Row[]): string {
  return rows
    .filter(({ also }) => Object.keys(also).length > 0)
    .map(({ key, unit, also }) => {
      const all = Object.entries(also).map(([name, value]) => `${name} ${value >= 100 ? Math.round(value) : value.toFixed(2)}`);
      return `${key}, for each of the ${unit}: ${all.join(", ")}`;
    })
    .join("\n");
}

function rounded(figure: number): string {
  return Math.round(figure).toLocaleString("en");
}
