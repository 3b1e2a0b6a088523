import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";

test("the tour ends by itself with exit 0, having told what the README says it tells: every mail, and why it went out just then", async () => {
  const main = join(import.meta.dirname, "../../src/demo/main.ts");
  const child = spawn(process.execPath, [main, "--exit"], { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  child.stdout.on("data", (data: Buffer) => {
    said += data.toString();
  });
  const [code] = await once(child, "exit");
  expect(said).toContain("✓ Every expected mail went out, and no other.");
  for (const words of ["in Portland", "in São Paulo", "in Lyon", "in Singapore", "in Leeds", "in München"]) expect(said).toContain(words);
  expect(said).toContain("travels as registered-small-packet: 30 days");
  const readme = await readFile(join(import.meta.dirname, "../../README.md"), "utf8");
  expect(readme).toContain(said.trim());
  expect(code).toBe(0);
}, 180_000);
