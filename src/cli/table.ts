import { columnsOf, plain, type Terminal, type Tone, toned } from "./terminal.ts";

/** A cell: text, or text in a tone. Whatever it holds is made harmless before it is shown. */
export type Cell = string | { readonly text: string; readonly tone: Tone | null };

/** Rows below their heads, each column as wide as its widest cell. The last column is not cut off. Ends with a line's end; empty without rows. */
export function table(terminal: Terminal, heads: readonly string[], rows: readonly (readonly Cell[])[]): string {
  if (rows.length === 0) return "";
  const head = heads.map((text): Cell => ({ text: text.toUpperCase(), tone: "quiet" }));
  return aligned(terminal, [head, ...rows]);
}

/** Names and their values, one pair a line; pairs without a value are left out. */
export function fields(terminal: Terminal, pairs: readonly (readonly [string, Cell | null])[]): string {
  const rows = pairs.flatMap(([name, value]) => (value === null ? [] : [[{ text: name, tone: "quiet" } as const, value]]));
  return aligned(terminal, rows);
}

function aligned(terminal: Terminal, rows: readonly (readonly Cell[])[]): string {
  const cells = rows.map((row) =>
    row.map((cell) => (typeof cell === "string" ? { text: plain(cell), tone: null } : { ...cell, text: plain(cell.text) })),
  );
  const widths: number[] = [];
  for (const row of cells) for (const [index, { text }] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, columnsOf(text));
  const lines = cells.map((row) =>
    row
      .map(({ text, tone }, index) => {
        const padding = index === row.length - 1 ? "" : " ".repeat((widths[index] ?? 0) - columnsOf(text));
        return `${toned(terminal, tone, text)}${padding}`;
      })
      .join("  ")
      .trimEnd(),
  );
  return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
}

/** Text broken into lines of the terminal's width, each after `indent`. */
export function wrapped({ width }: Pick<Terminal, "width">, text: string, indent: string): string {
  const room = Math.max(20, width - columnsOf(indent));
  const lines: string[] = [];
  let line = "";
  for (const word of plain(text).split(" ")) {
    if (line !== "" && columnsOf(line) + 1 + columnsOf(word) > room) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].map((one) => `${indent}${one}\n`).join("");
}
