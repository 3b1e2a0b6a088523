import { hash } from "node:crypto";
import type { Instant } from "../core/instant.ts";
import type { Category } from "../core/timetable.ts";
import { inert, inertSubject } from "./inert.ts";
import { buildMail, type Header, headerWords, mailbox } from "./mime.ts";
import type { OutgoingMail } from "./smtp-session.ts";

export interface MailParts {
  /** Our id of the logical message: the Message-ID is made of it, so it must be the same at every attempt (OUT-03). */
  readonly messageId: string;
  /** When its first attempt began: the Date, the same at every attempt. */
  readonly date: Instant;
  readonly from: { readonly name: string | null; readonly address: string };
  readonly to: { readonly name: string | null; readonly address: string };
  readonly replyTo: string | null;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  readonly category: Category;
  /** For Feedback-ID (OUT-08): the step's key, the shop's id, and who sends for it. No personal data. */
  readonly step: string;
  readonly shopId: string;
  readonly senderId: string;
  /** The one-click address (RFC 8058), `https`, at most 200 characters. Used for everything but order mail. */
  readonly unsubscribe: string;
}

/** `<opaque@domain>`, the same for a message at every attempt, after every crash; says nothing of order or buyer (OUT-03). */
export function rfcMessageId(messageId: string, fromAddress: string): string {
  const opaque = hash("sha256", `message ${messageId}`).slice(0, 40);
  return `<${opaque}@${domainOf(fromAddress)}>`;
}

/** A mail and its headers by name, as they stand in it, unfolded. */
export interface BuiltMail extends OutgoingMail {
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Builds the MIME message and its envelope (OUT-01 … OUT-08, OUT-13).
 *
 * Text before HTML, both UTF-8 in 7-bit form; exactly one From, To, Subject, Date and Message-ID; nothing from a sender can begin a header of its own
 * (SEC-01). Throws `RangeError` when an address is not exactly one mailbox or the unsubscribe address is none: both are checked long before.
 */
export function composeMail(parts: MailParts): BuiltMail {
  const from = oneMailbox(parts.from.address);
  const to = oneMailbox(parts.to.address);
  const headers: readonly Header[] = [
    ["From", mailbox({ name: displayName(parts.from.name), address: from })],
    ["To", mailbox({ name: displayName(parts.to.name), address: to })],
    ...(parts.replyTo === null ? [] : [["Reply-To", oneMailbox(parts.replyTo)] as const]),
    ["Subject", headerWords(inertSubject(unencoded(parts.subject), 200))],
    ["Message-ID", { asIs: rfcMessageId(parts.messageId, from) }],
    ["Date", { asIs: new Date(parts.date).toUTCString().replace("GMT", "+0000") }],
    ...headersOf(parts, from),
  ];
  return {
    envelope: { from, to },
    raw: buildMail(headers, parts, parts.messageId),
    headers: Object.fromEntries(headers.map(([name, value]) => [name, typeof value === "string" ? value : value.asIs])),
  };
}

/** A name beside an address, without anything that could be read as another address. */
function displayName(name: string | null): string {
  return inert(unencoded((name ?? "").replace(/["<>@\\]/g, " ")), 100);
}

/** Without an encoded word (RFC 2047) that readers would decode into something else. */
function unencoded(text: string): string {
  return text.replaceAll("=?", "= ?");
}

function headersOf(parts: MailParts, from: string): readonly Header[] {
  const always: readonly Header[] = [
    ["Auto-Submitted", { asIs: "auto-generated" }],
    ["X-Auto-Response-Suppress", { asIs: "OOF, AutoReply" }],
    ["Feedback-ID", { asIs: [parts.step, parts.shopId, parts.category, parts.senderId].map(token).join(":") }],
  ];
  if (parts.category === "order") return always;
  return [
    ...always,
    ["List-ID", { asIs: `<${token(parts.category)}.${domainOf(from)}>` }],
    // one line each: a folded List-Unsubscribe breaks some signers further on
    ["List-Unsubscribe", { asIs: waysOut(parts).join(", ") }],
    ["List-Unsubscribe-Post", { asIs: "List-Unsubscribe=One-Click" }],
  ];
}

function waysOut({ unsubscribe, replyTo }: MailParts): string[] {
  const url = new URL(unsubscribe);
  if ((url.protocol !== "https:" && url.protocol !== "http:") || url.href.length > 200 || /[<>,\s]/.test(url.href)) {
    throw new RangeError("the unsubscribe address is no short web address");
  }
  const mailto = replyTo === null ? [] : [`<mailto:${encodeURI(oneMailbox(replyTo)).replaceAll("?", "%3F")}?subject=Unsubscribe>`];
  return [`<${url.href}>`, ...mailto];
}

/** Letters that are safe in any header and need no encoding. */
function token(text: string): string {
  return text.replace(/[^A-Za-z0-9_.-]+/g, "-").slice(0, 60) || "-";
}

/** One addr-spec and nothing that could make two of it, or another one. Which addresses are mailed at all is `core/address.ts`'s to say. */
function oneMailbox(address: string): string {
  if (/^[^\s<>,;:()[\]\\"@\p{Cc}\p{Cf}]+@[^\s<>,;:()\\"@\p{Cc}\p{Cf}]+$/u.test(address) && Buffer.byteLength(address) <= 254)
    return address;
  throw new RangeError("not exactly one mail address");
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf("@") + 1).toLowerCase();
}
