import type { ConnectionOptions } from "node:tls";
import type { Phase, SendResult } from "../core/smtp-reply.ts";
import { Pace } from "./pace.ts";
import { Place } from "./place.ts";
import { rateGate } from "./rate.ts";
import type { Extensions } from "./smtp-progress.ts";
import { defaultTimeouts, type OutgoingMail, openSession, type SmtpSession, type SmtpTimeouts } from "./smtp-session.ts";
import type { SmtpConfig } from "./smtp-url.ts";

export interface Transport {
  /** How many mails it carries at a time; more are taken and wait their turn. */
  readonly connections: number;
  /** Connections that stand right now. */
  readonly open: number;
  /**
   * Sends one mail and says how it ended; never throws for anything a server does.
   *
   * `begin` is asked once: on a ready connection, immediately before MAIL FROM, or, while all connections are busy and take mail after mail,
   * some milliseconds before (`aheadMs`), so that many are asked together and no connection waits for an answer. `false` withdraws the mail and leaves the
   * connection for the next. When the connection cannot be made, or this server cannot carry the mail, it is not asked at all.
   * A mail that was let begin is `withdrawn` all the same when its turn does not come soon after, or the transport closes: nothing was said of it.
   * `held` is asked after that and once more before DATA: `false`, the lease ran out while we slept, ends the connection without a DATA (REL-05).
   */
  send(mail: OutgoingMail, begin: () => Promise<boolean>, held?: () => boolean): Promise<SendResult>;
  /** Connects and signs in, sends nothing. */
  verify(): Promise<Verification>;
  /** Takes no more mail, lets what is being sent end for at most `graceMs` (25 s), then closes. What still waits for its turn, or comes later, is `withdrawn`. */
  close(graceMs?: number): Promise<void>;
}

export type Verification = { readonly ok: true } | { readonly ok: false; readonly phase: Phase; readonly reason: string };

export interface TransportOptions {
  readonly timeouts?: Partial<SmtpTimeouts>;
  readonly tls?: ConnectionOptions;
  /** Mails over one connection before it is closed (default 100): servers close long ones at moments of their choosing. */
  readonly mailsPerConnection?: number;
  /** Milliseconds after which an unused connection is asked whether it still stands before it is used (default 1,000). */
  readonly probeAfterMs?: number;
  /** Milliseconds after which an unused connection is closed (default 15,000). */
  readonly idleMs?: number;
  /** Milliseconds by which `begin` may be asked before a mail's turn is likely to come (default 25). 0: never before. */
  readonly aheadMs?: number;
  /** Milliseconds for which such a permission is good (default 5,000): who unsubscribes waits 20 s for mail that has begun. */
  readonly permittedMs?: number;
}

/** Submits mail to one SMTP server over a pool of warm connections; their number is `config.connections`, the pace `config.rate`. */
export function smtpTransport(config: SmtpConfig, options: TransportOptions = {}): Transport {
  return new SmtpTransport(config, options);
}

class SmtpTransport implements Transport {
  readonly connections: number;
  readonly #config: SmtpConfig;
  readonly #options: Required<Omit<TransportOptions, "timeouts">> & { readonly timeouts: SmtpTimeouts };
  readonly #pass: () => Promise<void>;
  readonly #idle: SmtpSession[] = [];
  readonly #busy = new Set<SmtpSession>();
  readonly #pace: Pace;
  /** Those who wait for their turn, first come first served. */
  readonly #waiting: Place[] = [];
  /** What the server offered last. */
  #extensions: Extensions | null = null;
  #running = 0;
  #closing = false;
  #sweeper: NodeJS.Timeout | undefined;
  #onQuiet: (() => void) | null = null;

