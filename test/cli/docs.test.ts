import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { defaultSchedule } from "../../src/core/default-schedule.ts";
import { parseSchedule } from "../../src/core/schedule.ts";
import { exits, triggers } from "../../src/core/schedule-words.ts";
import { temporaryFolder } from "../support/process.ts";
import { type Json, startService, token } from "../support/service.ts";
import { commandsFor, launcher } from "./set-up.ts";

const docs = join(import.meta.dirname, "../../docs");

async function blocksOf(file: string, language: string): Promise<readonly string[]> {
  const page = await readFile(join(docs, file), "utf8");
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, "gm"))].map((match) => match[1] ?? "");
}

/** A folder in which `npx afterword` is this project's, and what a page says can be typed. */
async function workplace() {
  const folder = await temporaryFolder();
  const bin = join(folder, "bin");
  await mkdir(bin, { recursive: true });
  await writeFile(join(bin, "npx"), `#!/bin/sh\nshift\nexec "${process.execPath}" "${launcher}" "$@"\n`);
  await chmod(join(bin, "npx"), 0o755);
  const service = await startService({ start: "2026-01-20T08:00:00Z" });
  const variables = async (): Promise<Record<string, string>> => {
    const { shops } = await service.ok("GET", "/shops");
    const shop = shops[0]?.id;
    const { sources } = shop === undefined ? { sources: [] } : await service.ok("GET", `/shops/${shop}/sources`);
    const { disruptions } = shop === undefined ? { disruptions: [] } : await service.ok("GET", `/shops/${shop}/disruptions`);
    const { messages } = await service.ok("GET", "/messages?state=planned");
    return {
      SOURCE: sources.find((one: Json) => one.platform === "standard")?.id ?? "",
      MESSAGE: messages.find((one: Json) => one.step === "check-in")?.id ?? "",
      DISRUPTION: disruptions[0]?.id ?? "",
    };
  };
  return {
    folder,
    service,
    /** Types a block line by line; every line must be done. */
    async type(block: string): Promise<string> {
      // A token that the block itself makes is the newest when it is revoked.
      const lines = block.replaceAll(
        '"$TOKEN"',
        `$(npx afterword token list --json | "${process.execPath}" -p 'JSON.parse(require("fs").readFileSync(0)).tokens[0].id')`,
      );
      const child = spawn("bash", ["--norc", "-e", "-o", "pipefail", "-c", lines], {
        cwd: folder,
        env: {
          PATH: `${bin}:${process.env["PATH"] ?? ""}`,
          AFTERWORD_URL: service.url,
          AFTERWORD_TOKEN: token,
          DATABASE_URL: service.databaseUrl,
          SECRET_KEY: "a secret key for tests, 32 long..",
          CLOCK: "manual",
          ...(await variables()),
        },
      });
      const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "exit")]);
      expect([code, err], block).toEqual([0, ""]);
      return out;
    },
  };
}

/** Every block is typed in the order of the page; before those about orders comes what the page says about importing some. */
async function typeAll(file: string, before: (block: string) => Promise<void>, at: Awaited<ReturnType<typeof workplace>>): Promise<number> {
  const blocks = await blocksOf(file, "sh");
  for (const block of blocks) {
    await before(block);
    await at.type(block);
  }
  return blocks.length;
}

test("every command of the page about the command line does what it says, typed in its order", async () => {
  const at = await workplace();
  const [orders = ""] = await blocksOf("command-line.md", "json");
  await writeFile(join(at.folder, "orders.ndjson"), orders);
  let imported = false;
  const typed = await typeAll(
    "command-line.md",
    async (block) => {
      if (imported || !block.includes("order list")) return;
      imported = true;
      await at.type("npx afterword import orders.ndjson --shop Lantern");
      await at.service.moveTo("2026-01-20T08:00:00Z");
    },
    at,
  );
  expect(typed).toBeGreaterThan(8);
  expect(JSON.parse(await readFile(join(at.folder, "timetable.json"), "utf8")).order.number).toBe("1001");
}, 120_000);

