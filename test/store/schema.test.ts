import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openDatabase } from "../../src/store/database.ts";
import { dumpSchema } from "../support/schema-dump.ts";
import { freshDatabase } from "../support/services.ts";

const file = join(import.meta.dirname, "../../migrations/schema.sql");

test("migrations/schema.sql is what the migrations make (else: npm run schema)", async () => {
  const db = openDatabase({ url: (await freshDatabase()).url });
  const dump = await dumpSchema(db);
  await db.destroy();
  if (process.env["SCHEMA"] === "write") await writeFile(file, dump);
  expect(dump).toBe(await readFile(file, "utf8"));
});
