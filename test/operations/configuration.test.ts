import { execFile } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

const launcher = join(import.meta.dirname, "../../bin/afterword.mjs");

/** Runs a command of the service with just this environment until it ends. */
function run(verb: string, env: Readonly<Record<string, string>>): Promise<{ code: unknown; out: string; said: string }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [launcher, verb],
      { env: { PATH: process.env["PATH"] ?? "", ...env }, timeout: 25_000 },
      (error, out, said) => resolve({ code: error === null ? 0 : error.code, out, said }),
    );
  });
}

test.each(["start", "migrate"])("`%s` with a bad environment lists every problem by name, starts nothing and exits 2", async (verb) => {
  const { code, out, said } = await run(verb, {
    PORT: "eighty",
    ROLE: "wrker",
    DATABASE_URL: "mysql://root:hidden-word@db/shop",
    REDIS_URL: "http://cache",
    SMTP_URL: "smtp://relay.example?conections=5",
    LOG_LEVEL: "loud",
    CLOCK: "yesterday",
    API_TOKEN: "short",
    PUBLIC_URL: "ftp://mail.example",
  });
  expect(code).toBe(2);
  expect(out).toBe("");
  const named = said.split("\n").flatMap((line) => /^ {2}([A-Z_]+) /.exec(line)?.[1] ?? []);
  expect(named.sort()).toEqual(
    ["API_TOKEN", "CLOCK", "DATABASE_URL", "LOG_LEVEL", "PORT", "PUBLIC_URL", "REDIS_URL", "ROLE", "SECRET_KEY", "SMTP_URL"].sort(),
  );
  expect(said).not.toContain("hidden-word");
});

test("a part of several processes without a PostgreSQL they share is refused", async () => {
  const { code, said } = await run("start", { ROLE: "worker", PORT: "0" });
  expect(code).toBe(2);
  expect(said).toContain("ROLE");
  expect(said).toContain("DATABASE_URL");
});
