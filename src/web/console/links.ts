import { createHmac, timingSafeEqual } from "node:crypto";
import { type Instant, instant } from "../../core/instant.ts";
import type { Keys } from "../../core/keys.ts";
import type { User } from "../../store/users.ts";

/*
 * Links that let in somebody who has no password. They need no table: each is signed over what its use changes, so it holds once.
 */

const macLength = 24;

/** The token of the first owner's link: the same at every start and in every process, worth something only while there is no user. */
export function setupToken(keys: Keys): string {
  return sign(keys, "setup", Buffer.alloc(0)).toString("base64url");
}

export function isSetupToken(keys: Keys, token: string): boolean {
  return equal(Buffer.from(token, "base64url"), Buffer.from(setupToken(keys), "base64url"));
}

/** A token with which a user chooses a password, until `until`, and until it was used: it is signed over the hash that is then replaced. */
export function passwordToken(keys: Keys, user: Pick<User, "id" | "passwordHash">, until: Instant): string {
  const head = Buffer.alloc(22);
  Buffer.from(user.id.replaceAll("-", ""), "hex").copy(head);
  head.writeUIntBE(until, 16, 6);
  return Buffer.concat([head, passwordMac(keys, head, user.passwordHash)]).toString("base64url");
}

/** Whom a token of that form claims to be for; nothing is proven yet. */
export function userOfPasswordToken(token: string): string | null {
  if (!/^[\w-]{62}$/.test(token)) return null;
  const hex = Buffer.from(token, "base64url").toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}

/** Whether a token was made for this user, has not been used, and has not run out. */
export function isPasswordToken(keys: Keys, token: string, user: Pick<User, "id" | "passwordHash">, now: Instant): boolean {
  if (userOfPasswordToken(token) !== user.id) return false;
  const bytes = Buffer.from(token, "base64url");
  const head = bytes.subarray(0, 22);
  return equal(bytes.subarray(22), passwordMac(keys, head, user.passwordHash)) && instant(head.readUIntBE(16, 6)) > now;
}

/** What a form of the console carries to prove that it came from a page of ours: `secret` is what the visitor's cookie stands for (SEC-06). */
export function formToken(keys: Keys, secret: Buffer): string {
  return sign(keys, "form", secret).toString("base64url");
}

export function isFormToken(keys: Keys, secret: Buffer, token: string): boolean {
  return equal(Buffer.from(token, "base64url"), sign(keys, "form", secret));
}

function passwordMac(keys: Keys, head: Buffer, passwordHash: string | null): Buffer {
  return sign(keys, "password", Buffer.concat([head, Buffer.from(passwordHash ?? "", "utf8")]));
}

function sign(keys: Keys, purpose: string, over: Buffer): Buffer {
  return createHmac("sha256", keys.console).update(`${purpose}\n`).update(over).digest().subarray(0, macLength);
}

function equal(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}
