import { randomUUID } from "node:crypto";
import { type Identity, type Standing, standingOf, wentBack } from "./core/instance.ts";
import type { Instant } from "./core/instant.ts";
import type { InstanceMark } from "./instance-mark.ts";
import type { Log } from "./log.ts";
import type { Database } from "./store/database.ts";
import { advanceInstance, claimInstance, holdInstance, readInstance, takeOverInstance } from "./store/instance.ts";

/** Sees to it that only one installation sends from a database: neither its copy nor an older state of it does, until an operator takes over. */
export interface Instance {
  /** Whether this process may send, as the database has it; up to a second old. The first ever asked makes the database its own. */
  standing(): Promise<Standing>;
  /** The same for whoever is about to send: before the first time the counter is compared with its mark. Throws when that can't be read. */
  maySend(): Promise<boolean>;
  /** Counts on, in the database and then at the mark: whenever mail was claimed, and now and then. */
  advance(): Promise<void>;
  /** Makes the database ours, and lets sending go on. */
  takeOver(): Promise<Standing>;
}

export interface InstanceParts {
  readonly db: Database;
  readonly identity: Identity;
  readonly mark: InstanceMark;
  now(): Instant;
  readonly log: Log;
}

const freshMs = 1_000;

export function openInstance({ db, identity, mark, now, log }: InstanceParts): Instance {
  let known: { readonly standing: Standing; readonly at: number } | null = null;
  /** The id whose counter was compared with its mark. */
  let compared: string | null = null;
  let highest = { id: "", counter: 0 };
  let told = "";
  let markFails = false;
  let last: Promise<void> = Promise.resolve();

  async function look(): Promise<Standing> {
    let record = await readInstance(db);
    if (record === null) {
      await claimInstance(db, randomUUID(), identity, now());
      record = await readInstance(db);
    }
    if (record === null) throw new Error("the table `instance` does not keep what is written to it");
    const standing = standingOf(record, identity);
    tell(standing);
    known = { standing, at: performance.now() };
    return standing;
  }

  function tell(standing: Standing): void {
    const says = standing.kind === "held" ? standing.because : "";
    if (says === told) return;
    told = says;
    if (standing.kind === "ours") log.info({}, "sending is not held any more");
    else
      log.error(
        { because: says, remedy: "npx afterword take-over" },
        "sending is held: this database is another installation's, or an older state",
      );
  }

  async function standing(): Promise<Standing> {
    return known !== null && performance.now() - known.at < freshMs ? known.standing : look();
  }

  async function hold(id: string, counter: number, seen: number): Promise<void> {
    await holdInstance(db, id, wentBack(counter, seen), now());
    await look();
  }

  async function countOn(): Promise<void> {
    const { kind, record } = await standing();
    if (kind === "held") return;
    const counter = await advanceInstance(db, record.id);
    if (counter === null) {
      await look();
      return;
    }
    // Put back while we run.
    if (highest.id === record.id && counter <= highest.counter) return hold(record.id, counter, highest.counter);
    highest = { id: record.id, counter };
    try {
      await mark.write(record.id, counter);
      markFails = false;
    } catch (error) {
      if (!markFails)
        log.warn(
          { error: String(error) },
          "the instance's counter can't be kept outside the database; a restored dump might not be noticed",
        );
      markFails = true;
    }
  }

  return {
    standing,
    async maySend() {
      const { kind, record } = await standing();
      if (kind === "held") return false;
      if (compared === record.id) return true;
      // The mark first: others count on meanwhile, and write it after the database.
      const seen = await mark.read(record.id);
      const fresh = await look();
      if (fresh.kind === "held" || fresh.record.id !== record.id) return false;
      if (seen !== null && seen > fresh.record.counter) {
        await hold(record.id, fresh.record.counter, seen);
        return false;
      }
      compared = record.id;
      return true;
    },
    advance() {
      // One after the other: two answers that overtake each other would look like a counter that went back.
      const turn = last.catch(() => undefined).then(countOn);
      last = turn;
      return turn;
    },
    async takeOver() {
      const before = await look();
      await takeOverInstance(db, randomUUID(), identity, now());
      log.warn({ was: before.kind === "held" ? before.because : "ours already" }, "an operator took this installation over");
      return look();
    },
  };
}
