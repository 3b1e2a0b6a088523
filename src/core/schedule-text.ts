import { type Document, isCollection, isMap, isNode, isSeq, LineCounter, type Node, parseDocument } from "yaml";
import { type ParsedSchedule, parseSchedule } from "./schedule.ts";
import type { ScheduleError } from "./schedule-errors.ts";

/** A mistake in a schedule's file, by the place where it stands. Lines and columns count from 1. */
export interface Mistake {
  readonly line: number;
  readonly column: number;
  /** JSON Pointer; empty for what is not even YAML. */
  readonly pointer: string;
  readonly detail: string;
}

type Place = Pick<Mistake, "line" | "column">;

/** A schedule as text: what it says, or everything that is wrong with it. */
export interface ScheduleText {
  readonly name: string;
  readonly text: string;
  readonly parsed: Extract<ParsedSchedule, { ok: true }> | null;
  readonly mistakes: readonly Mistake[];
  /** Where the pointer of somebody else's complaint leads to. */
  placeOf(pointer: string): Place;
}

/** Reads a schedule from YAML or JSON. Comments are welcome; keys that are there twice are not. Never throws. */
export function readScheduleText(name: string, text: string): ScheduleText {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const placeOf = (pointer: string, name = false) => at(offsetOf(document, pointer, name));
  const broken = document.errors.map((error) => ({ ...at(error.pos[0]), pointer: "", detail: error.message }));
  if (broken.length > 0) return { name, text, parsed: null, mistakes: broken, placeOf };
  const value = plainValue(document);
  if (!value.ok) return { name, text, parsed: null, mistakes: [{ line: 1, column: 1, pointer: "", detail: value.reason }], placeOf };
  const parsed = parseSchedule(value.value);
  if (parsed.ok) return { name, text, parsed, mistakes: [], placeOf };
  return {
    name,
    text,
    parsed: null,
    mistakes: parsed.errors.map((error) => mistakeAt(placeOf(error.pointer, error.detail.endsWith("there is no such field")), error)),
    placeOf,
  };
}

/** The library that checks shapes speaks of types; people write fields. */
function mistakeAt(place: Place, { pointer, detail }: ScheduleError): Mistake {
  const plainer = detail
    .replace(/Invalid input: expected .+, received undefined$/, "is missing")
    .replace(/Invalid input: expected (.+), received (.+)$/, "wanted $1, found $2")
    .replace(
      /Invalid option: expected one of (.+)$/,
      (_, options: string) => `wanted one of ${options.replaceAll('"', "").replaceAll("|", ", ")}`,
    );
  return { ...place, pointer, detail: plainer };
}

function plainValue(document: Document): { ok: true; value: unknown } | { ok: false; reason: string } {
  try {
    return { ok: true, value: document.toJS({ maxAliasCount: 100 }) };
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : "it can't be read" };
  }
}

/**
 * Where in the text a pointer leads: to the value, or to the name of a value that is a whole block (or where `toName`); of what is
 * missing, to the nearest thing around it that is there.
 */
function offsetOf(document: Document, pointer: string, toName: boolean): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const part of pointer.split("/").slice(1)) {
    const name = part.replaceAll("~1", "/").replaceAll("~0", "~");
    if (isSeq(node)) {
      node = node.items[Number(name)];
      offset = startOf(node) ?? offset;
      continue;
    }
    if (!isMap(node)) return offset;
    const pair = node.items.find(({ key }) => String(isNode(key) ? key.toJSON() : key) === name);
    if (pair === undefined) return offset;
    node = pair.value;
    const start = toName || (isCollection(node) && node.flow !== true) ? startOf(pair.key) : (startOf(node) ?? startOf(pair.key));
    offset = start ?? offset;
  }
  return offset;
}

function startOf(node: unknown): number | null {
  return isNode(node) ? ((node as Node).range?.[0] ?? null) : null;
}
