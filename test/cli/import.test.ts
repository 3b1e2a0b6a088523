import { access, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { piecesOf } from "../../src/cli/import-pieces.ts";
import { forgetProgress, keepProgress, progressFile, readProgress } from "../../src/cli/import-progress.ts";
import { openDatabase } from "../../src/store/database.ts";
import { atEndOfFile } from "../support/clean-up.ts";
import { temporaryFolder } from "../support/process.ts";
import { defaultShop, standardOrder, startService } from "../support/service.ts";
import { commandsFor, runProcess, start } from "./set-up.ts";

const folder = await temporaryFolder();
const service = await startService();
const db = openDatabase({ url: service.databaseUrl, connections: 2 });
atEndOfFile(() => db.destroy());
const { says, json, run, env } = commandsFor(service);

async function newShop(): Promise<string> {
  return (await service.ok("POST", "/shops", { ...defaultShop, name: crypto.randomUUID() })).id;
}

function line(number: number, more: object = {}): string {
  return JSON.stringify({
    type: "order.placed",
    occurredAt: "2025-06-01T10:00:00Z",
    data: { order: standardOrder({ id: `o-${number}`, number: String(number), ...more }) },
  });
}

async function fileOf(lines: readonly string[]): Promise<string> {
  const file = join(folder, `${crypto.randomUUID()}.ndjson`);
  await writeFile(file, `${lines.join("\n")}\n`);
  return file;
}

async function stored(shop: string): Promise<number> {
  return (await db.selectFrom("deliveries").select("id").where("shop_id", "=", shop).execute()).length;
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

describe("import", () => {
  test("takes a file in, says what became of its lines, and keeps no progress once it is done", async () => {
    const shop = await newShop();
    const file = await fileOf([line(1), line(2), line(3)]);
    expect(await says("import", file, "--shop", shop)).toMatch(/^lines +3\nnew +3\nsource +[0-9a-f-]{36}\n$/);
    expect(await json("import", file, "--shop", shop)).toMatchObject({ lines: 3, stored: 0, repeats: 3, failed: 0 });
    expect(await exists(progressFile(file))).toBe(false);
    expect(await stored(shop)).toBe(3);
  });

  test("tells wrong lines by their numbers in the file, takes the others, and ends with 1", async () => {
    const shop = await newShop();
    // Well over one piece: numbers must go on from piece to piece.
    const lines = Array.from({ length: 3_000 }, (_, index) => line(index + 1));
    const file = await fileOf(lines.with(9, "{oops").with(2_899, line(5, { total: "much" })));
    const { code, out } = await run("import", file, "--shop", shop);
    expect(code).toBe(1);
    expect(out).toMatch(/^lines +3000\nnew +2998\nfailed +2\n/);
    expect(out).toContain("  line 10: it is not JSON\n");
    expect(out).toMatch(/ {2}line 2900: data\.order\.total is /);
    expect(await stored(shop)).toBe(2_998);
  });

  test("reads standard input", async () => {
    const shop = await newShop();
    const { code, out, err } = await runProcess(["import", "-", "--shop", shop, "--json"], env, `${line(1)}\n${line(2)}`);
    expect([code, err, JSON.parse(out)]).toEqual([0, "", expect.objectContaining({ lines: 2, stored: 2 })]);
  });

  test("killed in the middle, it goes on where the service had answered last; nothing is lost, nothing doubled", async () => {
    const shop = await newShop();
    const lines = Array.from({ length: 12_000 }, (_, index) => line(index + 1));
    const file = await fileOf(lines);
    const first = start(["import", file, "--shop", shop], env);
    await expect.poll(() => exists(progressFile(file)), { timeout: 30_000, interval: 5 }).toBe(true);
    first.child.kill("SIGKILL");
    await first.ended;
    const { code, out, err } = await run("import", file, "--shop", shop, "--json");
    expect(code).toBe(0);
    const after = Number(/^Going on after line (\d+),/.exec(err)?.[1]);
    expect(after).toBeGreaterThan(0);
    expect(JSON.parse(out).lines).toBe(12_000 - after);
    expect(await stored(shop)).toBe(12_000);
    expect(await exists(progressFile(file))).toBe(false);
  }, 60_000);

  test("--restart and another shop begin at the first line", async () => {
    const [shop, other] = [await newShop(), await newShop()];
    const file = await fileOf([line(1), line(2), line(3)]);
    const target = (id: string) => `${service.url}/shops/${id}/import`;
    const begin = { offset: Buffer.byteLength(`${line(1)}\n`), lines: 1 };
    await keepProgress(file, target(shop), begin);
    expect((await json("import", file, "--shop", other)).lines).toBe(3);
    await keepProgress(file, target(shop), begin);
    const goingOn = await run("import", file, "--shop", shop, "--json");
    expect([goingOn.err, JSON.parse(goingOn.out).lines]).toEqual([expect.stringContaining("Going on after line 1"), 2]);
    await keepProgress(file, target(shop), begin);
    expect((await json("import", file, "--shop", shop, "--restart")).lines).toBe(3);
  });

  test("a file that is no NDJSON is refused before it fills the memory", async () => {
    const shop = await newShop();
    const file = join(folder, "one-line.json");
    await writeFile(file, Buffer.alloc(6 * 1024 * 1024, "x"));
    const { code, err } = await run("import", file, "--shop", shop);
    expect([code, err]).toEqual([1, expect.stringContaining("a line of more than 4 MiB")]);
  });
});

describe("the progress of an import", () => {
  test("counts only for the same file as far as it was read, and the same target", async () => {
    const file = await fileOf(["a", "b", "c"]);
    await keepProgress(file, "here", { offset: 4, lines: 2 });
    expect(await readProgress(file, "here")).toEqual({ offset: 4, lines: 2 });
    expect(await readProgress(file, "there")).toBeNull();
    await writeFile(file, "a\nb\nmore\n");
    expect(await readProgress(file, "here")).toEqual({ offset: 4, lines: 2 });
    await writeFile(file, "a\nB\nc\n");
    expect(await readProgress(file, "here")).toBeNull();
    await writeFile(file, "a\n");
    expect(await readProgress(file, "here")).toBeNull();
    await writeFile(progressFile(file), "{damaged");
    expect(await readProgress(file, "here")).toBeNull();
    await forgetProgress(file);
    await forgetProgress(file);
  });
});

test("pieces are whole lines, in order, however the bytes come", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ unit: fc.constantFrom("a", "é", "世", "\r"), maxLength: 12 }), { maxLength: 30 }),
      fc.boolean(),
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 9 }),
      async (lines, ended, size, step) => {
        const bytes = Buffer.from(lines.join("\n") + (ended ? "\n" : ""));
        async function* stream() {
          for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step);
        }
        const pieces: Buffer[] = [];
        let counted = 0;
        for await (const piece of piecesOf(stream(), size)) {
          pieces.push(Buffer.from(piece.bytes));
          counted += piece.lines;
        }
        expect(Buffer.concat(pieces).equals(bytes)).toBe(true);
        for (const piece of pieces.slice(0, -1)) expect(piece.at(-1)).toBe(0x0a);
        const text = bytes.toString("utf8");
        expect(counted).toBe(text.split("\n").length - (text.endsWith("\n") || text === "" ? 1 : 0));
      },
    ),
  );
});
