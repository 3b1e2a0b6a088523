import { join } from "node:path";
import type { OverrideFiles, TemplateProblem } from "../core/override.ts";
import type { Category } from "../core/timetable.ts";
import type { Brand } from "./brand.ts";
import { builtInFiles } from "./built-in-files.ts";
import { mailCompiler } from "./compile.ts";
import { type Judging, judgeOverride } from "./judge-override.ts";
import { Lru } from "./lru.ts";
import { render } from "./render.ts";
import { sampleData, sampleOf } from "./sample.ts";
import { type Previewed, type PreviewWish, previewer } from "./shop-preview.ts";
import { loadTemplates } from "./template-files.ts";
import { lintTemplate, type PlacedFinding } from "./template-lint.ts";

/** Where the templates of this installation lie. */
export const templatesFolder = join(import.meta.dirname, "../../templates");

export interface InstalledTemplate {
  readonly key: string;
  readonly category: Category;
  readonly locales: readonly string[];
}

export interface RenderedSample {
  readonly subject: string;
  readonly html: string;
  readonly text: string;
}

/** The templates of this installation, filled with their samples. */
export interface Samples {
  /** By key. */
  readonly list: readonly InstalledTemplate[];
  /** Renders one in one of its languages, in the sample's brand or another. Rejects when there is none of that key and language, and for a hole. */
  render(key: string, locale: string, brand?: Brand): Promise<RenderedSample>;
  /** What the linter says of one. Rejects when there is none of that key. */
  lint(key: string, locale: string): Promise<readonly PlacedFinding[]>;
  /** The files a shop may override, as the product ships them; `null` when there is no such template. */
  builtIn(key: string): OverrideFiles | null;
  /** What is wrong with an override; remembered for the 200 asked about last. */
  judge(judging: Judging): Promise<readonly TemplateProblem[]>;
  /** A message as a shop has it, or would have it. */
  preview(wish: PreviewWish): Promise<Previewed>;
}

/** Reads the templates once, and compiles each in each language and brand once. Throws when they are not whole. */
export function openSamples(): Samples {
  const templates = loadTemplates(templatesFolder);
  const compiler = mailCompiler(templates);
  const judged = new Lru<string, Promise<readonly TemplateProblem[]>>(200);
  return {
    list: [...templates.byKey.values()].map((files) => ({
      key: files.key,
      category: sampleOf(files).input.category,
      locales: [...files.strings.keys()],
    })),
    async render(key, locale, brand) {
      const files = templates.byKey.get(key);
      if (files === undefined) throw new Error(`there is no template ${key}`);
      if (!files.strings.has(locale))
        throw new Error(`${key} is not written in ${locale}, only in ${[...files.strings.keys()].join(", ")}`);
      const compiled = await compiler.compile({ key, locale, brand: brand ?? sampleOf(files).brand });
      const rendering = render(compiled, sampleData(files, locale));
      if (rendering.kind === "failed") throw new Error(`${key} can't be rendered in ${locale}: ${rendering.reason}`);
      const { subject, html, text } = rendering;
      return { subject, html, text };
    },
    lint: (key, locale) => lintTemplate(templates, key, locale),
    builtIn: (key) => builtInFiles(templates, key),
    judge(judging) {
      const name = JSON.stringify({ ...judging, others: [...judging.others] });
      return judged.getOrMake(name, () => {
        const judgement = judgeOverride(templates, judging);
        judgement.catch(() => judged.delete(name));
        return judgement;
      });
    },
    preview: previewer(templates),
  };
}
