import type { Socket } from "node:net";
import { Readable, type Transform } from "node:stream";

/**
 * A mail on its way into a connection that holds the final dot back until every byte before it has left this process.
 *
 * nodemailer calls `pipe` with the stream that escapes dots and, when ended, writes the final one. Body and dot would otherwise
 * go to the kernel in one write, and nobody could tell afterwards whether a lost connection took the dot along. Calls `onDot`
 * immediately before the dot is written: until then the mail cannot have been accepted, from then on it may have been.
 */
export class SmtpBody extends Readable {
  readonly #raw: Buffer;
  readonly #socket: Socket;
  readonly #onDot: () => void;

  constructor(raw: Buffer, socket: Socket, onDot: () => void) {
    super();
    this.#raw = raw;
    this.#socket = socket;
    this.#onDot = onDot;
  }

  override _read(): void {
    // nothing is read from it: it writes itself in `pipe`
  }

  override pipe<T extends NodeJS.WritableStream>(into: T): T {
    into.write(this.#raw);
    setImmediate(() => this.#endWhenFlushed(into));
    return into;
  }

  #endWhenFlushed(into: NodeJS.WritableStream & Partial<Pick<Transform, "readableLength">>): void {
    if (this.destroyed || this.#socket.destroyed) return;
    const waiting = (into.readableLength ?? 0) + this.#socket.writableLength;
    if (waiting > 0) {
      // a server that takes its time: no event says "all flushed" below the high-water mark
      setTimeout(() => this.#endWhenFlushed(into), 5);
      return;
    }
    this.#onDot();
    into.end();
  }
}
