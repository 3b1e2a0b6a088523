import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../support/process.ts";
import { run } from "./set-up.ts";

const folder = await temporaryFolder();

async function file(name: string, ...lines: readonly string[]): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, `${lines.join("\n")}\n`);
  return path;
}

test("plain sentences are linted in their order, each rule named once", async () => {
  const path = await file(
    "cases.jsonl",
    '{"text":"Please do not leave negative feedback. Please do not leave negative feedback."}',
    '{"text":"How was your order? Good or bad, tell us.","note":"other fields are let be"}',
    "",
    '{"text":"请不要给我们差评。"}',
    '{"text":"Re: your order"}',
  );
  const { code, out, err } = await run(["template", "lint", "--text", path, "--json"]);
  expect([code, err]).toEqual([0, ""]);
  expect(JSON.parse(out)).toEqual({ findings: [["R01"], [], ["R01"], ["R13"]] });
  const words = await run(["template", "lint", "--text", path]);
  expect(words.out).toBe("1  R01\n2  –\n3  R01\n4  R13\n");
});

test.each([
  [
    "bad lines are named by number",
    ['{"text":"fine"}', "nonsense", '{"words":"x"}', '{"text":1}'],
    "lines 2, 3, 4: wanted one JSON object",
  ],
])("%s, and nothing is answered", async (_, lines, said) => {
  const { code, out, err } = await run(["template", "lint", "--text", await file("bad.jsonl", ...lines), "--json"]);
  expect([code, out, err]).toEqual([2, "", expect.stringContaining(said)]);
});

test.each([
  [["--text", "/no/such.jsonl"], "/no/such.jsonl can't be read"],
  [["poem"], 'there is no template "poem"'],
  [["check-in", "--text", "x"], "name a template or --text, not both"],
])("what was not asked as it should be ends with 2: %j", async (args, said) => {
  const { code, err } = await run(["template", "lint", ...args]);
  expect([code, err]).toEqual([2, expect.stringContaining(said)]);
});

test("a template is linted in all its languages", async () => {
  const { code, out } = await run(["template", "lint", "review-thanks", "--json"]);
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ mails: expect.any(Number), findings: [] });
  expect((await run(["template", "lint", "review-thanks"])).out).toMatch(/^\d+ mails looked at, nothing to say\.\n$/);
}, 60_000);
