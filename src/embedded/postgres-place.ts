import { chmod, lstat, mkdir, mkdtemp, readFile, readlink, realpath, stat, symlink, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { EmbeddedPostgresError } from "./postgres-error.ts";
import { canEnter, type User } from "./run-as.ts";

/** Where root may keep things that an unprivileged user must reach, the first that is sound. */
export const systemShelves: readonly string[] = ["/var/lib", "/usr/local/var", "/opt"];

/**
 * Makes sure that the folder for everything about the embedded PostgreSQL exists and gives its path: `DATA_DIR/postgres`, with `lock`,
 * `password`, `port`, `postgres.log` and `cluster` (the database itself, or a link to it).
 *
 * Ours alone; when we are root, others may pass through it (not list it), because PostgreSQL runs as somebody else.
 *
 * @throws {EmbeddedPostgresError} `other-user` when we may not write there
 */
export async function openHome(dataDir: string): Promise<string> {
  const home = join(dataDir, "postgres");
  const mode = process.getuid?.() === 0 ? 0o711 : 0o700;
  try {
    const created = await mkdir(dataDir, { recursive: true, mode });
    if (created !== undefined) await chmod(dataDir, mode);
    await mkdir(home, { recursive: true });
    await chmod(home, mode);
  } catch (cause) {
    throw new EmbeddedPostgresError(
      "other-user",
      `${home} cannot be written by the user that runs Afterword; run it as the folder's owner, or set DATA_DIR to another folder.`,
      { cause },
    );
  }
  return realpath(home);
}

/** Who owns the database under `home`; undefined when there is none yet. */
export async function clusterOwner(home: string): Promise<User> {
  const found = await stat(join(home, "cluster")).catch(() => undefined);
  return found && { uid: found.uid, gid: found.gid };
}

/**
 * Says where the database of `home` is, or is to be made: a path whose parent exists, is ours alone to write, and lets `user` pass.
 *
 * That is `DATA_DIR/postgres/cluster`. When we are root and `user` cannot enter DATA_DIR (it lies in `/root`, say), a folder of its own
 * under `/var/lib/afterword/clusters` is used instead, and `cluster` is a link to it; beside the database, `origin` names DATA_DIR. The
 * link is what counts: a DATA_DIR that was moved finds its database, one that was copied is refused, and one that was deleted
 * and made again starts anew without touching the old database.
 *
 * @throws {EmbeddedPostgresError} `other-user`, `unreachable`, `copied`, `missing`
 */
export async function locateCluster(home: string, user: User, shelf: () => Promise<string>): Promise<string> {
  const link = join(home, "cluster");
  const found = await lstat(link).catch(() => undefined);

  if (found?.isSymbolicLink()) {
    const cluster = await readlink(link);
    await checkOrigin(home, cluster);
    return cluster;
  }
  if (found) {
    const owner = user?.uid ?? process.getuid?.();
    if (owner !== undefined && found.uid !== owner) throw belongsToAnother(link, found.uid);
    if (user && !(await canEnter(user, link))) throw unreachable(link, user);
    return link;
  }
  if (!user || (await canEnter(user, home))) return link;

  const clusters = join(await shelf(), "clusters");
  await mkdir(clusters, { recursive: true });
  await chmod(clusters, 0o711);
  const folder = await mkdtemp(join(clusters, `${basename(dirname(home)).replace(/^\.+/, "")}-`));
  await chmod(folder, 0o711);
  await writeFile(join(folder, "origin"), home);
  await symlink(join(folder, "cluster"), link);
  return join(folder, "cluster");
}

/** Refuses a database that is gone, is not ours, or still belongs to the folder that `home` is a copy of. */
async function checkOrigin(home: string, cluster: string): Promise<void> {
  const note = join(dirname(cluster), "origin");
  let origin: string;
  try {
    origin = await readFile(note, "utf8");
  } catch (cause) {
    if (process.getuid?.() !== 0) throw belongsToAnother(cluster, 0);
    throw new EmbeddedPostgresError(
      "missing",
      `The database of ${dirname(home)} should be in ${dirname(cluster)} but is not; restore that folder from a backup, or delete ${join(home, "cluster")} to begin with an empty database.`,
      { cause },
    );
  }
  if (origin === home) return;
  if ((await readlink(join(origin, "cluster")).catch(() => "")) === cluster) {
    throw new EmbeddedPostgresError(
      "copied",
      `${dirname(home)} is a copy of ${dirname(origin)}, and its database in ${dirname(cluster)} still belongs to the original; delete ${home} in the copy to give it a database of its own.`,
    );
  }
  await writeFile(note, home);
}

/**
 * Makes (or finds) the folder that root shares with the unprivileged user: `/var/lib/afterword`, which nobody else can write.
 *
 * `/tmp` is no choice: whoever is first there chooses what we would run, and it is emptied now and then.
 *
 * @throws {EmbeddedPostgresError} `unreachable` when no such folder can be made
 */
export async function openShelf(user: User, parents: readonly string[] = systemShelves): Promise<string> {
  const complaints: string[] = [];
  for (const parent of parents) {
    const shelf = join(parent, "afterword");
    try {
      await mkdir(shelf, { recursive: true });
      const complaint = (await distrust(parent)) ?? (await distrust(shelf));
      if (complaint === undefined) {
        await chmod(shelf, 0o711);
        if (await canEnter(user, shelf)) return shelf;
      }
      complaints.push(complaint ?? `user ${user?.uid} cannot enter ${shelf}`);
    } catch (error) {
      complaints.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new EmbeddedPostgresError(
    "unreachable",
    `PostgreSQL cannot run as root, and there is no place that both root and an unprivileged user can use (${complaints.join("; ")}); set DATA_DIR to a folder that every user can enter, start Afterword as an ordinary user, or set DATABASE_URL.`,
  );
}

/** Says why what lies in `folder` could be somebody else's work; undefined when only we can have put it there. */
async function distrust(folder: string): Promise<string | undefined> {
  const found = await lstat(folder);
  if (!found.isDirectory()) return `${folder} is not a folder`;
  if (found.uid !== process.getuid?.()) return `${folder} belongs to user ${found.uid}`;
  return found.mode & 0o022 ? `${folder} can be written by others` : undefined;
}

function belongsToAnother(path: string, uid: number): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    "other-user",
    `The database in ${path} belongs to user ${uid}; start Afterword as the user that made it, or set DATA_DIR to another folder.`,
  );
}

function unreachable(path: string, user: NonNullable<User>): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    "unreachable",
    `PostgreSQL runs as user ${user.uid}, who can no longer enter ${path}; give the folders above it the permission to be entered (chmod o+x), or start Afterword as an ordinary user.`,
  );
}
