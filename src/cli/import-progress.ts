import { createHash } from "node:crypto";
import { open, readFile, rename, rm, writeFile } from "node:fs/promises";
import { z } from "zod";

/** How far an import has come: everything before `offset` was answered by the service. */
export interface Progress {
  /** Bytes, always the beginning of a line. */
  readonly offset: number;
  /** Lines before it, empty ones included. */
  readonly lines: number;
}

const keptShape = z.object({
  /** Which service, shop and source it went to. */
  target: z.string(),
  offset: z.number().int().min(0),
  lines: z.number().int().min(0),
  /** SHA-256 of the bytes just before `offset`: whether it is still the same file. */
  tail: z.string(),
});

const tailLength = 4_096;

/** Where the progress of importing a file is kept: beside it, so that the next run finds it from anywhere. */
export function progressFile(file: string): string {
  return `${file}.progress`;
}

/** How far an earlier run came with this file to this target; `null`: from the beginning, also when the file has changed before that point. */
export async function readProgress(file: string, target: string): Promise<Progress | null> {
  const text = await readFile(progressFile(file), "utf8").catch(() => null);
  if (text === null) return null;
  const kept = keptShape.safeParse(parsed(text));
  if (!kept.success || kept.data.target !== target) return null;
  const { offset, lines, tail } = kept.data;
  return (await tailOf(file, offset)) === tail ? { offset, lines } : null;
}

/** Keeps the progress, all of it or none. Throws when the folder can't be written. */
export async function keepProgress(file: string, target: string, { offset, lines }: Progress): Promise<void> {
  const kept: z.output<typeof keptShape> = { target, offset, lines, tail: (await tailOf(file, offset)) ?? "" };
  const draft = `${progressFile(file)}.new`;
  await writeFile(draft, JSON.stringify(kept));
  await rename(draft, progressFile(file));
}

export async function forgetProgress(file: string): Promise<void> {
  await rm(progressFile(file), { force: true });
}

async function tailOf(file: string, offset: number): Promise<string | null> {
  const handle = await open(file);
  try {
    const length = Math.min(offset, tailLength);
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(length), 0, length, offset - length);
    return bytesRead === length ? createHash("sha256").update(buffer).digest("hex") : null;
  } finally {
    await handle.close();
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
