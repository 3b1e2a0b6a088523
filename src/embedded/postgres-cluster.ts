import { randomBytes } from "node:crypto";
import { chown, mkdir, mkdtemp, open, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Binaries } from "./postgres-binaries.ts";
import { EmbeddedPostgresError } from "./postgres-error.ts";
import { runAs, type User } from "./run-as.ts";

/** The role that owns everything, and the database it works in. */
export const role = "afterword";

/** The major version of the embedded PostgreSQL: a database made by another cannot be opened. */
const major = "18";

const unfinished = ".cluster-";

export type NewCluster = {
  readonly binaries: Binaries;
  /** Where the database is, or is to be made. */
  readonly cluster: string;
  readonly password: string;
  readonly user: User;
  /** False leaves out the final sync to disk: for databases that need not survive a power cut. */
  readonly durable: boolean;
};

/**
 * Makes the database folder unless it is there: "made" or "found".
 *
 * Made in a folder beside it, synced, and renamed, so that it is there whole or not at all; what a process killed meanwhile left behind
 * is removed. UTF-8 with PostgreSQL's own C.UTF-8, checksums on, passwords by SCRAM: nothing depends on the machine's locales.
 * The caller holds the folder's lock.
 *
 * @throws {EmbeddedPostgresError} `other-version`, `init-failed`
 */
export async function ensureCluster({ binaries, cluster, password, user, durable }: NewCluster): Promise<"made" | "found"> {
  const version = await readFile(join(cluster, "PG_VERSION"), "utf8").catch(() => undefined);
  if (version !== undefined) return checkVersion(cluster, version.trim());

  const parent = dirname(cluster);
  for (const name of await readdir(parent)) {
    if (name.startsWith(unfinished)) await rm(join(parent, name), { recursive: true, force: true, maxRetries: 5 });
  }
  const staging = await mkdtemp(join(parent, unfinished));
  try {
    const data = join(staging, "data");
    const passwordFile = join(staging, "password");
    await mkdir(data, { mode: 0o700 });
    await writeFile(passwordFile, password, { mode: 0o600 });
    if (user) for (const path of [passwordFile, data, staging]) await chown(path, user.uid, user.gid);
    const { code, output } = await runAs(user, binaries.initdb, [
      ...["--pgdata", data, "--username", role, "--pwfile", passwordFile, "--auth", "scram-sha-256"],
      ...["--encoding", "UTF8", "--locale", "C", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"],
      ...["--no-instructions", ...(durable ? [] : ["--no-sync"])],
    ]);
    if (code !== 0) {
      throw new EmbeddedPostgresError("init-failed", `PostgreSQL could not make its database in ${cluster}: ${lastLine(output)}`);
    }
    await rename(data, cluster);
    if (durable) await syncFolder(parent);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
  return "made";
}

/**
 * Gives the password of the role, made up once and kept in `file`, which only we can read.
 *
 * @throws {EmbeddedPostgresError} `missing` when there is a database (`isMade`) but no password to it
 */
export async function ensurePassword(file: string, isMade: boolean): Promise<string> {
  const kept = await readFile(file, "utf8").catch(() => "");
  if (kept !== "") return kept;
  if (isMade) {
    throw new EmbeddedPostgresError(
      "missing",
      `The database's password should be in ${file} but is not; restore that file from a backup, or move ${dirname(file)} away to begin with an empty database.`,
    );
  }
  const password = randomBytes(24).toString("base64url");
  // Renamed into place: a file cut short by a power cut would lock us out of the database.
  await writeFile(`${file}.new`, password, { mode: 0o600, flush: true });
  await rename(`${file}.new`, file);
  return password;
}

function checkVersion(cluster: string, version: string): "found" {
  if (version === major) return "found";
  throw new EmbeddedPostgresError(
    "other-version",
    `The database in ${cluster} was made by PostgreSQL ${version} and this Afterword brings ${major}; go back to the Afterword that made it, export with pg_dump, and import into the new one.`,
  );
}

async function syncFolder(folder: string): Promise<void> {
  // Windows cannot open folders, and needs no such sync.
  if (process.platform === "win32") return;
  const handle = await open(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function lastLine(output: string): string {
  return output.trim().split("\n").at(-1) ?? "";
}
