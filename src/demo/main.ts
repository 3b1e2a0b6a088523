import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type App, startApp } from "../app.ts";
import { complain } from "../cli/configured.ts";
import { environment, readConfig } from "../config.ts";
import { openLog } from "../log.ts";
import { begins } from "./cast.ts";
import { demoClient } from "./client.ts";
import { screenOn } from "./screen.ts";
import { connect, missing, play } from "./tour.ts";

/**
 * `npm run demo`: starts the service on a database of its own under a manual clock, connects a shop, plays 60 days of real webhooks, and
 * prints each mail as it goes out, with the reason for its moment. Leaves everything open to look at until Ctrl-C; with `--exit` it ends by
 * itself. Exit 0 only if every expected mail went out, and no other.
 */
const dataDir = await mkdtemp(join(tmpdir(), "afterword-demo-"));
const token = "demo-owner-token";
const { PORT } = environment();
const reading = readConfig({ PORT: PORT ?? "0", DATA_DIR: dataDir, API_TOKEN: token, CLOCK: `manual:${begins}`, LOG_LEVEL: "error" });
if (!reading.ok) throw new Error(JSON.stringify(reading.problems));

const screen = screenOn(process.stdout);
screen.line("Starting the service, on a database of its own …");
try {
  const app = await startApp(reading.config, openLog(reading.config.logLevel));
  try {
    await show(app);
  } finally {
    await app.stop();
  }
} catch (error) {
  complain(error);
  process.exitCode = 1;
} finally {
  await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
}

async function show(app: App): Promise<void> {
  const url = `http://127.0.0.1:${app.port}`;
  const stage = await connect(demoClient(url, token));
  screen.line(`60 days of a shop in Hangzhou, from ${begins.slice(0, 10)} on. Times on the left are UTC.\n`);
  const problems = missing(await play(stage, screen));
  screen.end();
  for (const problem of problems) screen.line(`✕ ${problem}`);
  screen.line(problems.length === 0 ? "\n✓ Every expected mail went out, and no other." : "\n✕ Not as it should be.");
  process.exitCode = problems.length === 0 ? 0 : 1;
  if (!process.argv.includes("--exit")) {
    screen.line(`\nThe console: ${app.setupLink ?? `${app.publicUrl}/console`}   (choose a name and a password of your own)`);
    screen.line(`The mails:   ${app.publicUrl}/mailbox`);
    screen.line(`The API:     ${app.publicUrl}/api/docs   (bearer token: ${token})`);
    screen.line("Ctrl-C ends it.");
    await new Promise((resolve) => {
      for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, resolve);
    });
  }
}
