import type { ConnectionOptions } from "node:tls";
import SMTPConnection from "nodemailer/lib/smtp-connection";
import { clean, type Phase, readReply, type SendResult } from "../core/smtp-reply.ts";
import { SmtpBody } from "./smtp-body.ts";
import { type Extensions, SmtpProgress } from "./smtp-progress.ts";
import { isLoopbackHost, type SmtpConfig } from "./smtp-url.ts";

/** A mail ready to go: one sender, one recipient, and its bytes (CRLF or not, dots not yet escaped). */
export interface OutgoingMail {
  readonly envelope: { readonly from: string; readonly to: string };
  readonly raw: Buffer;
}

/** How long to wait, in milliseconds, each time from the beginning of the phase: a server that sends one byte a second does not win time by it. */
export interface SmtpTimeouts {
  /** From the look-up of the name to the end of the sign-in. */
  readonly setupMs: number;
  /** For the answer to each command of an envelope (RFC 5321 4.5.3.2: 5 minutes). */
  readonly replyMs: number;
  /** For the mail itself to be taken off our hands. */
  readonly bodyMs: number;
  /** For the answer to the final dot (RFC 5321 4.5.3.2.6: at least 10 minutes). */
  readonly finalReplyMs: number;
}

export const defaultTimeouts: SmtpTimeouts = { setupMs: 60_000, replyMs: 300_000, bodyMs: 600_000, finalReplyMs: 600_000 };

export interface SessionOptions {
  readonly timeouts: SmtpTimeouts;
  /** Further TLS options, such as `ca` for a private certificate authority. */
  readonly tls: ConnectionOptions;
}

type Refused = Extract<SendResult, { kind: "replied" | "lost" }>;

/** Connects, greets, switches to TLS where offered or required, and signs in. A failure says in which phase. */
export async function openSession(config: SmtpConfig, options: SessionOptions): Promise<SmtpSession | Refused> {
  const session = new SmtpSession(config, options);
  return (await session.open(config)) ?? session;
}

/** One connection. Carries one mail at a time; whoever holds it must not begin a second one before the first has ended. */
export class SmtpSession {
  /** How many mails were begun on it. */
  begun = 0;
  /** `performance.now()` of its last use. */
  usedAt = 0;
  readonly #connection: SMTPConnection;
  readonly #progress = new SmtpProgress();
  readonly #timeouts: SmtpTimeouts;
  #dead = false;
  #held: () => boolean = () => true;
  /** A refused envelope may have left half a transaction behind: RSET before the next one. */
  #dirty = false;
  #fail: ((error: unknown) => void) | null = null;
  #timer: NodeJS.Timeout | undefined;

