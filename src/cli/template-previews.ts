import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { compileTemplate } from "../mail/compile.ts";
import { render } from "../mail/render.ts";
import { sampleData, sampleOf } from "../mail/sample.ts";
import { loadTemplates, type TemplateFiles } from "../mail/template-files.ts";
import { Failure } from "./failure.ts";

const folder = join(import.meta.dirname, "../../templates");

export interface InstalledTemplate {
  readonly key: string;
  readonly category: string;
  readonly locales: readonly string[];
}

export interface RenderedSample {
  readonly subject: string;
  readonly html: string;
  readonly text: string;
}

/** The templates of this installation, by key. */
export function installedTemplates(): readonly InstalledTemplate[] {
  return [...loadTemplates(folder).byKey.values()].map((files) => ({
    key: files.key,
    category: sampleOf(files).input.category,
    locales: [...files.strings.keys()],
  }));
}

/** A template as its sample fills it, in one of its languages. */
export async function renderSample(key: string, locale: string): Promise<RenderedSample> {
  const templates = loadTemplates(folder);
  const files = templates.byKey.get(key);
  if (files === undefined) throw new Failure(`there is no template ${key}`, { code: 2 });
  if (!files.strings.has(locale))
    throw new Failure(`${key} is not written in ${locale}, only in ${[...files.strings.keys()].join(", ")}`, { code: 2 });
  const compiled = await compileTemplate(templates, { key, locale, brand: sampleOf(files).brand });
  return rendered(files, locale, render(compiled, sampleData(files, locale)));
}

/** Renders one template, or with `null` all of them, in every language into `out`. Answers the files written. */
export async function writePreviews(out: string, only: string | null): Promise<readonly string[]> {
  const written: string[] = [];
  for (const { key, locales } of installedTemplates()) {
    if (only !== null && key !== only) continue;
    await mkdir(join(out, key), { recursive: true });
    for (const locale of locales) {
      const { subject, html, text } = await renderSample(key, locale);
      for (const [ending, content] of [
        ["html", html],
        ["txt", text],
        ["subject.txt", subject],
      ] as const) {
        const file = join(out, key, `${locale}.${ending}`);
        await writeFile(file, content);
        written.push(file);
      }
    }
  }
  return written;
}

function rendered({ key }: TemplateFiles, locale: string, rendering: ReturnType<typeof render>): RenderedSample {
  if (rendering.kind === "failed") throw new Failure(`${key} can't be rendered in ${locale}: ${rendering.reason}`);
  const { subject, html, text } = rendering;
  return { subject, html, text };
}
