import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, test } from "vitest";
import { lockFolder } from "../../src/embedded/folder-lock.ts";
import { freshFolder, kill } from "./embedded-postgres.ts";

const modulePath = join(import.meta.dirname, "../../src/embedded/folder-lock.ts");

test("a lock is held against the same process and others until it is let go", async () => {
  const file = join(await freshFolder(), "lock");
  const first = await lockFolder(file);
  expect(first.kind).toBe("held");
  expect(await lockFolder(file)).toEqual({ kind: "taken", by: expect.stringContaining(`process ${process.pid} `) });
  if (first.kind === "held") first.release();
  expect((await lockFolder(file)).kind).toBe("held");
});

test("a lock held by a process that was killed is free at once", async () => {
  const file = join(await freshFolder(), "lock");
  const script = `const { lockFolder } = await import(process.argv[1]); console.log((await lockFolder(process.argv[2])).kind); setInterval(() => {}, 60000);`;
  const holder = spawn(process.execPath, ["--input-type=module", "-e", script, modulePath, file], { stdio: ["ignore", "pipe", "inherit"] });
  expect(String((await once(holder.stdout, "data"))[0]).trim()).toBe("held");
  expect(await lockFolder(file)).toMatchObject({ kind: "taken", by: expect.stringContaining(`process ${holder.pid} `) });
  await kill(holder);
  expect((await lockFolder(file)).kind).toBe("held");
});
