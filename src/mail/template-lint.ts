import { type Finding, findingOf, lintStructure, lintWords } from "../core/lint/lint-mail.ts";
import { type CompiledMail, compileTemplate } from "./compile.ts";
import { render } from "./render.ts";
import { sampleData, sampleOf } from "./sample.ts";
import type { TemplateFiles, Templates } from "./template-files.ts";

/** A finding in a template, and where to mend it. */
export interface PlacedFinding extends Finding {
  readonly key: string;
  readonly locale: string;
  /** The string it is in, as `strings.en.json` names it; `null`: it is in the body, or in several. */
  readonly string: string | null;
}

/**
 * Lints a message in one language: its words in every branch and as its sample fills them, and how the filled mail is built.
 *
 * What cannot be compiled or rendered is a finding too (`render`), so that this never throws for what a template is.
 */
export async function lintTemplate(templates: Templates, key: string, locale: string): Promise<readonly PlacedFinding[]> {
  const files = templates.byKey.get(key);
  if (files === undefined) throw new Error(`there is no template ${key}`);
  const found = await findingsOf(templates, files, locale);
  return found.map((finding) => ({ ...finding, key, locale, string: stringWith(files, locale, finding) }));
}

async function findingsOf(templates: Templates, files: TemplateFiles, locale: string): Promise<readonly Finding[]> {
  const { brand, input } = sampleOf(files);
  let compiled: CompiledMail;
  try {
    compiled = await compileTemplate(templates, { key: files.key, locale, brand });
  } catch (error) {
    return [findingOf("render", "html", "", 0, error instanceof Error ? error.message : String(error))];
  }
  const aboutOrder = input.category === "order";
  const written = lintWords(allBranches(compiled), aboutOrder);
  const data = sampleData(files, locale);
  const rendered = render(compiled, data);
  if (rendered.kind === "failed") return [...written, findingOf("render", "html", "", 0, rendered.reason)];
  const filled = lintWords({ ...rendered, preheader: preheaderOf(rendered.html) }, aboutOrder);
  const built = lintStructure({
    html: rendered.html,
    text: rendered.text,
    aboutOrder,
    shopName: data.shop.name,
    postalAddress: data.shop.postalAddress,
    unsubscribe: data.links.unsubscribe,
  });
  const known = new Set(written.map(sameness));
  return [...written, ...filled.filter((finding) => !known.has(sameness(finding))), ...built];
}

const sameness = ({ rule, part }: Finding) => `${rule} ${part}`;

/** The words of a compiled mail in all its branches at once, with a letter where data will stand. */
export function allBranches({ subject, html, text }: CompiledMail) {
  const branched = html.replace(/\{\{(?:[#/][^}]*|else)\}\}/g, " ").replace(/\{\{[^}]*\}\}/g, "N");
  return { subject: flat(subject), preheader: preheaderOf(branched), html: branched, text: flat(text) };
}

function flat(source: string): string {
  return source.replace(/\{\{(?:[#/][^}]*|else)\}\}/g, " ").replace(/\{\{[^}]*\}\}/g, "N");
}

/** What mail readers show beside the subject: the first hidden piece. */
function preheaderOf(html: string): string | null {
  return /<div style="display:none;[^"]*"[^>]*>([^<]*)/.exec(html)?.[1]?.trim() ?? null;
}

function stringWith({ strings }: TemplateFiles, locale: string, { words }: Finding): string | null {
  const wanted = bare(words);
  if (wanted === "") return null;
  const found = [...Object.entries(strings.get(locale) ?? {})].filter(([, value]) => bare(value).includes(wanted));
  return found.length === 1 ? (found[0]?.[0] ?? null) : null;
}

/** Letters alone: without marks, expressions and signs. */
function bare(text: string): string {
  return text
    .replace(/\{\{[^}]*\}\}/g, "N")
    .replace(/<[^>]*>|\]\([^)]*\)/g, "")
    .replace(/[^\p{L}\p{N}]+/gu, "")
    .toLowerCase();
}
