/** One line of a body: its number from 1 on, and its bytes without the line's end; `null` when it was longer than allowed. */
export interface Line {
  readonly number: number;
  readonly bytes: Buffer | null;
}

const newline = 0x0a;

/**
 * Cuts a stream of bytes into lines, however they come.
 *
 * Of a line longer than `longest` bytes the rest is passed over, so that never more than that and a piece lies in memory. The last line
 * needs no end.
 */
export async function* linesOf(pieces: AsyncIterable<Uint8Array>, longest: number): AsyncGenerator<Line> {
  let held: Buffer[] = [];
  let size = 0;
  let number = 0;
  const take = (piece: Buffer): void => {
    size += piece.length;
    if (size <= longest) held.push(piece);
    else held = [];
  };
  const end = (): Line => {
    number += 1;
    const line = { number, bytes: size > longest ? null : Buffer.concat(held) };
    held = [];
    size = 0;
    return line;
  };
  for await (const chunk of pieces) {
    const piece = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let start = 0;
    for (let at = piece.indexOf(newline); at !== -1; at = piece.indexOf(newline, start)) {
      take(piece.subarray(start, at));
      yield end();
      start = at + 1;
    }
    take(piece.subarray(start));
  }
  if (size > 0) yield end();
}
