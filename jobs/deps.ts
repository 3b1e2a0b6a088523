import type { Instant } from "../src/core/instant.ts";
import type { Keys } from "../src/core/keys.ts";
import type { Mailer } from "../src/core/letter.ts";
import type { Beginning, Ending } from "../src/store/attempts.ts";
import type { Database } from "../src/store/database.ts";
import type { JobName } from "./job.ts";
import type { Reader } from "./take-in.ts";
import type { TransportHealth } from "./transport-health.ts";

/** What jobs work with. Made once by the composition root; tests make their own. */
export interface Deps {
  readonly db: Database;
  readonly keys: Keys;
  readonly log: Log;
  now(): Instant;
  /** Hands over work; never throws. A lost wake-up costs the time to the job's next sweep. */
  wake(job: JobName, payload?: unknown): void;
  /** Hands over one run of a job for each payload; whether they were taken. */
  wakeMany(job: JobName, payloads: readonly unknown[]): Promise<boolean>;
  /** Reads deliveries, by platform. */
  readonly readers: Readonly<Record<string, Reader>>;
  readonly mailer: Mailer;
  /** The gate, asked by many mails at once and answered in one statement. */
  begin(beginning: Beginning): Promise<boolean>;
  /** Writes down how an attempt ended; many at once in one statement. */
  end(ending: Ending): Promise<void>;
  readonly health: TransportHealth;
  /** How many times shorter than usual leases, sweeps and waits between attempts are: 1, except in test runs (`TEST_HASTE`). */
  readonly haste: number;
  readonly instance: InstanceGuard;
  readonly counters: Counters;
}

/** Keeps a copy of this installation from sending (clone safety). */
export interface InstanceGuard {
  /** `false`: nothing may be claimed or sent. Throws while it can't be told. */
  maySend(): Promise<boolean>;
  /** To be called after mail was claimed, before it is sent, and now and then. */
  advance(): Promise<void>;
}

export interface Log {
  debug(details: object, message: string): void;
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

export interface Counters {
  /** A mail was accepted; from due to accepted, in seconds. */
  sent(category: string): void;
  /** How long one SMTP transaction took, in seconds. */
  sendSeconds(seconds: number): void;
  deliveryTaken(outcome: string): void;
}
