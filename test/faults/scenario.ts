import type { Chance } from "./random.ts";
import type { StandOptions } from "./stand.ts";

/** One fault of standards 5.3, and what must hold in spite of it. Throws what does not. */
export interface Scenario {
  /** `F1`; several may share one. */
  readonly fault: string;
  readonly title: string;
  /** How much of it the full run does; part of its name. */
  readonly full: string;
  /** How much of it the short run does, which every change passes; absent: nothing. */
  readonly short?: string;
  /** `redis`: only with the queue there. `once`: what is tested is the same on both backends. */
  readonly on?: "redis" | "once";
  /** Runs only when asked for by its number: it takes long. */
  readonly asked?: true;
  /** Answers what it found, for the table. A sentence says why it could not be tried on this machine. */
  run(bench: Bench): Promise<Readonly<Record<string, number>> | string>;
}

/** What a scenario works with. */
export interface Bench {
  readonly chance: Chance;
  /** The short run: few of everything. */
  readonly quick: boolean;
  /** Where the queue lives; to be handed to `openStand`. */
  readonly backend: Pick<StandOptions, "redisUrl">;
  /** A Redis of its own that can be ended; only where the queue lives in Redis. */
  readonly redis: OwnRedis | null;
}

export interface OwnRedis {
  readonly url: string;
  flush(): Promise<void>;
  /** As a power cut would. */
  kill(): Promise<void>;
  /** At the same address, with what its log has of before. */
  restart(): Promise<void>;
  /** Cuts the last `bytes` off its log, while it is down. */
  cutLog(bytes: number): Promise<void>;
  command(...words: string[]): Promise<unknown>;
}
