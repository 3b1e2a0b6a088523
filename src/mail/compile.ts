import { createHash } from "node:crypto";
import { directionOf } from "../core/locale.ts";
import { isolateInHtml, isolateInText } from "./bidi.ts";
import { type Brand, paletteOf } from "./brand.ts";
import { fontsOf } from "./fonts.ts";
import { Lru } from "./lru.ts";
import { escapeHtml, fillMarkers, wordsAsHtml, wordsAsPlain, wordsAsText } from "./markers.ts";
import { compileStrict, expressionsOf, isWebAddress } from "./strict-handlebars.ts";
import type { Templates } from "./template-files.ts";

/**
 * A message in one language and one brand, ready to be filled in: what is kept in the table `templates`, so that an old mail can be
 * shown as it was sent. Plain JSON.
 */
export interface CompiledMail {
  /** 32 hex digits over everything below: two compilations that would give the same mails have the same version. */
  readonly version: string;
  readonly key: string;
  readonly locale: string;
  /** Handlebars sources. */
  readonly subject: string;
  readonly html: string;
  readonly text: string;
}

export interface CompileWish {
  readonly key: string;
  /** One of the template's locales: see `localesOf`. */
  readonly locale: string;
  readonly brand: Brand;
}

export interface Compiler {
  /** Compiled once per template, locale and brand; later calls answer from memory. Rejects when the template is not sound. */
  compile(wish: CompileWish): Promise<CompiledMail>;
  /** The languages a message is written in. Throws on a message there is none of. */
  localesOf(key: string): readonly string[];
}

/** Compiles the messages of a `templates/` folder and keeps the `max` (default 1,000) used last. */
export function mailCompiler(templates: Templates, { max = 1_000 } = {}): Compiler {
  const kept = new Lru<string, Promise<CompiledMail>>(max);
  return {
    localesOf: (key) => [...filesOf(templates, key).strings.keys()],
    compile(wish) {
      const { key, locale, brand } = wish;
      const name = JSON.stringify([key, locale, brand.name, brand.color, brand.logoUrl]);
      return kept.getOrMake(name, () => {
        const compiling = compileTemplate(templates, wish);
        compiling.catch(() => kept.delete(name));
        return compiling;
      });
    },
  };
}

/**
 * MJML → HTML, with the Handlebars expressions kept and each of them proved to have survived (MJML drops some without a word).
 *
 * Throws on a missing string, on MJML that is not valid, on an expression that was lost, and on expressions that are not for mails.
 */
export async function compileTemplate(templates: Templates, { key, locale, brand }: CompileWish): Promise<CompiledMail> {
  const files = filesOf(templates, key);
  const strings = files.strings.get(locale);
  if (strings === undefined) throw new Error(`${key} is not written in ${locale}, only in ${[...files.strings.keys()].join(", ")}`);
  const values = valuesOf(locale, brand);
  const fill = { strings, values, partials: templates.partials };
  const plain = { ...fill, words: wordsAsPlain };

  const source = fillMarkers(
    templates.layout.replace("[[>body]]", () => files.body),
    { ...fill, words: wordsAsHtml },
  );
  const laidOut = await toHtml(source, key);
  const writtenOut = fillMarkers(
    templates.textLayout.replace("[[>body]]", () => files.text),
    { ...fill, words: wordsAsText },
  );
  const title = fillMarkers("[[subject]]", plain);
  const { html, text, subject } =
    directionOf(locale) === "rtl"
      ? { html: isolateInHtml(laidOut), text: isolateInText(writtenOut), subject: isolateInText(title) }
      : { html: laidOut, text: writtenOut, subject: title };

  compileStrict(subject, "text");
  compileStrict(html, "html");
  compileStrict(text, "text");
  const body = { key, locale, subject, html, text };
  return { version: createHash("sha256").update(JSON.stringify(body)).digest("hex").slice(0, 32), ...body };
}

/** Reads a `CompiledMail` back from JSON. Returns `null` for anything else. */
export function compiledFromJson(json: unknown): CompiledMail | null {
  if (typeof json !== "object" || json === null) return null;
  const { version, key, locale, subject, html, text } = json as Record<string, unknown>; // every field is looked at below
  const all = [version, key, locale, subject, html, text];
  if (!all.every((one) => typeof one === "string")) return null;
  return { version, key, locale, subject, html, text } as CompiledMail; // all six are strings
}

function filesOf(templates: Templates, key: string) {
  const files = templates.byKey.get(key);
  if (files === undefined) throw new Error(`there is no template ${key}`);
  return files;
}

/** What `[[@name]]` becomes in a language and brand. */
export function valuesOf(locale: string, brand: Brand): Readonly<Record<string, string>> {
  const dir = directionOf(locale);
  const logo =
    brand.logoUrl !== null && isWebAddress(brand.logoUrl)
      ? `<img class="logo" src="${escapeHtml(brand.logoUrl)}" alt="${escapeHtml(literal(brand.name))}" height="36" style="display:block;border:0;outline:none;height:36px;width:auto;max-width:240px;font-size:18px;font-weight:600;color:#1c1c1e;" />`
      : `<span class="wordmark">${escapeHtml(literal(brand.name))}</span>`;
  const sides = dir === "ltr" ? { start: "left", end: "right" } : { start: "right", end: "left" };
  // letters of Arabic are joined: drawn together or apart, the joints would show
  const tight = dir === "ltr" ? "-0.3px" : "0px";
  return {
    ...paletteOf(brand.color),
    locale,
    dir,
    ...sides,
    logo,
    tight,
    fonts: fontsOf(locale),
    colon: colonOf(locale),
    comma: commaOf(locale),
  };
}

/** What stands between a label and what it labels. */
function colonOf(locale: string): string {
  if (/^(ja|zh)\b/.test(locale)) return "：";
  return /^fr\b/.test(locale) ? "\u00a0: " : ": ";
}

/** What stands between the items of a list. */
function commaOf(locale: string): string {
  const commas: Readonly<Record<string, string>> = { ar: "، ", ja: "、", zh: "，" };
  return commas[locale.split("-")[0] ?? ""] ?? ", ";
}

/** A name is no template: braces in it stay braces. */
function literal(text: string): string {
  return text
    .replace(/[{}[\]]/g, " ")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, 100);
}

async function toHtml(source: string, key: string): Promise<string> {
  // Loaded with the first template: it takes longer to load than all the rest together.
  const { default: mjml2html } = await import("mjml");
  const { html, errors } = await mjml2html(source, {
    validationLevel: "strict",
    ignoreIncludes: true,
    keepComments: false,
    useMjmlConfigOptions: false,
    fonts: {},
  });
  if (errors.length > 0) throw new Error(`${key}: ${errors.map(({ formattedMessage }) => formattedMessage).join("; ")}`);
  if (/\[\[|\]\](?!>)/.test(html)) throw new Error(`${key}: a marker was left over`);
  const survived = tally(expressionsOf(html));
  for (const [expression, count] of tally(expressionsOf(source))) {
    if ((survived.get(expression) ?? 0) < count)
      throw new Error(`${key}: MJML lost ${expression}; a block between its tags belongs into <mj-raw>`);
  }
  return (
    html
      // MJML writes the preheader tiny and white on white, which filters take for a trick; this hides it in Outlook too
      .replace('<div style="display:none;font-size:1px;color:#ffffff;', '<div style="display:none;mso-hide:all;')
      // a third of MJML's output is indentation
      .replace(/^[ \t]+|[ \t]+$/gm, "")
      .replace(/\n{2,}/g, "\n")
  );
}

function tally(items: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return counts;
}
