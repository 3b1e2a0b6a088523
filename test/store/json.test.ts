import fc from "fast-check";
import { sql } from "kysely";
import { beforeAll, describe, expect, test } from "vitest";
import type { Database } from "../../src/store/database.ts";
import { storableJson } from "../../src/store/json.ts";
import { freshDatabase } from "../support/services.ts";
import { openPool } from "./rows.ts";

let db: Database;

beforeAll(async () => {
  db = openPool((await freshDatabase()).url);
});

async function throughPostgres(value: unknown): Promise<unknown> {
  const { rows } = await sql<{ value: unknown }>`select ${storableJson(value)}::jsonb as value`.execute(db);
  return rows[0]?.value;
}

describe("what is written to `jsonb`", () => {
  test.each([
    ["a NUL", "a\u0000b", "ab"],
    ["half a pair", "a\ud83d", "a\ufffd"],
    ["the other half", "\ude00b", "\ufffdb"],
    ["a whole pair", "😀", "😀"],
    ["a backslash before u0000", "\\u0000 \\ud83d", "\\u0000 \\ud83d"],
    ["two backslashes before u0000", "\\\\u0000", "\\\\u0000"],
    ["a backslash before a NUL", "\\\u0000x", "\\x"],
    ["quotes and newlines", '"\n\t\\"', '"\n\t\\"'],
  ])("with %s is taken", async (_what, text, stored) => {
    expect(await throughPostgres({ [`key ${stored}`]: [text] })).toEqual({ [`key ${stored}`]: [stored] });
  });

  test("is taken whatever the text, and is the same text where that can be stored", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 12 }), async (units) => {
        const text = String.fromCharCode(...units, 0x5c, ...units);
        expect(await throughPostgres(text)).toBe(text.replaceAll("\0", "").toWellFormed());
      }),
      { numRuns: 300 },
    );
  });
});
