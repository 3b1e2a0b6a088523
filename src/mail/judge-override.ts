import { fileOfLocale, localeOfFile, type OverrideFiles, placeOf, sharedKey, type TemplateProblem } from "../core/override.ts";
import { compileTemplate } from "./compile.ts";
import { checkOverride } from "./override-check.ts";
import { readWords } from "./override-words.ts";
import { render } from "./render.ts";
import { sampleData, sampleOf } from "./sample.ts";
import type { TemplateFiles, Templates } from "./template-files.ts";
import { lintTemplate, type PlacedFinding } from "./template-lint.ts";
import { withOverride } from "./with-override.ts";

export interface Judging {
  readonly key: string;
  /** What would be published. */
  readonly files: OverrideFiles;
  /** For a template: the words all share, as the shop has them. */
  readonly shared: OverrideFiles;
  /** For the shared words: what the shop changed of each template, by key. */
  readonly others: ReadonlyMap<string, OverrideFiles>;
  /** Only these languages; when absent, all it shows in. */
  readonly locales?: readonly string[];
}

/**
 * Judges an override as publication does: as it is written, then compiled and filled with the sample in every language it shows in, and linted. Nothing is run that
 * did not pass the first. Empty: it may be published.
 */
export async function judgeOverride(templates: Templates, judging: Judging): Promise<readonly TemplateProblem[]> {
  const written = checkOverride(templates, judging.key, judging.files);
  if (written.length > 0) return written;
  return judging.key === sharedKey ? judgeShared(templates, judging) : judgeTemplate(templates, judging);
}

async function judgeTemplate(templates: Templates, { key, files, shared, locales }: Judging): Promise<readonly TemplateProblem[]> {
  const changed = withOverride(templates, key, { own: files, shared });
  const problems: TemplateProblem[] = [];
  const all = [...(changed.byKey.get(key)?.strings.keys() ?? [])];
  for (const locale of all.filter((one) => (locales ?? touched(all, files, shared)).includes(one))) {
    for (const finding of await lintTemplate(changed, key, locale)) problems.push(problemOf(finding, files, changed.byKey.get(key)));
  }
  return once(problems);
}

/** The languages in which a mail is not as the product ships it. */
function touched(all: readonly string[], files: OverrideFiles, shared: OverrideFiles): readonly string[] {
  if (Object.hasOwn(files, "body.mjml") || Object.hasOwn(files, "body.txt")) return all;
  return all.filter((locale) => [files, shared].some((some) => Object.hasOwn(some, fileOfLocale(locale))));
}

/** The words all share stand in every mail: each is filled in again in the languages that change, and one of each category linted. */
async function judgeShared(templates: Templates, { files, others, locales }: Judging): Promise<readonly TemplateProblem[]> {
  const changedLocales = Object.keys(files).flatMap((file) => localeOfFile(file) ?? []);
  const problems: TemplateProblem[] = [];
  const linted = new Set<string>();
  for (const locale of changedLocales.filter((one) => locales === undefined || locales.includes(one))) {
    for (const [key, builtIn] of templates.byKey) {
      const changed = withOverride(templates, key, { own: others.get(key) ?? {}, shared: files });
      const first = !linted.has(`${locale} ${sampleOf(builtIn).input.category}`);
      linted.add(`${locale} ${sampleOf(builtIn).input.category}`);
      const detail = first ? null : await whyNotFilled(changed, key, locale);
      if (detail !== null) problems.push(notFilled(key, locale, fileOfLocale(locale), detail));
      if (first) for (const finding of await lintTemplate(changed, key, locale)) problems.push(problemOf(finding, files, undefined));
    }
  }
  return once(problems);
}

/** Why a template can't be filled with its sample in one language; `null`: it can. */
async function whyNotFilled(templates: Templates, key: string, locale: string): Promise<string | null> {
  const files = templates.byKey.get(key);
  if (files === undefined) return `there is no template ${key}`;
  try {
    const compiled = await compileTemplate(templates, { key, locale, brand: sampleOf(files).brand });
    const rendered = render(compiled, sampleData(files, locale));
    return rendered.kind === "failed" ? rendered.reason : null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function notFilled(template: string, locale: string, file: string, detail: string): TemplateProblem {
  return { severity: "block", template, file, line: 1, column: 1, key: null, locale, rule: "render", detail };
}

/** A finding of the linter, at its place in the files of the override as far as it can be told. */
function problemOf(finding: PlacedFinding, files: OverrideFiles, whole: TemplateFiles | undefined): TemplateProblem {
  const { rule, severity, part, words, wrong, instead, key, locale } = finding;
  const word = finding.string;
  const detail = rule === "render" ? words : `“${words}” (${rule}). ${wrong} ${instead}`;
  const base = { severity, template: key, key: word, locale, rule, detail };
  if (word !== null) {
    const file = fileOfLocale(locale);
    const { places, words: own } = readWords(files[file] ?? "{}");
    const within = Math.max(0, (own[word] ?? "").indexOf(words));
    return {
      ...base,
      file,
      ...(Object.hasOwn(own, word) ? placeOf(files[file] ?? "", (places.get(word) ?? 0) + within) : { line: 1, column: 1 }),
    };
  }
  const file = part === "text" ? "body.txt" : "body.mjml";
  const source = files[file] ?? whole?.[part === "text" ? "text" : "body"] ?? "";
  const found = source.indexOf(rule === "render" ? (/[{<[][^:;]*/.exec(words)?.[0]?.trim() ?? words) : words);
  return { ...base, file, ...placeOf(source, Math.max(0, found)) };
}

/** What is the same in several languages is told once, for the first. */
function once(problems: readonly TemplateProblem[]): readonly TemplateProblem[] {
  const seen = new Set<string>();
  return problems.filter(({ file, line, column, rule, detail, key }) => {
    const sameness = JSON.stringify([file, line, column, rule, detail, key]);
    if (seen.has(sameness)) return false;
    seen.add(sameness);
    return true;
  });
}
