import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { mailCompiler } from "../mail/compile.ts";
import { render } from "../mail/render.ts";
import { sampleData, sampleOf } from "../mail/sample.ts";
import { loadTemplates } from "../mail/template-files.ts";
import { Failure } from "./failure.ts";

/** Where the templates of this installation lie. */
export const templatesFolder = join(import.meta.dirname, "../../templates");

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

/** The templates of this installation as they are on disk now. */
export interface Previews {
  /** By key. */
  readonly list: readonly InstalledTemplate[];
  /** A template as its sample fills it, in one of its languages. Throws a `Failure` for one that is not there, and for a hole. */
  render(key: string, locale: string): Promise<RenderedSample>;
}

/** Reads the templates once, and compiles each in each language once. Throws when they are not whole. */
export function openPreviews(): Previews {
  const templates = loadTemplates(templatesFolder);
  const compiler = mailCompiler(templates);
  return {
    list: [...templates.byKey.values()].map((files) => ({
      key: files.key,
      category: sampleOf(files).input.category,
      locales: [...files.strings.keys()],
    })),
    async render(key, locale) {
      const files = templates.byKey.get(key);
      if (files === undefined) throw new Failure(`there is no template ${key}`, { code: 2 });
      if (!files.strings.has(locale))
        throw new Failure(`${key} is not written in ${locale}, only in ${[...files.strings.keys()].join(", ")}`, { code: 2 });
      const compiled = await compiler.compile({ key, locale, brand: sampleOf(files).brand });
      const rendering = render(compiled, sampleData(files, locale));
      if (rendering.kind === "failed") throw new Failure(`${key} can't be rendered in ${locale}: ${rendering.reason}`);
      const { subject, html, text } = rendering;
      return { subject, html, text };
    },
  };
}

/** Renders one template, or with `null` all of them, in every language into `out`. Answers the files written. */
export async function writePreviews({ list, render: rendered }: Previews, out: string, only: string | null): Promise<readonly string[]> {
  const written: string[] = [];
  for (const { key, locales } of list) {
    if (only !== null && key !== only) continue;
    await mkdir(join(out, key), { recursive: true });
    for (const locale of locales) {
      const { subject, html, text } = await rendered(key, locale);
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
