/** How far a sending had come. Up to and with `data` nothing of the mail was sent; from `after-dot` on it may have arrived. */
export const phases = ["connect", "greeting", "tls", "auth", "mail-from", "rcpt-to", "data", "body", "after-dot"] as const;
export type Phase = (typeof phases)[number];

/** What a transport says became of one mail. */
export type SendResult =
  /** The server took it: a 2xx to the final dot. */
  | { readonly kind: "accepted"; readonly answer: string }
  /** Asked at the last moment, we said no: nothing was sent. */
  | { readonly kind: "withdrawn" }
  /** This server can't carry this mail (its SIZE, no SMTPUTF8); known before anything was sent. */
  | { readonly kind: "unsendable"; readonly reason: string }
  /** The server refused, with a code of 400–599. */
  | {
      readonly kind: "replied";
      readonly phase: Phase;
      readonly code: number;
      /** RFC 3463, as `5.1.1`; `null` when the reply has none. */
      readonly enhanced: string | null;
      /** The whole reply, lines joined, at most 2,000 characters. */
      readonly text: string;
    }
  /** No readable answer: connection, timeout, TLS, DNS, garbage. */
  | { readonly kind: "lost"; readonly phase: Phase; readonly reason: string };

/**
 * What a refusal is about.
 *
 * - `ours`: our relay, our credentials, TLS: the mail and its recipient have nothing to do with it
 * - `throttled`: the server wants it slower
 * - `greylisted`: come back in some minutes
 * - `temporary`: any other 4xx
 * - `mailbox-full`: soft, even as 5xx
 * - `no-such-user`: the address is dead
 * - `content`: size or content of this mail
 * - `policy`: reputation, authentication, blocklists: never the recipient's fault
 * - `permanent`: any other 5xx
 */
export type RefusalClass =
  | "ours"
  | "throttled"
  | "greylisted"
  | "temporary"
  | "mailbox-full"
  | "no-such-user"
  | "content"
  | "policy"
  | "permanent";

export interface Refusal {
  readonly phase: Phase;
  readonly code: number;
  readonly enhanced: string | null;
  readonly text: string;
}

/**
 * Classifies a refusal by the table of standards 2.4.
 *
 * The enhanced code wins over the basic one, unless their first digits disagree; then only the basic one counts. Text is read
 * only where neither says what was meant, and only for what many servers write. Total: any code gets a class.
 */
export function classifyRefusal(refusal: Refusal): RefusalClass {
  const { phase, code, text } = refusal;
  if (beforeEnvelope.has(phase)) return "ours";
  if (code === 530 || code === 534 || code === 535 || code === 454) return "ours";
  const enhanced = trusted(refusal);
  if (code < 500) return temporaryClass(code, enhanced, text);
  return enhanced === null ? basicClass(refusal) : enhancedClass(enhanced, phase);
}

const beforeEnvelope: ReadonlySet<Phase> = new Set(["connect", "greeting", "tls", "auth"]);

function temporaryClass(code: number, enhanced: string | null, text: string): RefusalClass {
  if (enhanced === "4.2.2" || (code === 452 && enhanced === null && full.test(text))) return "mailbox-full";
  if (code === 421 || enhanced === "4.3.2") return "throttled";
  if (enhanced === "4.2.0" || enhanced === "4.7.1") return "greylisted";
  if (enhanced?.startsWith("4.7.")) return "throttled";
  if (enhanced === null && (code === 450 || code === 451)) return "greylisted";
  return "temporary";
}

/** RFC 3463 and the IANA registry: the recipient's mailbox or domain does not exist, takes no mail (null MX), or was shut. */
const deadAddress: ReadonlySet<string> = new Set(["5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"]);

function enhancedClass(enhanced: string, phase: Phase): RefusalClass {
  if (enhanced === "5.2.2") return "mailbox-full";
  // at MAIL FROM it is the sender that is spoken of
  if (deadAddress.has(enhanced)) return phase === "mail-from" ? "policy" : "no-such-user";
  if (enhanced === "5.3.4" || enhanced === "5.2.3" || enhanced.startsWith("5.6.")) return "content";
  if (enhanced.startsWith("5.7.") || enhanced === "5.1.7" || enhanced === "5.1.8") return "policy";
  return "permanent";
}

const full = /\b(quota|mailbox (is )?full|over ?quota|storage)\b/i;
const unknownUser =
  /\b(user unknown|unknown user|no such (user|mailbox|recipient)|(user|mailbox|recipient|account) (does not|doesn't) exist|(user|mailbox|recipient) not found|invalid (recipient|mailbox))\b/i;
const blocked = /\b(block(ed|list)|blacklist|spam|reputation|policy|dnsbl|rbl|spf|dkim|dmarc|denied)\b/i;

function basicClass({ phase, code, text }: Refusal): RefusalClass {
  if (code === 552) return phase === "rcpt-to" || full.test(text) ? "mailbox-full" : "content";
  if (blocked.test(text)) return "policy";
  // a bare 550 is written for anything: only a server that says the user is unknown costs the address
  if (phase === "rcpt-to" && unknownUser.test(text)) return "no-such-user";
  if (code === 554 && phase === "after-dot") return "policy";
  return "permanent";
}

/** The enhanced code if its first digit agrees with the basic code, else `null`. */
function trusted({ code, enhanced }: Refusal): string | null {
  return enhanced !== null && enhanced.charAt(0) === String(code).charAt(0) ? enhanced : null;
}

/**
 * Reads a server's reply, one line or several (`550-5.1.1 No\n550 5.1.1 such user`).
 *
 * Returns `null` when it does not begin with a code of 200–599 and a blank, a dash or the end: then nothing is known.
 */
export function readReply(reply: string): { readonly code: number; readonly enhanced: string | null; readonly text: string } | null {
  const match = /^([2-5]\d\d)(?=[ -]|\r?\n|$)/.exec(reply);
  if (match === null) return null;
  const text = clean(reply);
  return { code: Number(match[1]), enhanced: /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})\b/.exec(reply)?.[1] ?? null, text };
}

/** One line without controls, at most 2,000 characters: what may be stored and shown. */
export function clean(text: string): string {
  return text
    .slice(0, 10_000)
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, " ")
    .replace(/ {2,}/g, " ")
    .toWellFormed()
    .trim()
    .slice(0, 2_000);
}
