import { fileOfLocale, lockedWords, type OverrideFiles, sharedKey } from "../../../core/override.ts";
import { wordsOf } from "../../../core/override-diff.ts";
import { type OverrideVersion, overridesInForce } from "../../../store/template-overrides.ts";
import type { TemplateSamples } from "../../template-samples.ts";
import type { ShopVisit } from "../route.ts";

/*
 * A template as a form holds it. One sheet is edited at a time: the words of one language, or the two bodies. As with schedules, the form is the draft:
 * nothing is kept on the server while somebody edits.
 */

export interface Sheet {
  readonly samples: TemplateSamples;
  readonly key: string;
  readonly locale: string;
  readonly part: "words" | "body";
  readonly builtIn: OverrideFiles;
  /** What of the shop's is in force, of all templates. */
  readonly inForce: ReadonlyMap<string, OverrideVersion>;
  /** What would be published: what is in force, with the sheet as it is filled in. */
  readonly files: OverrideFiles;
  /** The version in force when editing began; 0: the built-in one. */
  readonly basedOn: number;
}

/** The sheet that the address or the posted form is about; `null`: there is no such template. */
export async function sheetOf(visit: ShopVisit): Promise<Sheet | null> {
  const ask = (name: string) => (visit.form.has(name) ? visit.form.get(name) : visit.url.searchParams.get(name)) ?? "";
  const samples = visit.deps.samples?.();
  const key = ask("key");
  const builtIn = samples?.builtIn(key) ?? null;
  if (samples === undefined || builtIn === null) return null;
  const locales = Object.keys(builtIn).flatMap((file) => /^strings\.(.+)\.json$/.exec(file)?.[1] ?? []);
  const locale = locales.find((one) => one === ask("lang")) ?? locales.find((one) => one === visit.shop.locale) ?? "en";
  const part = ask("part") === "body" && key !== sharedKey ? "body" : "words";
  const inForce = await overridesInForce(visit.deps.db, visit.shop.id);
  const own = inForce.get(key)?.files ?? {};
  const posted = visit.form.has("based");
  const files = posted ? withSheet(own, builtIn, visit.form, locale, part) : own;
  const basedOn = posted ? Number(visit.form.get("based")) : (inForce.get(key)?.version ?? 0);
  return { samples, key, locale, part, builtIn, inForce, files, basedOn };
}

/** A word to edit. */
export interface WordField {
  readonly name: string;
  /** As the product ships it. */
  readonly builtIn: string;
  readonly english: string;
  readonly value: string;
  readonly changed: boolean;
}

/** The words of a sheet in the order of their file; those that stay ours are not among them. */
export function wordFields({ builtIn, files, locale }: Sheet): readonly WordField[] {
  const file = fileOfLocale(locale);
  const [shipped, english, own] = [
    wordsOf(builtIn[file] ?? "{}"),
    wordsOf(builtIn[fileOfLocale("en")] ?? "{}"),
    wordsOf(files[file] ?? "{}"),
  ];
  return [...new Set([...Object.keys(shipped), ...Object.keys(own)])]
    .filter((name) => !lockedWords.has(name))
    .map((name) => {
      const value = own[name] ?? shipped[name] ?? "";
      return { name, builtIn: shipped[name] ?? "", english: english[name] ?? "", value, changed: Object.hasOwn(own, name) };
    });
}

function withSheet(own: OverrideFiles, builtIn: OverrideFiles, form: URLSearchParams, locale: string, part: Sheet["part"]): OverrideFiles {
  const files: Record<string, string> = { ...own };
  const put = (file: string, text: string | null) => {
    if (text === null || text.trim() === "" || text === builtIn[file]) delete files[file];
    else files[file] = text;
  };
  if (part === "body") {
    put("body.mjml", typed(form, "mjml", builtIn["body.mjml"]));
    put("body.txt", typed(form, "text", builtIn["body.txt"]));
    return files;
  }
  const file = fileOfLocale(locale);
  const shipped = wordsOf(builtIn[file] ?? "{}");
  const words = new Map(Object.entries(wordsOf(own[file] ?? "{}")));
  for (const [field, value] of form) {
    if (!field.startsWith("w-")) continue;
    const name = field.slice(2);
    const text = value.replaceAll("\r\n", "\n").trim();
    if (text === "" || text === shipped[name]) words.delete(name);
    else words.set(name, text);
  }
  put(file, words.size === 0 ? null : `${JSON.stringify(Object.fromEntries(words), null, 2)}\n`);
  return files;
}

/** A text as it was typed: browsers send CRLF, and nobody sees whether a text ends with a line's end. */
function typed(form: URLSearchParams, field: string, shipped: string | undefined): string | null {
  const text = form.get(field)?.replaceAll("\r\n", "\n") ?? null;
  return text !== null && text.trimEnd() === shipped?.trimEnd() ? null : text;
}
