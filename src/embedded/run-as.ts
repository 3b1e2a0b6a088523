import { spawn } from "node:child_process";
import { EmbeddedPostgresError } from "./postgres-error.ts";

/** The unprivileged user that PostgreSQL runs as; undefined means: as whom we run ourselves. */
export type User = { readonly uid: number; readonly gid: number } | undefined;

/**
 * What every child gets: no inherited `PG…` settings, a language we can read, and a folder that any user can be in.
 * The identity keys are absent, not undefined, when the user is ourselves.
 */
export function childOptions(user: User) {
  return { cwd: "/", env: { LC_ALL: "C", TZ: "UTC" }, ...(user && { uid: user.uid, gid: user.gid }) };
}

/** Runs `file` to its end as `user`. `code` is -1 when it could not be run at all or died by a signal; `output` holds both streams. */
export function runAs(user: User, file: string, args: readonly string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(file, args, { ...childOptions(user), stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text: string) => (output += text));
    child.on("error", (error) => resolve({ code: -1, output: error.message }));
    child.on("close", (code) => resolve({ code: code ?? -1, output }));
  });
}

/** Says whether `user` can enter `folder`, by trying: mode bits alone would not know of access lists and mount options. */
export async function canEnter(user: User, folder: string): Promise<boolean> {
  return (await runAs(user, "/bin/sh", ["-c", 'cd -- "$1"', "sh", folder])).code === 0;
}

/**
 * Picks the user for PostgreSQL, which refuses to run as root: none but ourselves when we are not root; else the `owner` of a database that
 * is already there, so that a user installed later does not lock us out; else `postgres`; else `nobody`, which every Unix has.
 *
 * @throws {EmbeddedPostgresError} `no-user`
 */
export async function pickUser(owner: User): Promise<User> {
  if (process.getuid?.() !== 0) return undefined;
  if (owner && owner.uid !== 0) return owner;
  for (const name of ["postgres", "_postgres", "nobody"]) {
    const [uid, gid] = await Promise.all([numericId("-u", name), numericId("-g", name)]);
    if (uid && gid) return { uid, gid };
  }
  throw new EmbeddedPostgresError(
    "no-user",
    'PostgreSQL refuses to run as root and this machine has no user "postgres" or "nobody" to run it as; start Afterword as an ordinary user, or set DATABASE_URL.',
  );
}

/** Undefined when there is no such user. Never 0: a user that is root by another name is no unprivileged one. */
async function numericId(flag: "-u" | "-g", name: string): Promise<number | undefined> {
  const { code, output } = await runAs(undefined, "/usr/bin/id", [flag, name]);
  return code === 0 && Number(output) > 0 ? Number(output) : undefined;
}
