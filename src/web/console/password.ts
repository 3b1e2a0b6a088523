import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";

/** What is asked of a password; longer than 200 characters is somebody's mistake. */
export const shortestPassword = 10;
export const longestPassword = 200;

/** 32 MB and about a fifth of a second: OWASP's choice for scrypt with 2^15. */
const cost = { logN: 15, r: 8, p: 3 };
const keyBytes = 32;

/** `scrypt$logN$r$p$salt$key`, the last two in base64url: what is stored of a password. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password, salt, cost);
  return ["scrypt", cost.logN, cost.r, cost.p, salt.toString("base64url"), key.toString("base64url")].join("$");
}

/**
 * Whether a password is the one that was hashed. `hash` `null`: there is none, which is answered after the same work, so that the time tells
 * nobody which accounts exist (SEC-05).
 */
export async function checkPassword(password: string, hash: string | null): Promise<boolean> {
  const read = /^scrypt\$(\d+)\$(\d+)\$(\d+)\$([\w-]+)\$([\w-]+)$/.exec(hash ?? "");
  if (read === null) {
    await derive(password, randomBytes(16), cost);
    return false;
  }
  const [, logN = "", r = "", p = "", salt = "", key = ""] = read;
  const expected = Buffer.from(key, "base64url");
  const found = await derive(password, Buffer.from(salt, "base64url"), { logN: Number(logN), r: Number(r), p: Number(p) });
  return expected.length === found.length && timingSafeEqual(expected, found);
}

function derive(password: string, salt: Buffer, { logN, r, p }: typeof cost): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const N = 2 ** logN;
    scrypt(password.normalize("NFKC"), salt, keyBytes, { N, r, p, maxmem: 256 * N * r }, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}