  constructor(config: SmtpConfig, options: TransportOptions) {
    this.#config = config;
    this.connections = config.connections;
    this.#pass = rateGate(config.rate);
    this.#options = {
      timeouts: { ...defaultTimeouts, ...options.timeouts },
      tls: options.tls ?? {},
      mailsPerConnection: options.mailsPerConnection ?? 100,
      probeAfterMs: options.probeAfterMs ?? 1_000,
      idleMs: options.idleMs ?? 15_000,
      aheadMs: options.aheadMs ?? 25,
      permittedMs: options.permittedMs ?? 5_000,
    };
    this.#pace = new Pace(this.#options.aheadMs);
  }

  get open(): number {
    return this.#idle.filter((session) => session.usable).length + this.#busy.size;
  }

  async send(mail: OutgoingMail, begin: () => Promise<boolean>, held: () => boolean = () => true): Promise<SendResult> {
    const place = new Place(mail, begin);
    // No fault of the server's: somebody else may send it at once.
    if (!(await this.#turn(place))) return place.leave();
    let session: SmtpSession | null = null;
    try {
      await this.#pass();
      const found = await this.#session();
      if ("kind" in found) {
        this.#pace.broke();
        await place.leave();
        return found;
      }
      session = found;
      this.#extensions = session.extensions;
      const obstacle = whyNot(mail, session.extensions);
      if (obstacle !== null) {
        await place.leave();
        return { kind: "unsendable", reason: obstacle };
      }
      if (!(await place.mayBegin(this.#options.permittedMs))) return { kind: "withdrawn" };
      const before = performance.now();
      const result = await session.send(mail, held);
      if (session.usable) this.#pace.took(performance.now() - before);
      else this.#pace.broke();
      return result;
    } finally {
      if (session !== null) this.#giveBack(session);
      this.#endTurn();
    }
  }

  async verify(): Promise<Verification> {
    if (!(await this.#turn(new Place(null, () => Promise.resolve(false)))))
      return { ok: false, phase: "connect", reason: "the transport is closing" };
    try {
      const found = await this.#session();
      if ("kind" in found) return { ok: false, phase: found.phase, reason: found.kind === "lost" ? found.reason : found.text };
      this.#giveBack(found);
      return { ok: true };
    } finally {
      this.#endTurn();
    }
  }

  async close(graceMs = 25_000): Promise<void> {
    this.#closing = true;
    clearInterval(this.#sweeper);
    for (const place of this.#waiting.splice(0)) place.tell(false);
    for (const session of this.#idle.splice(0)) session.quit();
    if (this.#running === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, graceMs);
      this.#onQuiet = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    for (const session of this.#busy) session.close();
  }

  #turn(place: Place): Promise<boolean> {
    if (this.#closing) return Promise.resolve(false);
    if (this.#running < this.connections) {
      this.#running += 1;
      return Promise.resolve(true);
    }
    this.#waiting.push(place);
    return place.turn;
  }

  #endTurn(): void {
    this.#lookAhead();
    const next = this.#waiting.shift();
    if (next !== undefined) {
      next.tell(true);
      return;
    }
    this.#running -= 1;
    if (this.#running === 0) this.#onQuiet?.();
  }

  /** Asks about those whose turn comes within moments, once fewer than half of them were asked about: so many are asked together. */
  #lookAhead(): void {
    const extensions = this.#extensions;
    const ahead = this.#pace.ahead(this.connections, this.#config.rate);
    if (extensions === null || ahead < 2) return;
    const soon = this.#waiting.slice(0, ahead).filter(({ mail }) => mail !== null && whyNot(mail, extensions) === null);
    if (soon.filter(({ asked }) => asked).length * 2 > ahead) return;
    for (const place of soon) void place.ask();
  }

  /** A connection ready for MAIL FROM: a warm one that still answers, else a new one. */
  async #session(): Promise<SmtpSession | Exclude<Awaited<ReturnType<typeof openSession>>, SmtpSession>> {
    for (let warm = this.#idle.pop(); warm !== undefined; warm = this.#idle.pop()) {
      this.#busy.add(warm);
      if (await warm.ready(this.#options.probeAfterMs)) return warm;
      this.#busy.delete(warm);
    }
    const opened = await openSession(this.#config, this.#options);
    if (!("kind" in opened)) this.#busy.add(opened);
    return opened;
  }

  #giveBack(session: SmtpSession): void {
    this.#busy.delete(session);
    if (!session.usable) return;
    if (this.#closing || session.begun >= this.#options.mailsPerConnection) {
      session.quit();
      return;
    }
    this.#idle.push(session);
    this.#sweeper ??= setInterval(() => this.#sweep(), Math.max(50, this.#options.idleMs / 4)).unref();
  }

  #sweep(): void {
    const before = performance.now() - this.#options.idleMs;
    for (const session of this.#idle.splice(0)) {
      if (!session.usable) continue;
      if (session.usedAt < before) session.quit();
      else this.#idle.push(session);
    }
  }
}

/** What this server can't carry, in a sentence, known from its greeting (RFC 1870, RFC 6531). */
function whyNot(mail: OutgoingMail, { size, smtpUtf8 }: Extensions): string | null {
  if (size !== null && mail.raw.length > size) return `the mail has ${mail.raw.length} bytes, the server takes ${size} at most`;
  if (!smtpUtf8 && /[^\p{ASCII}]/u.test(mail.envelope.to + mail.envelope.from)) {
    return "the address has letters outside ASCII, and the server does not take such addresses (no SMTPUTF8)";
  }
  if (!onePath(mail.envelope.to) || !onePath(mail.envelope.from)) return "the envelope has an address that is not one mailbox";
  return null;
}

/** One mailbox and nothing that could end the SMTP command it stands in. Which addresses are accepted at all is `core/address.ts`'s to say. */
function onePath(address: string): boolean {
  return /^[^\s<>,;:()[\]\\"@\p{Cc}]+@[^\s<>,;:()\\"@\p{Cc}]+$/u.test(address) && Buffer.byteLength(address) <= 254;
}
