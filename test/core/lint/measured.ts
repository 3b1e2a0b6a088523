import { readFileSync } from "node:fs";
import { join } from "node:path";
import { rulesOffended } from "../../../src/core/lint/lint-mail.ts";

export interface Case {
  /** A rule, or `clean`. */
  readonly want: string;
  readonly text: string;
}

export interface Measure {
  readonly offences: number;
  readonly cleans: number;
  /** Offences that were not found under their rule, and clean sentences that were held against their writer. */
  readonly missed: readonly string[];
  readonly alarms: readonly string[];
}

/** The cases of a fixture: a rule or `clean`, a blank, and the sentence, one a line. */
export function casesOf(file: string): readonly Case[] {
  const lines = readFileSync(join(import.meta.dirname, "../../fixtures/lint", file), "utf8").split("\n");
  return lines
    .filter((line) => line.trim() !== "")
    .map((line) => ({ want: line.slice(0, line.indexOf(" ")), text: line.slice(line.indexOf(" ") + 1) }));
}

export function measure(cases: readonly Case[]): Measure {
  const offences = cases.filter(({ want }) => want !== "clean");
  const cleans = cases.filter(({ want }) => want === "clean");
  return {
    offences: offences.length,
    cleans: cleans.length,
    missed: offences
      .filter(({ want, text }) => !rulesOffended(text).some((rule) => rule === want))
      .map(({ want, text }) => `${want} ${text}`),
    alarms: cleans.filter(({ text }) => rulesOffended(text).length > 0).map(({ text }) => `${rulesOffended(text).join(" ")} ${text}`),
  };
}
