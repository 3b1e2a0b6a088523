import { randomBytes } from "node:crypto";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * Reads the secret key kept in `dataDir`, or makes one the first time, readable by its owner only.
 *
 * Whoever loses it can't read the stored secrets any more: it belongs into the backup, beside the database.
 */
export async function keptSecretKey(dataDir: string): Promise<string> {
  const file = join(dataDir, "secret-key");
  await mkdir(dataDir, { recursive: true });
  try {
    await writeFile(file, `${randomBytes(32).toString("base64url")}\n`, { flag: "wx", mode: 0o600 });
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
  await chmod(file, 0o600);
  const key = (await readFile(file, "utf8")).trim();
  if (key.length < 16)
    throw new Error(`${file} is damaged: it holds no secret key. Restore it from a backup, or delete it to start with a new one.`);
  return key;
}
