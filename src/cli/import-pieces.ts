import { Failure } from "./failure.ts";

/** Whole lines of a file, as many as fit into one request. */
export interface Piece {
  readonly bytes: Buffer;
  /** Lines in it, empty ones included. */
  readonly lines: number;
}

/** What the service allows a line to be is 2 MiB; past this the file is no NDJSON at all. */
const longestLine = 4 * 1024 * 1024;
const newline = 0x0a;

/** Cuts a stream into pieces of whole lines, each about `size` bytes. No more than a piece and a line lies in memory. */
export async function* piecesOf(stream: AsyncIterable<Buffer>, size: number): AsyncGenerator<Piece> {
  let held: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    held.push(chunk);
    length += chunk.length;
    if (length < size) continue;
    const all = Buffer.concat(held, length);
    const end = all.lastIndexOf(newline) + 1;
    if (end === 0 && length > longestLine) {
      throw new Failure("there is a line of more than 4 MiB, so this is not a file of one JSON object a line (NDJSON)");
    }
    if (end > 0) yield pieceOf(all.subarray(0, end));
    held = [all.subarray(end)];
    length = all.length - end;
  }
  if (length > 0) yield pieceOf(Buffer.concat(held, length));
}

function pieceOf(bytes: Buffer): Piece {
  let lines = bytes.at(-1) === newline ? 0 : 1;
  for (let at = bytes.indexOf(newline); at !== -1; at = bytes.indexOf(newline, at + 1)) lines += 1;
  return { bytes, lines };
}