test("every command of the page about schedules does what it says, also on the schedule that it shows", async () => {
  const at = await workplace();
  await at.type('npx afterword shop create --name L --time-zone Asia/Shanghai --locale en --country CN --from "L <a@b.example>"');
  const [block = ""] = await blocksOf("configuring-a-schedule.md", "sh");
  const files = await blocksOf("configuring-a-schedule.md", "yaml");
  await writeFile(join(at.folder, "transit.yaml"), files.find((one) => one.startsWith("lanes:")) ?? "");
  await writeFile(join(at.folder, "days.yaml"), files.find((one) => one.startsWith("days:")) ?? "");
  await typeAll("configuring-a-schedule.md", async () => undefined, at);
  const [schedule = ""] = files;
  await writeFile(join(at.folder, "schedule.yaml"), schedule);
  await at.type(block.split("\n").slice(1).join("\n"));
  const { shops } = await at.service.ok("GET", "/shops");
  expect((await at.service.ok("GET", `/shops/${shops[0].id}/transit-lanes`)).lanes).toHaveLength(3);
  expect((await at.service.ok("GET", `/shops/${shops[0].id}/calendar`)).days).toHaveLength(3);
  expect(await at.service.ok("GET", `/shops/${shops[0].id}/schedule`)).toMatchObject({ version: 3, schedule: { name: "Mine" } });
}, 120_000);

test("every command of the page about changing mails does what it says, and what it calls wrong is refused with its place", async () => {
  const at = await workplace();
  await at.type('npx afterword shop create --name Lantern --time-zone Asia/Shanghai --locale en --country CN --from "L <a@b.example>"');
  const said: string[] = [];
  for (const block of await blocksOf("changing-mails.md", "sh")) said.push(await at.type(block));
  expect(said[0]).toMatch(
    /our small shop in Hangzhou\.[\s\S]*may be published as it is[\s\S]*Version 1 of check-in is in force at Lantern/,
  );
  expect(said[1]).toMatch(/title\n {4}- .+\n {4}\+ How does your order look\?/);
  expect(said[2]).toContain("See you soon,");
  expect(said[3]).toMatch(/\+ <mj-text css-class="ink pad">We read every review\.[\s\S]*Version 1 of review-thanks/);
  expect(said[4]).toBe("3 templates of Lantern's own looked at, nothing to say.\n");
  expect(said[5]).toMatch(/Nothing of it is the shop's own[\s\S]*back to the product's/);

  const commands = commandsFor(at.service);
  await writeFile(join(at.folder, "strings.de.json"), '{\n  "subject": "Gut?",\n  "title": "{{buyer.nmae}}"\n}');
  const refused = await commands.run("template", "override", "publish", "check-in", join(at.folder, "strings.de.json"));
  expect(refused).toEqual({ code: 1, out: "block strings.de.json:3:13 (title): mails have no buyer.nmae\n", err: "" });
  for (const [args, complaint] of [
    [["override", "publish", "check-in", join(at.folder, "bin")], "has none of body.mjml"],
    [["override", "publish", "check-in", join(at.folder, "bin", "npx")], "npx is none of"],
    [["override", "publish", "check-in", "/nowhere"], "can't be read"],
    [["override", "show", "../shops"], "there is no template"],
    [["preview", "check-in", "--files", "x"], "need --shop"],
    [["lint", "--shop", "Lantern", "nothing"], "there is no template nothing"],
  ] as const) {
    const { code, err } = await commands.run("template", ...args);
    expect([code, err], args.join(" ")).toEqual([2, expect.stringContaining(complaint)]);
  }
}, 120_000);

test("the page about schedules names every trigger, every exit and every field there is", async () => {
  const page = await readFile(join(docs, "configuring-a-schedule.md"), "utf8");
  for (const word of [...triggers, ...exits]) expect(page).toContain(`\`${word}\``);
  const { properties } = JSON.parse(await readFile(join(docs, "schedule.schema.json"), "utf8")).properties.steps.items;
  expect(Object.keys(properties).length).toBeGreaterThan(10);
  for (const field of Object.keys(properties)) expect(page).toContain(`\`${field}\``);
  const [yaml = ""] = await blocksOf("configuring-a-schedule.md", "yaml");
  const shown = parseSchedule(parse(yaml));
  const keys = defaultSchedule.steps.map(({ key }) => key);
  expect(shown.ok && shown.schedule.steps.every(({ key }) => keys.includes(key))).toBe(true);
  for (const { key, enabled = true } of defaultSchedule.steps) {
    const row = page.split("\n").find((line) => line.startsWith(`| \`${key}\` |`));
    expect(row?.endsWith(enabled ? "| on |" : "| off |"), `the line of ${key} among the shipped steps`).toBe(true);
  }
});
