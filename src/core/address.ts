/**
 * What may be handed to a mail server as one recipient, or why it may not.
 *
 * `address` is `local@domain` with the domain as lower-case A-labels and the local part untouched (its case may matter to the
 * receiving host, RFC 5321 §2.4). `needsSmtpUtf8`: the local part is not ASCII, so only a server that offers SMTPUTF8 may get it.
 */
export type AddressReading =
  | { readonly kind: "ok"; readonly address: string; readonly local: string; readonly domain: string; readonly needsSmtpUtf8: boolean }
  | { readonly kind: "bad"; readonly reason: BadAddress };

export type BadAddress =
  | "empty"
  | "not-one-address"
  | "forbidden-character"
  | "local-part"
  | "local-part-too-long"
  | "domain"
  | "domain-not-public"
  | "too-long";

/**
 * Reads exactly one addr-spec (OUT-13): a dot-atom, `@`, and a domain name of at least two labels.
 *
 * Narrower than RFC 5322 on purpose: quoted local parts, comments, folding space, angle brackets and address literals are valid
 * there, but mail libraries and relays disagree on them, and a buyer's real address has none. Nothing is repaired: an
 * address that would need it belongs to somebody we do not know. Callers trim.
 */
export function readAddress(text: string): AddressReading {
  if (text === "") return bad("empty");
  if (!text.isWellFormed() || forbidden.test(text)) return bad("forbidden-character");
  const at = text.indexOf("@");
  if (at === -1 || at !== text.lastIndexOf("@")) return bad("not-one-address");
  const local = text.slice(0, at);
  if (!dotAtom.test(local) || local.normalize("NFC") !== local) return bad("local-part");
  if (Buffer.byteLength(local) > maxLocalOctets) return bad("local-part-too-long");
  const domain = readDomain(text.slice(at + 1));
  if (domain === null) return bad("domain");
  if (!/\..*[a-z]/.test(domain)) return bad("domain-not-public");
  const address = `${local}@${domain}`;
  if (Buffer.byteLength(address) > maxOctets) return bad("too-long");
  return { kind: "ok", address, local, domain, needsSmtpUtf8: !/^[\x21-\x7e]*$/.test(local) };
}

/**
 * Gives the form under which two spellings of one mailbox are the same person: everything in lower case.
 *
 * For suppressions, caps and search, never for sending: hosts that tell `Bob@` from `bob@` are unheard of, buyers who
 * unsubscribe in the other spelling are not. Takes any text; what `readAddress` refuses is only lower-cased.
 */
export function mailboxOf(text: string): string {
  const reading = readAddress(text.trim());
  return (reading.kind === "ok" ? reading.address : text.trim()).toLowerCase();
}

/**
 * Tells a marketplace's relay address, which we never write to (IN-17): their rules forbid such mail, and it endangers the shop's account.
 *
 * A private relay that the buyer chose (Apple's, Firefox') is not one.
 */
export function isRelay(address: string): boolean {
  const domain = address.slice(address.lastIndexOf("@") + 1).toLowerCase();
  return relayDomains.some((relay) => relay.test(domain));
}

const maxLocalOctets = 64; // RFC 5321 §4.5.3.1.1
const maxOctets = 254; // RFC 5321 §4.5.3.1.3 less the two angle brackets

/** Everything by which one text could become two recipients, a header, or another domain; and what only looks like `@` or a dot. */
const forbidden = /[\s\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Z}"(),:;<>[\\\]\uff20\ufe6b\u3002\uff0e\uff61]/u;

/** RFC 5322 atext, with letters, marks and digits of other scripts (RFC 6531), in runs parted by single dots. */
const dotAtom = /^[\w!#$%&'*+/=?^`{|}~\-\p{L}\p{M}\p{N}]+(?:\.[\w!#$%&'*+/=?^`{|}~\-\p{L}\p{M}\p{N}]+)*$/u;

const label = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/;

/** Gives the domain as lower-case A-labels, or `null` when it is not a domain name. */
function readDomain(text: string): string | null {
  const lower = text.toLowerCase();
  const ascii = /^[\x21-\x7e]*$/.test(lower);
  // The URL standard's host parser also reads `%2e`, `0x7f.1` and compatibility letters: only plain labels may reach it.
  if (ascii ? !lower.split(".").every((part) => label.test(part)) : !/^[a-z0-9.\-\p{L}\p{M}\p{Nd}]+$/u.test(lower)) return null;
  if (lower.normalize("NFKC") !== lower) return null;
  const hostname = URL.parse(`http://${lower}`)?.hostname ?? "";
  if (hostname.length > 253 || !hostname.split(".").every((part) => label.test(part))) return null;
  return !ascii || hostname === lower ? hostname : null;
}

const relayDomains = [
  /(^|\.)marketplace\.amazon\.[a-z.]+$/,
  /(^|\.)members\.ebay\.[a-z.]+$/,
  /(^|\.)aliexpress\.(com|ru|us)$/,
  /(^|\.)relay\.walmart\.com$/,
  /(^|\.)allegromail\.pl$/,
  /(^|\.)verkopen\.bol\.com$/,
  /(^|\.)fw\.rakuten\.ne\.jp$/,
  /(^|\.)notification\.mirakl\.net$/,
  /(^|\.)scs2?\.tiktokw?\.(us|com)$/,
];

function bad(reason: BadAddress): AddressReading {
  return { kind: "bad", reason };
}
