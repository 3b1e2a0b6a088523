import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { messageStates, reasons, rules } from "../../src/core/timetable.ts";

const text = readFileSync(new URL("../../docs/message-states.md", import.meta.url), "utf8");

/** The words explained in the first column of the table under a heading. */
function explained(heading: string): readonly string[] {
  const section = text.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? "";
  return [...section.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, word = ""]) => word);
}

test("every state, reason and rule is explained once, in the order of the code, and no other word is", () => {
  expect(explained("Reasons")).toEqual(reasons);
  expect(explained("Rules")).toEqual(rules);
  expect(explained("States").toSorted()).toEqual([...messageStates, "waiting", "excluded"].toSorted());
});
