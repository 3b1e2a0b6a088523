import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readJson } from "../../src/sources/json.ts";

const folder = new URL("../fixtures/robustness/json/", import.meta.url);
const files = readdirSync(folder).map((name) => ({ name, body: readFileSync(new URL(name, folder)) }));
const starting = (letter: string) => files.filter(({ name }) => name.startsWith(letter));
const read = (text: string) => readJson(Buffer.from(text));

test("all valid JSON is read as JSON.parse reads it", () => {
  expect(starting("y_").length).toBe(47);
  for (const { name, body } of starting("y_")) expect(readJson(body), name).toEqual({ kind: "json", value: JSON.parse(body.toString()) });
});

test("all invalid JSON is refused", () => {
  expect(starting("n_").length).toBe(94);
  for (const { name, body } of starting("n_")) expect(readJson(body).kind, name).toBe("bad");
});

test("invalid UTF-8 is refused before it could be taken for another text", () => {
  for (const { name, body } of starting("i_string")) {
    if (!Buffer.from(body.toString()).equals(body)) expect(readJson(body), name).toEqual({ kind: "bad", reason: "is not UTF-8" });
  }
});

test("a byte order mark is passed over", () => {
  expect(readJson(Buffer.from('\ufeff{"id":1}'))).toEqual({ kind: "json", value: { id: 1 } });
});

test("integers beyond 2^53 keep their digits, everything else stays a number (IN-09)", () => {
  expect(
    read(
      '{"a":820982911946154508,"b":-820982911946154507,"c":9007199254740991,"d":9007199254740993,"e":[1.12345678901234567890,1e20,12345678901234567e3]}',
    ),
  ).toEqual({
    kind: "json",
    value: {
      a: "820982911946154508",
      b: "-820982911946154507",
      c: 9007199254740991,
      d: "9007199254740993",
      e: [1.1234567890123457, 1e20, 12345678901234567000],
    },
  });
  expect(read("820982911946154508")).toEqual({ kind: "json", value: "820982911946154508" });
});

test("digits inside strings are left alone, also after escaped quotes", () => {
  const value = { 'k"12345678901234567890': '\\" [820982911946154508', after: ["ü", "820982911946154508\\"] };
  expect(read(JSON.stringify(value))).toEqual({ kind: "json", value });
});

test("keeping digits makes nothing valid that was not", () => {
  for (const text of [
    "{12345678901234567890:1}",
    "[00000000000000000001]",
    "[-012345678901234567890]",
    "[12345678901234567890 1]",
    "[12345678901234567.]",
  ]) {
    expect(read(text).kind, text).toBe("bad");
  }
});

test("64 levels are read and 65 are not, whether or not the brackets close (IN-14)", () => {
  expect(read("[".repeat(64) + "]".repeat(64)).kind).toBe("json");
  expect(read(`${'{"a":'.repeat(65)}1${"}".repeat(65)}`)).toEqual({ kind: "bad", reason: "is nested deeper than 64 levels" });
  expect(read("[".repeat(100_000)).kind).toBe("bad");
  expect(read(`["${"[".repeat(100)}"]`).kind).toBe("json");
});
