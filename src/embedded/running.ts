import { access, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { role } from "./postgres-cluster.ts";

/** What there is of an embedded PostgreSQL in a `DATA_DIR`, seen from outside. */
export interface Traces {
  /** A database has been made. */
  readonly made: boolean;
  /** Where it listens if an Afterword runs it at present; `null` when that can't be known: none was made, or the files are not ours to read. */
  readonly url: string | null;
}

/** Looks for an embedded PostgreSQL without starting one or taking any lock. Never throws. */
export async function tracesOf(dataDir: string): Promise<Traces> {
  const home = join(resolve(dataDir), "postgres");
  const made = await access(join(home, "cluster")).then(
    () => true,
    () => false,
  );
  const [port, password] = await Promise.all(["port", "password"].map((file) => readFile(join(home, file), "utf8").catch(() => "")));
  if (!port?.trim() || !password?.trim()) return { made, url: null };
  return { made, url: `postgres://${role}:${password.trim()}@127.0.0.1:${port.trim()}/${role}` };
}
