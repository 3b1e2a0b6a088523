import fc from "fast-check";
import { expect, test } from "vitest";
import { diffFiles, type FileDiff, overlaid } from "../../src/core/override-diff.ts";

const lines = (diff: readonly FileDiff[]) =>
  diff.flatMap((one) => (one.kind === "lines" ? one.lines.map(({ sign, text }) => `${sign}${text}`) : []));

test("a body that changed is told line by line, with two lines around each change", () => {
  const before = ["a", "b", "c", "d", "e", "f", "g"].join("\n");
  expect(lines(diffFiles({ "body.txt": before }, { "body.txt": before.replace("d", "D") }))).toEqual([
    "…",
    " b",
    " c",
    "-d",
    "+D",
    " e",
    " f",
    "…",
  ]);
});

test("words are told one by one, over what the product ships", () => {
  const builtIn = { "strings.en.json": '{"title": "Hello", "thanks": "Thank you"}' };
  const own = overlaid(builtIn, { "strings.en.json": '{"title": "Well met"}' });
  expect(JSON.parse(own["strings.en.json"] ?? "")).toEqual({ title: "Well met", thanks: "Thank you" });
  expect(diffFiles(overlaid(builtIn, {}), own)).toEqual([
    { kind: "words", file: "strings.en.json", changes: [{ key: "title", before: "Hello", after: "Well met" }] },
  ]);
  expect(diffFiles(overlaid(builtIn, {}), overlaid(builtIn, { "strings.en.json": '{ "title": "Hello" }' }))).toEqual([]);
});

test("what both have and what only one has, put together again, are the two texts", () => {
  const text = fc.array(fc.constantFrom("a", "b", "c", ""), { maxLength: 12 });
  fc.assert(
    fc.property(text, text, (a, b) => {
      const told = lines(diffFiles({ "body.txt": a.join("\n") }, { "body.txt": b.join("\n") }));
      const kept = (sign: string) => told.filter((line) => line.startsWith(sign)).map((line) => line.slice(1));
      const without = (all: readonly string[], some: readonly string[]) => {
        const left = [...all];
        for (const one of some) left.splice(left.indexOf(one), 1);
        return left.sort();
      };
      // as bags of lines: what is not told of either side is common to both
      expect(without(a.join("\n").split("\n"), kept("-"))).toEqual(without(b.join("\n").split("\n"), kept("+")));
    }),
  );
});
