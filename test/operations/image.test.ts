import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { cp, mkdir, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { startProcess, temporaryFolder } from "../support/process.ts";
import { freshDatabase } from "../support/services.ts";

const run = promisify(execFile);
const root = join(import.meta.dirname, "../..");
const dockerfile = readFileSync(join(root, "Dockerfile"), "utf8").replaceAll("\\\n", " ");

/** What the image copies of the repository. */
const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+)$/gm)].flatMap(([, words = ""]) => words.split(" ").slice(0, -1));

/** The repository as the image has it: what is copied, and the production packages. */
async function image(): Promise<string> {
  const folder = await temporaryFolder();
  for (const path of copied) await cp(join(root, path), join(folder, path), { recursive: true });
  const { dependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { dependencies: Record<string, string> };
  for (const name of Object.keys(dependencies)) {
    const link = join(folder, "node_modules", name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(join(root, "node_modules", name), link);
  }
  return folder;
}

describe("the image", () => {
  test("copies what is there, and .dockerignore lets nothing else near it", () => {
    expect(copied.length).toBeGreaterThan(8);
    expect(copied.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    const [first, ...kept] = readFileSync(join(root, ".dockerignore"), "utf8")
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"));
    expect(first).toBe("*");
    expect(kept.sort()).toEqual([...new Set(copied)].map((path) => `!${path}`).sort());
  });

  test("does not run as root, and is built on the Node of package.json", () => {
    expect(dockerfile).toMatch(/^USER node$/m);
    const stages = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, name]) => name);
    expect(new Set(stages)).toEqual(new Set([`node:${process.versions.node.split(".")[0]}-bookworm-slim`]));
  });

  test("has all it needs to serve and to render every mail, without a single package for development", async () => {
    const folder = await image();
    const out = join(folder, "previews");
    await run(process.execPath, ["bin/afterword.mjs", "template", "preview", "--all", "--out", out], { cwd: folder });
    expect(readdirSync(out).sort()).toEqual(
      readdirSync(join(root, "templates"))
        .filter((name) => !name.startsWith("_"))
        .sort(),
    );
    const env = { DATABASE_URL: (await freshDatabase()).url, SECRET_KEY: "a secret key for tests, 32 long..", ROLE: "web" };
    const web = await startProcess(env, join(folder, "bin/afterword.mjs"));
    expect((await fetch(`${web.url}/readyz`)).status).toBe(200);
    expect((await fetch(`${web.url}/api/docs`)).status).toBe(200);
    expect(await web.stop()).toBe(0);
  }, 90_000);

  test("says that it is well by the very command that Docker runs", async () => {
    const { url } = await freshDatabase();
    const web = await startProcess({ DATABASE_URL: url, SECRET_KEY: "a secret key for tests, 32 long..", ROLE: "worker" });
    const check = JSON.parse(/^HEALTHCHECK .*?CMD (\[.*\])$/m.exec(dockerfile)?.[1] ?? "[]") as string[];
    expect(check[0]).toBe("node");
    const ask = (port: string) =>
      run(process.execPath, check.slice(1), { env: { PORT: port } }).then(
        () => "well",
        () => "ill",
      );
    expect(await ask(new URL(web.url).port)).toBe("well");
    await web.kill();
    expect(await ask(new URL(web.url).port)).toBe("ill");
  }, 60_000);
});
