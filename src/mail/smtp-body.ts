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
    // Straight into the socket: nodemailer's stream looks at each byte twice. All but the last line break, which comes with the dot.
    this.#socket.write(dotted(this.#raw));
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

const lineBreak = Buffer.from("\r\n");
const dotLine = Buffer.from("\r\n.");

/** A mail without its last line break, with every dot that begins a line doubled (RFC 5321 4.5.2). */
function dotted(raw: Buffer): Buffer {
  const lines = withWholeBreaks(raw);
  const body = lines.subarray(-2).equals(lineBreak) ? lines.subarray(0, -2) : lines;
  const pieces: Buffer[] = body[0] === 0x2e ? [Buffer.from(".")] : [];
  let from = 0;
  for (let at = body.indexOf(dotLine); at !== -1; at = body.indexOf(dotLine, from)) {
    pieces.push(body.subarray(from, at + 3));
    // The dot once more.
    from = at + 2;
    pieces.push(body.subarray(from, at + 3));
    from = at + 3;
  }
  return pieces.length === 0 ? body : Buffer.concat([...pieces, body.subarray(from)]);
}

/** Half a line break becomes a whole one: with `\n.\n` in a mail some servers would see its end, and a second mail behind it. */
function withWholeBreaks(raw: Buffer): Buffer {
  const text = raw.toString("latin1");
  return /(?<!\r)\n|\r(?!\n)/.test(text) ? Buffer.from(text.replace(/\r\n|\r|\n/g, "\r\n"), "latin1") : raw;
}
