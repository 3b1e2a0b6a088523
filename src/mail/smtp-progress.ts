import type { Phase } from "../core/smtp-reply.ts";

/** What a server offers, read from its answer to EHLO. */
export interface Extensions {
  readonly smtpUtf8: boolean;
  /** Bytes of the largest mail it takes; `null` when it names none. */
  readonly size: number | null;
}

/**
 * Follows one SMTP connection by the lines that go over it, and so knows how far it has come.
 *
 * nodemailer's errors do not say it: a connection lost before DATA and one lost after the final dot look the same, and a
 * pipelined envelope has three commands on their way at once. Its transaction log names every command and every reply; only a
 * positive reply moves the phase on, so a refusal freezes it at the command that was refused.
 */
export class SmtpProgress {
  phase: Phase = "connect";
  extensions: Extensions = { smtpUtf8: false, size: null };
  #refused = false;
  #lastCommand = "";

  /** The TCP (or TLS) connection stands. */
  connected(): void {
    this.phase = "greeting";
  }

  /** The final dot is about to be written. */
  dot(): void {
    this.phase = "after-dot";
  }

  /** A command we send. With PIPELINING all of an envelope come before the first reply. */
  command(line: string): void {
    const verb = line.split(" ", 1)[0]?.toUpperCase() ?? "";
    this.#lastCommand = verb;
    if (verb === "MAIL") {
      this.phase = "mail-from";
      this.#refused = false;
    } else if (verb === "STARTTLS") {
      this.phase = "tls";
    } else if (verb === "EHLO" || verb === "HELO") {
      this.phase = "greeting";
    } else if (verb === "AUTH") {
      this.phase = "auth";
    }
  }

  /** A whole reply of the server. */
  reply(text: string): void {
    if (this.#lastCommand === "EHLO" && text.startsWith("250")) this.extensions = readExtensions(text);
    if (!/^[23]\d\d/.test(text)) this.#refused = true;
    if (this.#refused) return;
    if (this.phase === "mail-from") this.phase = "rcpt-to";
    else if (this.phase === "rcpt-to") this.phase = "data";
    else if (this.phase === "data") this.phase = "body";
  }
}

function readExtensions(ehlo: string): Extensions {
  const size = /^250[ -]SIZE[ \t]+(\d{1,15})/im.exec(ehlo)?.[1];
  return { smtpUtf8: /^250[ -]SMTPUTF8\b/im.test(ehlo), size: size === undefined || Number(size) === 0 ? null : Number(size) };
}
