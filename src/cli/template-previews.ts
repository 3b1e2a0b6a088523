import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type InstalledTemplate, openSamples, type RenderedSample } from "../mail/samples.ts";
import { Failure } from "./failure.ts";

/** The templates of this installation as they are on disk now. */
export interface Previews {
  /** By key. */
  readonly list: readonly InstalledTemplate[];
  /** A template as its sample fills it, in one of its languages. Rejects with a `Failure` for one that is not there, and for a hole. */
  render(key: string, locale: string): Promise<RenderedSample>;
}

/** Reads the templates once, and compiles each in each language once. Throws when they are not whole. */
export function openPreviews(): Previews {
  const { list, render } = openSamples();
  return {
    list,
    async render(key, locale) {
      const known = list.some((one) => one.key === key && one.locales.includes(locale));
      try {
        return await render(key, locale);
      } catch (error) {
        throw new Failure(error instanceof Error ? error.message : String(error), { code: known ? 1 : 2, cause: error });
      }
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
