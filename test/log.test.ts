import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { mask } from "../src/log.ts";

const run = promisify(execFile);

/** What a process of its own writes to stdout when it runs `script` with the logger as `log`. */
async function written(script: string, level = "info"): Promise<string> {
  const module = join(import.meta.dirname, "../src/log.ts");
  const program = `import { openLog } from ${JSON.stringify(module)}; const log = openLog(${JSON.stringify(level)}); ${script}`;
  const { stdout } = await run(process.execPath, ["--input-type=module", "-e", program]);
  return stdout;
}

describe("a log line", () => {
  test("is one JSON object with level, time and message", async () => {
    const out = await written(`log.info({ orders: 3 }, "planned"); log.warn({}, "slow")`);
    const [first, second] = out.trim().split("\n");
    const line: unknown = JSON.parse(first ?? "");
    expect(line).toMatchObject({ level: "info", orders: 3, msg: "planned", time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) });
    expect(JSON.parse(second ?? "")).toMatchObject({ level: "warn", msg: "slow" });
  });

  test("is left out below LOG_LEVEL", async () => {
    expect(await written(`log.info({}, "no"); log.error({}, "yes")`, "warn")).toMatch(/^\{.*"msg":"yes"\}\n$/);
  });

  test("holds no address: not in the message, in a field, in a list, however deep, in an error, its stack or its cause, nor as a key (SEC-08)", async () => {
    const out = await written(`
      const to = "maya.o'neill+tag@buyer.example";
      const cause = new Error("550 5.1.1 <" + to + "> unknown");
      let deep = to;
      for (let level = 0; level < 40; level += 1) deep = level % 2 === 0 ? { deep } : [deep];
      log.info({ to }, "sent to " + to);
      log.warn({ list: [to, { to }], deep, [to]: 1 }, "nested");
      log.error({ error: new Error("refused by " + to, { cause }) }, "failed");
      log.error({ errors: new AggregateError([cause], to) }, "several");
      log.error(cause, "as the whole");
      log.error({ map: new Map([[to, to]]), set: new Set([to]), bytes: Buffer.from(to), json: { toJSON: () => to } }, "odd ones");
      const circle = { to }; circle.circle = circle; log.info(circle, "circle");
    `);
    expect(out.trim().split("\n")).toHaveLength(7);
    expect(out).not.toMatch(/maya|neill|tag@/);
    expect(out).toContain("m***@buyer.example");
  });

  test("keeps what helps: an error's name, code and cause, dates and numbers", async () => {
    const out = await written(`
      const cause = Object.assign(new Error("connection refused"), { code: "ECONNREFUSED" });
      log.error({ error: new TypeError("broken", { cause }), at: new Date(0), n: 1 }, "x");
    `);
    expect(JSON.parse(out)).toMatchObject({
      error: { name: "TypeError", message: "broken", cause: { message: "connection refused", code: "ECONNREFUSED" } },
      at: "1970-01-01T00:00:00.000Z",
      n: 1,
    });
  });
});

describe("masking", () => {
  test.each([
    ["maya@buyer.example", "m***@buyer.example"],
    ["to=<maya@buyer.example>, bob@b.example", "to=<m***@buyer.example>, b***@b.example"],
    ["böb@bücher.example", "b***@bücher.example"],
    ['"maya oneill"@buyer.example', "***@buyer.example"],
    ["_maya@buyer.example", "***@buyer.example"],
    ["maya@[192.0.2.1]", "m***@[192.0.2.1]"],
    ["https://x.example/?to=maya%40buyer.example&n=1", "https://x.example/?to=m***%40buyer.example&n=1"],
  ])("%s becomes %s", (text, masked) => {
    expect(mask(text)).toBe(masked);
  });

  test.each(["at 12:00 @ noon", "v1.2.3", "@afterword", "user@ home"])("leaves %j as it is", (text) => {
    expect(mask(text)).toBe(text);
  });

  test("takes no time over long text without an address", () => {
    const before = performance.now();
    mask("a".repeat(200_000));
    mask('"'.repeat(200_000));
    mask("a.".repeat(100_000));
    expect(performance.now() - before).toBeLessThan(10_000);
  });
});
