import type { Log } from "./queue.ts";

/** Turns the thousands of errors of one outage into two lines: gone, and back after so long. */
export interface Outage {
  /** The connection was lost, or could not be made. */
  down(error: unknown): void;
  /** The server answered. */
  up(): void;
  /** An error met while working: part of an outage if there is one or begins within 2 s, else told once a minute for each message, whatever ids it names. */
  trouble(error: unknown): void;
  /** No more lines: connections are being closed on purpose. */
  end(): void;
}

const repeatedAfterMs = 60_000;
/** An error may come before the news that it was the first of an outage; so long it waits to be told. */
const doubtMs = 2_000;

export function watchOutages(log: Log, server: string): Outage {
  let downSince: number | null = null;
  let ended = false;
  const told = new Map<string, number>();
  const doubts = new Set<NodeJS.Timeout>();

  function down(error: unknown): void {
    if (ended || downSince !== null) return;
    downSince = performance.now();
    forgetDoubts();
    log.warn({ server, error: describe(error) }, "the queue's server is away; due work waits for the next sweep after its return");
  }

  return {
    down,
    up() {
      if (ended || downSince === null) return;
      log.info({ server, awayMs: Math.round(performance.now() - downSince) }, "the queue's server is back");
      downSince = null;
      told.clear();
    },
    trouble(error) {
      if (ended || downSince !== null) return;
      const message = describe(error);
      const now = performance.now();
      const kind = message.replace(/\S*\d\S*/g, "#");
      if (now - (told.get(kind) ?? Number.NEGATIVE_INFINITY) < repeatedAfterMs) return;
      told.set(kind, now);
      const doubt = setTimeout(() => {
        doubts.delete(doubt);
        log.warn({ server, error: message }, "the queue met an error");
      }, doubtMs);
      doubts.add(doubt);
      doubt.unref();
    },
    end() {
      ended = true;
      forgetDoubts();
    },
  };

  function forgetDoubts(): void {
    for (const doubt of doubts) clearTimeout(doubt);
    doubts.clear();
  }
}

/**
 * An error's name, code and message, without what drivers hang on it: PostgreSQL's `detail` quotes rows, and rows name buyers.
 * Of several tried addresses the first one's error speaks for all.
 */
export function describe(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return describe(error.errors[0]);
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error && typeof error.code === "string" && !error.message.includes(error.code) ? ` (${error.code})` : "";
  const cause = error.cause instanceof Error ? `; because of ${describe(error.cause)}` : "";
  return `${error.name}: ${error.message}${code}${cause}`;
}
