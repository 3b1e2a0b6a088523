import { readFileSync } from "node:fs";

/** A recorded body as parsed JSON, fresh at each call. */
export function fixture(path: string): unknown {
  return JSON.parse(readFileSync(new URL(`../../fixtures/${path}`, import.meta.url), "utf8"));
}

/** A copy of `value` in which the fields named by JSON pointers are set, or left out when given `undefined`. */
export function changed(value: unknown, changes: Readonly<Record<string, unknown>>): unknown {
  const copy: unknown = structuredClone(value);
  for (const [pointer, replacement] of Object.entries(changes)) {
    const path = pointer.slice(1).split("/");
    const last = path.pop() ?? "";
    let holder = copy;
    for (const part of path) holder = child(holder, part, pointer);
    if (typeof holder !== "object" || holder === null) throw new Error(`no such place: ${pointer}`);
    if (replacement === undefined) Reflect.deleteProperty(holder, last);
    else Reflect.set(holder, last, replacement);
  }
  return copy;
}

/** JSON pointers of all values in `value` that hold no others. */
export function leavesOf(value: unknown, at = ""): readonly string[] {
  if (typeof value !== "object" || value === null) return [at];
  return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, `${at}/${key}`));
}

function child(holder: unknown, part: string, pointer: string): unknown {
  if (typeof holder !== "object" || holder === null || !Object.hasOwn(holder, part)) throw new Error(`no such place: ${pointer}`);
  return Reflect.get(holder, part);
}
