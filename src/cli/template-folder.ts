import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { isOverrideFile, type OverrideFiles } from "../core/override.ts";
import { Failure } from "./failure.ts";

export interface FilesGiven {
  readonly files: OverrideFiles;
  /** A folder is all of an override, a file is one of several. */
  readonly whole: boolean;
}

/** Reads a folder of a template, or one file of it. In a folder only what may be overridden counts; `sample.json` and the like are left alone. */
export async function readTemplateFiles(path: string): Promise<FilesGiven> {
  try {
    if (!(await stat(path)).isDirectory()) {
      const name = basename(path);
      if (!isOverrideFile(name)) throw new Failure(`${name} is none of body.mjml, body.txt and strings.<locale>.json`, { code: 2 });
      return { files: { [name]: await readFile(path, "utf8") }, whole: false };
    }
    const names = (await readdir(path)).filter(isOverrideFile).sort();
    if (names.length === 0) throw new Failure(`${path} has none of body.mjml, body.txt and strings.<locale>.json`, { code: 2 });
    const texts = await Promise.all(names.map(async (name) => [name, await readFile(join(path, name), "utf8")] as const));
    return { files: Object.fromEntries(texts), whole: true };
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(`${path} can't be read: ${error instanceof Error ? error.message : String(error)}`, { code: 2, cause: error });
  }
}
