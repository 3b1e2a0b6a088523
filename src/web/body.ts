import type { WebContext } from "./caller.ts";

/** A request's body, or why there is none. */
export type BodyReading =
  | { readonly kind: "read"; readonly body: Buffer }
  | { readonly kind: "too-large" }
  /** It did not come within the time allowed. */
  | { readonly kind: "too-slow" }
  /** The caller hung up. */
  | { readonly kind: "broken" };

/**
 * Reads a body up to `maxBytes`, within `withinMs`.
 *
 * A body that says it is larger is not read at all, one that turns out larger is read no further (IN-14): never more than the limit and a
 * piece lies in memory. A caller who sends byte by byte holds nothing but the connection.
 */
export async function readBody(c: WebContext, { maxBytes, withinMs }: { maxBytes: number; withinMs: number }): Promise<BodyReading> {
  if (Number(c.req.header("content-length") ?? 0) > maxBytes) return { kind: "too-large" };
  const pieces = piecesOf(c);
  if (pieces === null) return { kind: "read", body: Buffer.alloc(0) };
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<"late">((resolve) => {
    timer = setTimeout(() => resolve("late"), withinMs);
  });
  const read: Uint8Array[] = [];
  let bytes = 0;
  try {
    for (;;) {
      const next = pieces.next();
      // Nobody waits for it any more once the time is up; that it then breaks is no news.
      next.catch(() => undefined);
      const piece = await Promise.race([next, late]);
      if (piece === "late") return { kind: "too-slow" };
      if (piece.done === true) return { kind: "read", body: Buffer.concat(read, bytes) };
      bytes += piece.value.byteLength;
      if (bytes > maxBytes) return { kind: "too-large" };
      read.push(piece.value);
    }
  } catch {
    return { kind: "broken" };
  } finally {
    clearTimeout(timer);
  }
}

/**
 * From Node's own stream where there is one: half the cost of the web stream around it. Ending early must not destroy it, or the caller would
 * never see the answer.
 */
export function piecesOf(c: WebContext): AsyncIterator<Uint8Array> | null {
  const incoming = c.env?.incoming;
  if (incoming !== undefined && "iterator" in incoming) return incoming.iterator({ destroyOnReturn: false })[Symbol.asyncIterator]();
  const stream = c.req.raw.body;
  return stream === null ? null : stream.values({ preventCancel: true })[Symbol.asyncIterator]();
}
