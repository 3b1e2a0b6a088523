import { constants } from "node:fs";
import { access, stat, statfs } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { type Check, failed, ok, sentenceOf, skipped, warning } from "./check.ts";

const gib = 1024 ** 3;

/** The Node that runs this. */
export function checkNode(version: string): Check {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major < 22 || (major === 22 && minor < 18))
    return failed("node", `Node ${version}`, "install Node 24, or run `npm ci` here, which brings it along");
  if (major !== 24)
    return warning("node", `Node ${version} works; what is tested is Node 24`, "run `npm ci` here, which brings Node 24 along");
  return ok("node", `Node ${version}`);
}

/** The folder for embedded services and generated secrets: whether it can be written, and has room. */
export async function checkDataDir(dataDir: string): Promise<Check> {
  const name = "data folder";
  const folder = resolve(dataDir);
  const there = await nearest(folder);
  try {
    await access(there, constants.W_OK | constants.X_OK);
  } catch (error) {
    return failed(name, `${there} can't be written: ${sentenceOf(error)}`, "run as the folder's owner, or set DATA_DIR to another folder");
  }
  const { bavail, bsize } = await statfs(there);
  const free = bavail * bsize;
  const room = `${(free / gib).toFixed(1)} GiB free`;
  if (free < gib)
    return warning(name, `${folder}: only ${room}`, "make room, or move DATA_DIR to a larger disk: a full one stops the database");
  return ok(name, there === folder ? `${folder}, ${room}` : `${folder} will be made at the first start, ${room}`);
}

/** The secret key: whether it is set where it must be, and read by nobody else. */
export async function checkSecretKey(dataDir: string, secretKey: string | null): Promise<Check> {
  const name = "secret key";
  if (secretKey !== null) return ok(name, "SECRET_KEY is set; keep a copy beside the backups: without it stored secrets can't be read");
  const file = join(resolve(dataDir), "secret-key");
  const found = await stat(file).catch(() => null);
  if (found === null) return skipped(name, "will be made at the first start");
  if ((found.mode & 0o077) !== 0) {
    return warning(name, `${file} can be read by others on this machine`, `chmod 600 ${file}`);
  }
  return ok(name, `${file}; keep a copy beside the backups: without it stored secrets can't be read`);
}

/** The folder, or of one that is not there the nearest above it that is. */
async function nearest(folder: string): Promise<string> {
  const there = await stat(folder).catch(() => null);
  return there !== null || dirname(folder) === folder ? folder : nearest(dirname(folder));
}
