import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";

const entry = z.object({
  version: z.string().optional(),
  resolved: z.string().optional(),
  optionalDependencies: z.record(z.string(), z.string()).optional(),
});
const lock = z
  .object({ packages: z.record(z.string(), entry) })
  .parse(JSON.parse(await readFile(join(import.meta.dirname, "../../package-lock.json"), "utf8")));

/** Where Node would find `name` from the package at `path`: in its own `node_modules`, or in one further up. */
function placesOf(name: string, path: string): string[] {
  const folders = path.split("/node_modules/").map((_, index, parts) => parts.slice(0, index + 1).join("/node_modules/"));
  return ["", ...folders.map((folder) => `${folder}/`)].map((folder) => `${folder}node_modules/${name}`.replace(/^\//, ""));
}

test("the lockfile knows the optional packages of every machine: npm ci refuses one that knows only those of its writer's", () => {
  const missing = Object.entries(lock.packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter((name) => !placesOf(name, path).some((place) => lock.packages[place]?.version)),
  );
  expect(missing).toEqual([]);
});

test("the lockfile names no registry", () => {
  expect(Object.entries(lock.packages).filter(([, { resolved }]) => resolved?.startsWith("http"))).toEqual([]);
});

test("every direct dependency is pinned to one version", async () => {
  const group = z.record(z.string(), z.string());
  const all = z
    .object({ dependencies: group, devDependencies: group, optionalDependencies: group })
    .parse(JSON.parse(await readFile(join(import.meta.dirname, "../../package.json"), "utf8")));
  const loose = Object.values(all).flatMap((dependencies) =>
    Object.entries(dependencies).filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)),
  );
  expect(loose).toEqual([]);
});
