import { readFile, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { DatabaseSync } from "node:sqlite";

export type FolderLock = { readonly kind: "held"; release(): void } | { readonly kind: "taken"; readonly by: string };

/** Keeps the handles reachable: a collected handle would let go of its lock. */
const held = new Set<DatabaseSync>();

/**
 * Takes the lock `file`, or says who holds it.
 *
 * Node has no flock, but its SQLite holds an operating-system lock on an (empty) database file: the kernel lets go of it when the
 * process ends, however it ends, so there is no stale lock and no process id to mistake for another's. `file` is
 * created when absent and stays. Beside it, `file`.owner tells people who holds it; nothing relies on that note.
 *
 * @throws when `file` cannot be opened or written
 */
export async function lockFolder(file: string): Promise<FolderLock> {
  const handle = new DatabaseSync(file);
  try {
    handle.exec("pragma journal_mode = off; begin exclusive");
  } catch (error) {
    handle.close();
    if (!isBusy(error)) throw error;
    return { kind: "taken", by: (await readFile(`${file}.owner`, "utf8").catch(() => "")).slice(0, 200).trim() || "another process" };
  }
  held.add(handle);
  await writeFile(`${file}.owner`, `process ${process.pid} on ${hostname()}, since ${new Date().toISOString()}\n`);
  return {
    kind: "held",
    release() {
      if (!held.delete(handle)) return;
      handle.close();
    },
  };
}

/** SQLITE_BUSY is 5 in https://sqlite.org/rescode.html; extended codes keep it in their lowest byte. */
function isBusy(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && typeof error.errcode === "number" && (error.errcode & 0xff) === 5;
}
