import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";

/** Where an instance's counter is kept a second time, outside the database. */
export interface InstanceMark {
  /** The counter as it was last kept for this id; `null` when there is none. Throws when it can't be told. */
  read(id: string): Promise<number | null>;
  /** Keeps it. Throws when it can't be kept. */
  write(id: string, counter: number): Promise<void>;
  close(): Promise<void>;
}

/** Ids of earlier take-overs that are remembered, so that a dump from before one is noticed too. */
const kept = 20;

/** Keeps it in the file `instance.json` of the data folder, which is made when it is not there. */
export function fileMark(dataDir: string): InstanceMark {
  const file = join(resolve(dataDir), "instance.json");
  let last: Promise<void> = Promise.resolve();

  async function counters(): Promise<Record<string, number>> {
    const text = await readFile(file, "utf8").catch((error: unknown) => {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return "{}";
      throw error;
    });
    return parsed(text);
  }

  async function keep(id: string, counter: number): Promise<void> {
    const { [id]: _before, ...others } = await counters();
    const all = Object.fromEntries([[id, counter], ...Object.entries(others)].slice(0, kept));
    await mkdir(resolve(dataDir), { recursive: true });
    // Renamed into place, so that nobody ever reads half of it.
    const fresh = `${file}.${randomUUID()}`;
    await writeFile(fresh, `${JSON.stringify(all)}\n`);
    await rename(fresh, file);
  }

  return {
    read: async (id) => (await counters())[id] ?? null,
    write(id, counter) {
      last = last.catch(() => undefined).then(() => keep(id, counter));
      return last;
    },
    close: () => last.catch(() => undefined),
  };
}

/** A file cut off by a full disk says nothing. */
function parsed(text: string): Record<string, number> {
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json !== "object" || json === null) return {};
    return Object.fromEntries(Object.entries(json).filter((entry): entry is [string, number] => typeof entry[1] === "number"));
  } catch {
    return {};
  }
}
