import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
  timingSafeEqual,
} from "node:crypto";
import { mailboxOf } from "./address.ts";

/** The keys that grow out of `SECRET_KEY`, one for each purpose, so that none can stand in for another. */
export interface Keys {
  /** Seals stored secrets: AES-256. */
  readonly seal: Buffer;
  /** Signs links in mails. */
  readonly link: Buffer;
  /** Hashes addresses, so that a suppression outlives the address. */
  readonly address: Buffer;
  /** Opens the API to the operator's commands on a machine that knows the `SECRET_KEY`: see `localToken`. */
  readonly local: Buffer;
  /** Signs what the console hands out: form tokens, set-up and password links. */
  readonly console: Buffer;
}

/** Derives the keys (HKDF-SHA256, RFC 5869). The same secret gives the same keys for good: another one makes stored secrets unreadable. */
export function deriveKeys(secretKey: string): Keys {
  const derive = (purpose: string): Buffer => Buffer.from(hkdfSync("sha256", secretKey, "afterword", purpose, 32));
  return { seal: derive("seal"), link: derive("link"), address: derive("address"), local: derive("local"), console: derive("console") };
}

/** Tells by which secret an installation lives, and nothing else of it: 64 hex digits. */
export function secretKeyHash(secretKey: string): string {
  return Buffer.from(hkdfSync("sha256", secretKey, "afterword", "instance", 32)).toString("hex");
}

/** The owner's bearer token for whoever can read the `SECRET_KEY`: 49 characters, the same as long as the key is. */
export function localToken(keys: Keys): string {
  return `local_${keys.local.toString("base64url")}`;
}

/** Seals a secret for storing: AES-256-GCM, nonce and tag in front (SEC-08). */
export function seal(keys: Keys, secret: string): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", keys.seal, nonce);
  const sealed = Buffer.concat([cipher.update(secret, "utf8"), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
}

/** Opens what `seal` made. Throws when it was sealed with another `SECRET_KEY` or was changed. */
export function unseal(keys: Keys, sealed: Buffer): string {
  const decipher = createDecipheriv("aes-256-gcm", keys.seal, sealed.subarray(0, 12), { authTagLength: 16 });
  decipher.setAuthTag(sealed.subarray(12, 28));
  return Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]).toString("utf8");
}

/** A keyed hash of an e-mail address within a shop, 32 bytes: tells that two spellings mean one mailbox (`mailboxOf`), and never which. */
export function addressHash(keys: Keys, shopId: string, address: string): Buffer {
  return createHmac("sha256", asKey(keys.address))
    .update(`${shopId}\n${mailboxOf(address)}`)
    .digest();
}

export type LinkKind = "unsubscribe" | "buyer";
const kindBytes: Record<LinkKind, number> = { unsubscribe: 1, buyer: 2 };
const macLength = 16;

/**
 * Makes the token of a link in a mail: what it is for, an id, and a 128-bit signature, 44 characters of base64url.
 *
 * Names no address, needs no table, never runs out (OUT-05). For `unsubscribe` the id is the message's, for `buyer` the order's.
 */
export function linkToken(keys: Keys, kind: LinkKind, id: string): string {
  const body = Buffer.concat([Buffer.from([kindBytes[kind]]), Buffer.from(id.replaceAll("-", ""), "hex")]);
  return Buffer.concat([body, macOf(keys, body)]).toString("base64url");
}

/** Reads a token of this kind; `null` for any other text. */
export function readLinkToken(keys: Keys, kind: LinkKind, token: string): string | null {
  if (!/^[A-Za-z0-9_-]{44}$/.test(token)) return null;
  const bytes = Buffer.from(token, "base64url");
  const body = bytes.subarray(0, 17);
  if (!timingSafeEqual(bytes.subarray(17), macOf(keys, body)) || body[0] !== kindBytes[kind]) return null;
  const hex = body.subarray(1).toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

function macOf(keys: Keys, body: Buffer): Buffer {
  return createHmac("sha256", asKey(keys.link)).update(body).digest().subarray(0, macLength);
}

const keyObjects = new WeakMap<Buffer, KeyObject>();

/** A key as OpenSSL holds it, made once: made anew from its bytes for each signature it would cost five times what the signature does. */
function asKey(bytes: Buffer): KeyObject {
  const known = keyObjects.get(bytes);
  if (known !== undefined) return known;
  const made = createSecretKey(bytes);
  keyObjects.set(bytes, made);
  return made;
}
