import { sampleData } from "./sample.ts";
import type { Templates } from "./template-files.ts";

/** What the data of mails look like: which names a template may ask for. */
export type Shape =
  | { readonly kind: "value" }
  | { readonly kind: "fields"; readonly fields: ReadonlyMap<string, Shape> }
  | { readonly kind: "list"; readonly item: Shape };

const known = new WeakMap<Templates, Shape>();

/**
 * The names that mails have, taken from the samples of all messages together: what is null in one is an object in another. Made once.
 *
 * So a misspelt name is found where it is written, also in a branch that no sample shows.
 */
export function knownNames(templates: Templates): Shape {
  const made = known.get(templates);
  if (made !== undefined) return made;
  const shape = [...templates.byKey.values()].map((files) => shapeOf(sampleData(files, "en"))).reduce(merged, { kind: "value" });
  known.set(templates, shape);
  return shape;
}

/** What a path leads to from `scope`, `null` when the data have nothing of that name. */
export function lookUp(scope: Shape, path: string): Shape | null {
  let shape: Shape | null = scope;
  for (const name of path.split(".")) shape = shape?.kind === "fields" ? (shape.fields.get(name) ?? null) : null;
  return shape;
}

/** The scopes in which words may stand: the whole, and an item of each list. */
export function scopesOf(shape: Shape): readonly Shape[] {
  if (shape.kind === "list") return [shape.item];
  if (shape.kind === "value") return [];
  return [...shape.fields.values()].flatMap(scopesOf).concat(shape);
}

function shapeOf(value: unknown): Shape {
  if (Array.isArray(value)) return { kind: "list", item: value.map(shapeOf).reduce(merged, { kind: "value" }) };
  if (typeof value !== "object" || value === null) return { kind: "value" };
  return { kind: "fields", fields: new Map(Object.entries(value).map(([name, one]) => [name, shapeOf(one)])) };
}

function merged(a: Shape, b: Shape): Shape {
  if (a.kind === "value") return b;
  if (a.kind === "list" && b.kind === "list") return { kind: "list", item: merged(a.item, b.item) };
  if (a.kind !== "fields" || b.kind !== "fields") return a;
  const fields = new Map(a.fields);
  for (const [name, shape] of b.fields) fields.set(name, merged(fields.get(name) ?? { kind: "value" }, shape));
  return { kind: "fields", fields };
}
