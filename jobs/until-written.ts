import { setTimeout as pause } from "node:timers/promises";
import { errorText } from "../src/store/sql-state.ts";
import type { Log } from "./deps.ts";

const waitsMs = [100, 250, 500, 1_000, 2_000, 5_000] as const;
/** As long as a lease: after that somebody else has taken the message for lost. */
const giveUpMs = 120_000;

/**
 * Writes down what can't be asked again, such as that a mail was accepted: while PostgreSQL is away it is tried again and again, for as
 * long as the lease may hold. Rejects with the last error after that.
 */
export async function untilWritten(write: () => Promise<void>, log: Log): Promise<void> {
  const began = performance.now();
  for (let failures = 0; ; failures += 1) {
    try {
      return await write();
    } catch (error) {
      if (performance.now() - began > giveUpMs) throw error;
      if (failures === 0) log.warn({ error: errorText(error) }, "the end of an attempt could not be written down; trying again");
      await pause(waitsMs[Math.min(failures, waitsMs.length - 1)]);
    }
  }
}
