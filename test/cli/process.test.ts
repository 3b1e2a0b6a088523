import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../support/process.ts";
import { startService } from "../support/service.ts";
import { launcher, nobodyThere, runProcess } from "./set-up.ts";

const folder = await temporaryFolder();
const dataDir = join(folder, "data");
const secretKey = "kept key of this machine, long enough";
await mkdir(dataDir);
await writeFile(join(dataDir, "secret-key"), `${secretKey}\n`);
const service = await startService({ env: { SECRET_KEY: secretKey } });
const beside = { AFTERWORD_URL: service.url, DATA_DIR: dataDir };

describe("the program itself", () => {
  test("named alone, it says what it can do, and ends with 2; asked for help, with 0", async () => {
    const alone = await runProcess([]);
    expect([alone.code, alone.out, alone.err]).toEqual([2, "", expect.stringContaining("Usage: afterword")]);
    const help = await runProcess(["--help"]);
    expect([help.code, help.out, help.err]).toEqual([0, alone.err, ""]);
  });

  test("beside the service it needs no token: it reads the machine's key", async () => {
    const made = await runProcess(
      [
        "shop",
        "create",
        "--name",
        "Lantern",
        "--time-zone",
        "Asia/Shanghai",
        "--locale",
        "en",
        "--country",
        "CN",
        "--from",
        "Lantern <a@b.example>",
        "--json",
      ],
      beside,
    );
    expect([made.code, made.err, JSON.parse(made.out).name]).toEqual([0, "", "Lantern"]);
    const list = await runProcess(["shop", "list"], beside);
    expect([list.code, list.out]).toEqual([0, expect.stringMatching(/^ID +NAME[^\n]*\n[0-9a-f-]{36} {2}Lantern {2}CN/)]);
    expect(list.out).not.toContain("\u001b");
  });

  test("reads a secret from standard input, so that no list of processes shows it", async () => {
    const added = await runProcess(["source", "add", "shopify", "--secret", "-", "--json"], beside, "s3cret\n");
    expect([added.code, JSON.parse(added.out).secret]).toEqual([0, "s3cret"]);
    const nothing = await runProcess(["source", "add", "shopify", "--secret", "-"], beside);
    expect([nothing.code, nothing.err]).toEqual([2, expect.stringContaining("nothing came")]);
  });

  test("without a service it says how to start one", async () => {
    const { code, out, err } = await runProcess(["order", "list"], { AFTERWORD_URL: await nobodyThere(), AFTERWORD_TOKEN: "x" });
    expect([code, out, err]).toEqual([
      1,
      "",
      expect.stringMatching(/^afterword: no service answers at .*\nStart it with `npx afterword start`/),
    ]);
  });

  test("does not mind when its reader has seen enough", async () => {
    const child = spawn(process.execPath, [launcher, "completion", "bash"], { stdio: ["ignore", "pipe", "pipe"] });
    child.stdout.destroy();
    const [err, [code]] = await Promise.all([text(child.stderr), once(child, "exit")]);
    expect([code, err]).toEqual([0, ""]);
  });

  test("refuses to start on a bad configuration, with 2 and every problem by name", async () => {
    const { code, err } = await runProcess(["start"], { PORT: "x", ROLE: "king" });
    expect(code).toBe(2);
    expect(err).toMatch(/PORT is "x"[\s\S]*ROLE is "king"/);
  });

  test("migrates, and says so in JSON for scripts", async () => {
    const { code, out } = await runProcess(["migrate", "--json"], { DATABASE_URL: service.databaseUrl, SECRET_KEY: secretKey });
    expect([code, JSON.parse(out)]).toEqual([0, { ran: [] }]);
  });

  test("validates a schedule from standard input", async () => {
    const { code, err } = await runProcess(["schedule", "validate", "-"], {}, "name: x\nsteps: soon\n");
    expect([code, err]).toEqual([1, expect.stringMatching(/^standard input:2:8: steps: /)]);
  });
});

describe("template preview", () => {
  test("renders every message in every language into files, without a service", async () => {
    const out = join(folder, "previews");
    const { code, err } = await runProcess(["template", "preview", "--all", "--out", out], { AFTERWORD_URL: await nobodyThere() });
    expect([code, err]).toEqual([0, ""]);
    const listed = await runProcess(["template", "list", "--json"]);
    const { templates } = JSON.parse(listed.out);
    expect(templates.length).toBeGreaterThanOrEqual(5);
    expect((await readdir(out)).sort()).toEqual(templates.map((one: { key: string }) => one.key).sort());
    for (const { key, locales } of templates) {
      const wanted = locales.flatMap((locale: string) => [`${locale}.html`, `${locale}.subject.txt`, `${locale}.txt`]);
      expect((await readdir(join(out, key))).sort()).toEqual(wanted.sort());
      for (const locale of locales) {
        const html = await readFile(join(out, key, `${locale}.html`), "utf8");
        const subject = await readFile(join(out, key, `${locale}.subject.txt`), "utf8");
        expect(html).toContain(`<html lang="${locale}"`);
        expect(subject).toMatch(/^\S.*\S$/);
        expect(html + subject + (await readFile(join(out, key, `${locale}.txt`), "utf8"))).not.toMatch(/\{\{|undefined|\[\[/);
      }
    }
  });

  test("shows one on the screen", async () => {
    const { code, out } = await runProcess(["template", "preview", "check-in", "--locale", "zh-CN"]);
    expect([code, out]).toEqual([0, expect.stringMatching(/^Subject {2}.*订单 1001/)]);
    const missing = await runProcess(["template", "preview", "check-in", "--locale", "tlh"]);
    expect([missing.code, missing.err]).toEqual([2, expect.stringContaining("is not written in tlh, only in")]);
  });
});
