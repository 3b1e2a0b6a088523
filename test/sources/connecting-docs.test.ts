import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { defaultShop, type Json, type Service, startService, token } from "../support/service.ts";

const run = promisify(execFile);

type Env = Readonly<Record<string, string>>;

/** What a reader of `docs/` would do with it: paste its blocks into a shell, one after another, with their own values for what is exported. */
class Reader {
  readonly #env: Record<string, string>;
  readonly #folder: string;
  #exported: string[] = [];

  constructor(folder: string, env: Env) {
    this.#folder = folder;
    this.#env = { PATH: `${join(process.execPath, "..")}:${process.env["PATH"] ?? ""}`, ...env };
  }

  /** Runs every block of the page and answers what each printed; blocks that only export are filled in, not run. */
  async follow(page: string, learn: (printed: string) => Env): Promise<readonly string[]> {
    const text = await readFile(new URL(`../../docs/${page}`, import.meta.url), "utf8");
    const printed: string[] = [];
    for (const [, language, indented = ""] of text.matchAll(/^ *```(sh|js)\n([\s\S]*?)^ *```$/gm)) {
      const block = indented.replace(/^ {3}(?=\S)|^ {5}(?=\S)/gm, (spaces) => " ".repeat(spaces.length - 3));
      if (/^(export \w+=\S+\s*)+$/.test(block)) {
        this.#exported = [...this.#exported, ...[...block.matchAll(/export (\w+)=/g)].map(([, name = ""]) => name)];
        continue;
      }
      const missing = this.#exported.filter((name) => this.#env[name] === undefined);
      if (missing.length > 0) throw new Error(`${page} exports what nobody can know: ${missing.join(", ")}`);
      const out = await (language === "js" ? this.#node(block) : this.#shell(block));
      printed.push(out);
      Object.assign(this.#env, learn(out));
    }
    return printed;
  }

  async #shell(block: string): Promise<string> {
    return (await run("bash", ["-euo", "pipefail", "-c", block], { env: this.#env })).stdout;
  }

  async #node(block: string): Promise<string> {
    await writeFile(join(this.#folder, "send.mjs"), block);
    return (await run(process.execPath, [join(this.#folder, "send.mjs")], { env: this.#env })).stdout;
  }
}

describe("the pages that tell how to connect a shop do what they say", () => {
  let service: Service;
  let folder: string;

  beforeAll(async () => {
    // The shell signs with the real time.
    service = await startService({ env: { CLOCK: "system" } });
    folder = await mkdtemp(join(tmpdir(), "afterword-docs-"));
  }, 60_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** Follows a page as the owner of a new shop, and answers what was printed and what is known of order 1001 then. */
  async function follow(page: string, env: Env = {}): Promise<{ readonly printed: readonly string[]; readonly order: Json }> {
    const shop = await service.ok("POST", "/shops", { ...defaultShop, sending: false, liveFrom: "2026-01-01T00:00:00Z" });
    const reader = new Reader(folder, { AFTERWORD: service.url, API_TOKEN: token, SHOP: shop.id, ...env });
    const printed = await reader.follow(page, (text) => {
      if (!text.includes('"hookUrl"')) return {};
      const source = JSON.parse(text);
      return { HOOK_URL: `${service.url}/hooks/${source.id}`, SECRET: source.secret };
    });
    await expect.poll(async () => (await service.ok("GET", `/shops/${shop.id}/orders?number=1001`)).orders.length).toBe(1);
    const { orders } = await service.ok("GET", `/shops/${shop.id}/orders?number=1001`);
    const timetable = async () => (await service.ok("GET", `/orders/${orders[0].id}/timetable`)).entries;
    await expect.poll(async () => (await timetable()).length).toBeGreaterThan(0);
    return { printed, order: { ...orders[0], entries: await timetable() } };
  }

  test("docs/connecting-any-shop.md", async () => {
    const { printed, order } = await follow("connecting-any-shop.md");
    expect(printed.filter((text) => text === "202\n")).toHaveLength(2);
    expect(order).toMatchObject({ number: "1001", externalId: "A-1001" });
    expect(printed.at(-1)).toBe('{"deliveries":[]}');
  });

  test("docs/connecting-shopify.md", async () => {
    const { printed, order } = await follow("connecting-shopify.md", { SECRET: "0123456789abcdef" });
    expect(printed.filter((text) => text === "202\n")).toHaveLength(1);
    expect(order).toMatchObject({ number: "1001", externalId: "450789469" });
    expect(printed.at(-1)).toBe('{"deliveries":[]}');
  });

  test("docs/connecting-woocommerce.md", async () => {
    const { printed, order } = await follow("connecting-woocommerce.md", { SECRET: "0123456789abcdef" });
    expect(printed[0]).toMatch(/^[0-9a-f]{64}\n$/);
    expect(printed.filter((text) => text === "202\n")).toHaveLength(1);
    expect(order).toMatchObject({ number: "1001", externalId: "727" });
    expect(printed.at(-1)).toBe('{"deliveries":[]}');
  });
});