  constructor(config: SmtpConfig, { timeouts, tls }: SessionOptions) {
    this.#timeouts = timeouts;
    const here = isLoopbackHost(config.host);
    this.#connection = new SMTPConnection({
      host: config.host,
      port: config.port,
      secure: config.implicitTls,
      requireTLS: config.requireTls && !config.implicitTls,
      // within one machine nobody listens, and a relay there mostly has a certificate nobody signed
      ignoreTLS: here,
      // port 25 speaks to servers whose certificates prove nothing (OUT-12); submission is verified
      tls: { rejectUnauthorized: config.port !== 25 || config.requireTls, ...tls },
      connectionTimeout: timeouts.setupMs,
      greetingTimeout: timeouts.setupMs,
      dnsTimeout: timeouts.setupMs,
      socketTimeout: Math.max(timeouts.finalReplyMs, timeouts.bodyMs, timeouts.replyMs) + 60_000,
      socketCloseTimeout: 1_000,
      maxResponseSize: 65_536,
      transactionLog: true,
      logger: {
        debug: (entry: unknown, line: unknown) => this.#line(entry, line),
        info: (entry: unknown) => {
          if (isEntry(entry) && entry.tnx === "network" && entry.remotePort !== undefined) this.#progress.connected();
        },
        warn: () => {},
        error: () => {},
      },
      ...(config.name === null ? {} : { name: config.name }),
    });
    this.#connection.on("error", (error) => this.#end(error));
    // nodemailer ends the connection before it hands over the reply that ended it (421): let that one come first
    this.#connection.on("end", () => {
      this.#dead = true;
      setImmediate(() => this.#end(new Error("the server closed the connection")));
    });
  }

  get usable(): boolean {
    return !this.#dead;
  }

  get extensions(): Extensions {
    return this.#progress.extensions;
  }

  /** Returns `null` once ready for mails. */
  async open(config: SmtpConfig): Promise<Refused | null> {
    const error = await this.#within(this.#timeouts.setupMs, (done) => this.#connection.connect(done));
    const failed = error ?? (config.auth === null ? null : await this.#signIn(config.auth));
    this.usedAt = performance.now();
    if (failed === null) return null;
    const result = this.#refusal(failed, setupPhase(this.#progress.phase, failed));
    this.close();
    return result;
  }

  /** Makes sure that the connection still answers and that no earlier transaction is open. `false`: it is closed now. */
  async ready(idleMs: number): Promise<boolean> {
    if (this.#dead) return false;
    if (!this.#dirty && performance.now() - this.usedAt < idleMs) return true;
    const error = await this.#within(Math.min(this.#timeouts.replyMs, this.#timeouts.setupMs), (done) => this.#connection.reset(done));
    if (error !== null) this.close();
    this.#dirty = false;
    return error === null;
  }

  /** Sends one mail. Never throws; whether the connection can carry another is then said by `usable`. */
  async send(mail: OutgoingMail, held: () => boolean): Promise<SendResult> {
    const socket = this.#connection._socket;
    if (this.#dead || !socket) return { kind: "lost", phase: "mail-from", reason: "the connection is closed" };
    if (!held()) return { kind: "lost", phase: "mail-from", reason: "the lease ran out before the mail was begun" };
    this.#held = held;
    this.begun += 1;
    let answer = "";
    let body: SmtpBody | undefined;
    const error = await this.#within(this.#timeouts.replyMs, (done) => {
      body = new SmtpBody(mail.raw, socket, () => this.#dot());
      const envelope = { from: mail.envelope.from, to: [mail.envelope.to], size: mail.raw.length };
      this.#connection.send(envelope, body, (failed, info) => {
        answer = info?.response ?? "";
        done(failed);
      });
    });
    body?.destroy();
    this.usedAt = performance.now();
    const result = error === null ? this.#answered(answer) : this.#refusal(error, this.#progress.phase);
    const clean = result.kind === "accepted" || (result.kind === "replied" && result.phase !== "body" && result.code !== 421);
    this.#dirty = result.kind === "replied";
    if (!clean) this.close();
    return result;
  }

  /** Says good-bye and closes; does not wait for the answer. */
  quit(): void {
    if (this.#dead) return;
    this.#dead = true;
    this.#connection.quit();
    setTimeout(() => this.#connection.close(), 1_000).unref();
  }

  /** Closes at once. */
  close(): void {
    this.#end(new Error("closed"));
    this.#connection.close();
  }

  async #signIn(auth: { user: string; pass: string }): Promise<Error | null> {
    this.#progress.phase = "auth";
    if (!this.#connection.allowsAuth) return new Error("the server offers no sign-in (AUTH), but SMTP_URL has a user");
    return this.#within(this.#timeouts.setupMs, (done) => this.#connection.login({ credentials: auth }, done));
  }

  #answered(answer: string): SendResult {
    const phase = this.#progress.phase;
    if (phase !== "after-dot") return { kind: "lost", phase, reason: `answered before the mail had ended: ${clean(answer)}` };
    const reply = readReply(answer);
    if (reply === null || reply.code >= 300) return { kind: "lost", phase, reason: `unreadable answer: ${clean(answer)}` };
    return { kind: "accepted", answer: reply.text };
  }

  #refusal(error: Error, phase: Phase): Refused {
    const { response } = error as { response?: unknown }; // nodemailer hangs the server's reply on its errors
    const reply = typeof response === "string" ? readReply(response) : null;
    if (reply !== null && reply.code >= 400) return { kind: "replied", phase, ...reply };
    const said = typeof response === "string" ? `unreadable answer: ${response}` : error.message;
    return { kind: "lost", phase, reason: clean(said) };
  }

  /** Runs one step of nodemailer's; a step that takes too long, or during which the connection ends, fails. */
  #within(ms: number, run: (done: (error?: Error | null) => void) => void): Promise<Error | null> {
    return new Promise((resolve) => {
      const settle = (error?: Error | null) => {
        clearTimeout(this.#timer);
        this.#fail = null;
        resolve(error ?? null);
      };
      this.#fail = (error) => settle(error instanceof Error ? error : new Error(String(error)));
      this.#arm(ms);
      run(settle);
    });
  }

  #dot(): void {
    this.#progress.dot();
    this.#arm(this.#timeouts.finalReplyMs);
  }

  #arm(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#end(new Error(`no answer within ${ms} ms`));
      this.#connection.close();
    }, ms);
  }

  #end(error: unknown): void {
    this.#dead = true;
    this.#fail?.(error);
  }

  #line(entry: unknown, line: unknown): void {
    if (!isEntry(entry) || typeof line !== "string") return;
    if (entry.tnx === "client") {
      // Told before it is written. Whoever slept past the lease between two commands must not open DATA (REL-05).
      if (line === "DATA" && !this.#held()) {
        this.#end(new Error("the lease ran out before DATA"));
        this.#connection.close();
        return;
      }
      this.#progress.command(line);
    }
    if (entry.tnx !== "server") return;
    const before = this.#progress.phase;
    this.#progress.reply(line);
    const { phase } = this.#progress;
    if (phase !== before && this.#fail !== null) this.#arm(phase === "body" ? this.#timeouts.bodyMs : this.#timeouts.replyMs);
  }
}

function isEntry(entry: unknown): entry is { readonly tnx?: unknown; readonly remotePort?: unknown } {
  return typeof entry === "object" && entry !== null;
}

/** With TLS from the first byte nodemailer reports a bad certificate as a failure to connect. */
function setupPhase(phase: Phase, error: Error): Phase {
  const { code, originalCode } = error as { code?: unknown; originalCode?: unknown }; // nodemailer's own code, and Node's beneath it
  const tls = /^(ERR_SSL|ERR_TLS|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|HOSTNAME|EPROTO$|ETLS$)/;
  return phase === "connect" && [code, originalCode].some((one) => typeof one === "string" && tls.test(one)) ? "tls" : phase;
}
