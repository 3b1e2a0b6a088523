import { readFile } from "node:fs/promises";
import { text as readAll } from "node:stream/consumers";
import { readScheduleText, type ScheduleText } from "../core/schedule-text.ts";
import { Failure } from "./failure.ts";

/** Reads a file, `-` meaning standard input. */
export async function readScheduleFile(path: string): Promise<ScheduleText> {
  if (path === "-") return readScheduleText("standard input", await readAll(process.stdin));
  try {
    return readScheduleText(path, await readFile(path, "utf8"));
  } catch (error) {
    throw new Failure(`${path} can't be read: ${error instanceof Error ? error.message : error}`, { code: 2, cause: error });
  }
}

/** Mistakes as people read them: place, sentence, the line, and where in it. In the order of the file. */
export function mistakesText({ name, text, mistakes }: Pick<ScheduleText, "name" | "text" | "mistakes">): string {
  const lines = text.split(/\r?\n/);
  return mistakes
    .toSorted((a, b) => a.line - b.line || a.column - b.column)
    .map(({ line, column, detail }) => {
      const source = lines[line - 1];
      const number = String(line).padStart(5);
      const shown = source === undefined || source.trim() === "" ? "" : `${number} | ${source}\n${" ".repeat(8)}${gap(source, column)}^\n`;
      return `${name}:${line}:${column}: ${detail}\n${shown}`;
    })
    .join("");
}

/** As wide as what stands before the column, tabs staying tabs. */
function gap(source: string, column: number): string {
  return source.slice(0, column - 1).replaceAll(/[^\t]/g, " ");
}
