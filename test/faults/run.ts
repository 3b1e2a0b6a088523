import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

const help = `Usage: npm run test:faults -- [options]

Kills, parts, fills, slows and empties everything Afterword stands on, on real processes, and holds what comes out against what it promises
(docs/operating.md, "When something fails"). Takes about two hours; ends with a table, and exit 0 only if all held.

  --seed N       the same chances as another run with this seed; printed at the beginning
  --only F1,F5   only these faults
  --minutes N    length of F14, the soak, which runs only when asked for: "npm run soak" (20)
  --rate N       its mails a second (50)
`;

const { values: options } = parseArgs({
  options: {
    seed: { type: "string" },
    only: { type: "string" },
    minutes: { type: "string" },
    rate: { type: "string" },
    help: { type: "boolean", default: false },
  },
});

if (options.help) process.stdout.write(help);
else process.exitCode = await runAll(options.seed ?? String(Math.floor(Math.random() * 1e9)), options.only);

async function runAll(seed: string, only: string | undefined): Promise<number> {
  process.stdout.write(`Seed ${seed}\n`);
  const folder = await mkdtemp(join(tmpdir(), "afterword-faults-"));
  const results = join(folder, "results.ndjson");
  const vitest = join(import.meta.dirname, "../../node_modules/vitest/vitest.mjs");
  const child = spawn(process.execPath, [vitest, "run", "test/faults/faults.test.ts"], {
    cwd: join(import.meta.dirname, "../.."),
    stdio: "inherit",
    env: {
      ...process.env,
      FAULTS: "full",
      FAULTS_SEED: seed,
      FAULTS_RESULTS: results,
      ...(only === undefined ? {} : { FAULTS_ONLY: only }),
      ...(options.minutes === undefined ? {} : { SOAK_MINUTES: options.minutes }),
      ...(options.rate === undefined ? {} : { SOAK_RATE: options.rate }),
    },
  });
  const [code] = await once(child, "exit");
  const lines = await readFile(results, "utf8").catch(() => "");
  process.stdout.write(
    `\nSeed ${seed}\n${table(
      lines
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line)),
    )}\n`,
  );
  await rm(folder, { recursive: true, force: true });
  return Number(code ?? 1);
}

interface Result {
  readonly fault: string;
  readonly title: string;
  readonly queue: string;
  readonly seconds: number;
  readonly result: string;
  readonly found: Readonly<Record<string, number>> | string;
}

function table(results: readonly Result[]): string {
  const lines = results.map(({ fault, title, queue, seconds, result, found }) => [
    fault,
    queue,
    result,
    `${seconds} s`,
    title,
    typeof found === "string"
      ? found
      : Object.entries(found)
          .map(([what, n]) => `${n} ${what}`)
          .join(", "),
  ]);
  const all = [["fault", "queue", "result", "took", "what", "found"], ...lines];
  const widths = all[0]?.map((_, column) => Math.max(...all.map((line) => line[column]?.length ?? 0))) ?? [];
  return all
    .map((line) =>
      line
        .map((cell, n) => cell.padEnd(widths[n] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
