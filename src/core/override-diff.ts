import { localeOfFile, type OverrideFiles } from "./override.ts";

/** How one file of a template differs between two versions. */
export type FileDiff =
  | { readonly kind: "words"; readonly file: string; readonly changes: readonly WordChange[] }
  | { readonly kind: "lines"; readonly file: string; readonly lines: readonly LineOfDiff[] };

export interface WordChange {
  readonly key: string;
  /** `null`: there was none. */
  readonly before: string | null;
  readonly after: string | null;
}

export interface LineOfDiff {
  /** Both have it, only the version after, only the one before. `…`: some that both have are left out. */
  readonly sign: " " | "+" | "-" | "…";
  readonly text: string;
}

/** The files as mails are made of them: the built-in ones, with a shop's own in their place, word by word. */
export function overlaid(builtIn: OverrideFiles, own: OverrideFiles): OverrideFiles {
  const files: Record<string, string> = { ...builtIn };
  for (const [file, text] of Object.entries(own)) {
    const words = localeOfFile(file) === null ? null : { ...wordsOf(builtIn[file] ?? "{}"), ...wordsOf(text) };
    files[file] = words === null ? text : `${JSON.stringify(words, null, 2)}\n`;
  }
  return files;
}

/** What two sets of whole files (see `overlaid`) do not have in common. Empty: they make the same mails. */
export function diffFiles(before: OverrideFiles, after: OverrideFiles): readonly FileDiff[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names.flatMap((file): FileDiff[] => {
    const [was = "", is = ""] = [before[file], after[file]];
    if (was === is) return [];
    if (localeOfFile(file) === null) return [{ kind: "lines", file, lines: diffLines(was.split("\n"), is.split("\n")) }];
    const changes = diffWords(wordsOf(was), wordsOf(is));
    return changes.length === 0 ? [] : [{ kind: "words", file, changes }];
  });
}

/** The texts of a file of words; what is none is left out. */
export function wordsOf(text: string): Readonly<Record<string, string>> {
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json !== "object" || json === null) return {};
    return Object.fromEntries(Object.entries(json).filter((entry): entry is [string, string] => typeof entry[1] === "string"));
  } catch {
    return {};
  }
}

function diffWords(before: Readonly<Record<string, string>>, after: Readonly<Record<string, string>>): readonly WordChange[] {
  const of = (words: Readonly<Record<string, string>>, key: string) => (Object.hasOwn(words, key) ? (words[key] ?? null) : null);
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .map((key) => ({ key, before: of(before, key), after: of(after, key) }))
    .filter((change) => change.before !== change.after);
}

/** Beyond this many lines on each side it is told as everything taken out and put in. */
const maxLines = 2_000;
const context = 2;

function diffLines(before: readonly string[], after: readonly string[]): readonly LineOfDiff[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < Math.min(before.length, after.length) - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  const middle = changesBetween(before.slice(start, before.length - end), after.slice(start, after.length - end));
  const same = (text: string): LineOfDiff => ({ sign: " ", text });
  return shortened([...before.slice(0, start).map(same), ...middle, ...before.slice(before.length - end).map(same)]);
}

/** Keeps of what both have only the lines next to a change. */
function shortened(lines: readonly LineOfDiff[]): readonly LineOfDiff[] {
  const near = (index: number) => lines.slice(Math.max(0, index - context), index + context + 1).some(({ sign }) => sign !== " ");
  return lines.flatMap((line, index): LineOfDiff[] => {
    if (near(index)) return [line];
    return index === 0 || near(index - 1) ? [{ sign: "…", text: "" }] : [];
  });
}

/** The longest common subsequence, by the table of its lengths. */
function changesBetween(a: readonly string[], b: readonly string[]): readonly LineOfDiff[] {
  const gone = (text: string): LineOfDiff => ({ sign: "-", text });
  const come = (text: string): LineOfDiff => ({ sign: "+", text });
  if (a.length > maxLines || b.length > maxLines) return [...a.map(gone), ...b.map(come)];
  const width = b.length + 1;
  const lengths = new Uint16Array((a.length + 1) * width);
  const at = (i: number, j: number) => lengths[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1)
      lengths[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  }
  const lines: LineOfDiff[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const [was, is] = [a[i], b[j]];
    if (was !== undefined && was === is) {
      lines.push({ sign: " ", text: was });
      i += 1;
      j += 1;
    } else if (was !== undefined && (is === undefined || at(i + 1, j) >= at(i, j + 1))) {
      lines.push(gone(was));
      i += 1;
    } else {
      lines.push(come(is ?? ""));
      j += 1;
    }
  }
  return lines;
}
