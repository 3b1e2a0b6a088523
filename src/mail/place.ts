import type { SendResult } from "../core/smtp-reply.ts";
import type { OutgoingMail } from "./smtp-session.ts";

/** A mail's place among those that wait for a connection, and whether it may begin, which may be asked before its turn comes. */
export class Place {
  /** Whether its turn came; `false` when the transport closed. */
  readonly turn: Promise<boolean>;
  readonly tell: (turn: boolean) => void;
  readonly mail: OutgoingMail | null;
  readonly #begin: () => Promise<boolean>;
  #permission: { readonly answer: Promise<boolean>; readonly askedAt: number } | null = null;

  /** `mail` is `null` for whoever wants a connection for something else. */
  constructor(mail: OutgoingMail | null, begin: () => Promise<boolean>) {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.turn = promise;
    this.tell = resolve;
    this.mail = mail;
    this.#begin = begin;
  }

  get asked(): boolean {
    return this.#permission !== null;
  }

  /** Asks whether it may begin; once, however often it is called. */
  ask(): Promise<boolean> {
    if (this.#permission === null) {
      const answer = this.#begin();
      // Who asks ahead does not listen yet.
      answer.catch(() => undefined);
      this.#permission = { answer, askedAt: performance.now() };
    }
    return this.#permission.answer;
  }

  /** Whether it may begin now; a permission from before is good for `permittedMs`. Rejects when that could not be found out. */
  async mayBegin(permittedMs: number): Promise<boolean> {
    const early = this.#permission;
    if (early === null) return this.ask();
    return (await early.answer) && performance.now() - early.askedAt < permittedMs;
  }

  /** Leaves without having begun: what was asked about it is answered then, and it is `withdrawn`. Rejects when that could not be found out. */
  async leave(): Promise<SendResult> {
    await this.#permission?.answer;
    return { kind: "withdrawn" };
  }
}
