import type { Finding } from "./checker.ts";
import type { Chance } from "./random.ts";
import type { StandOptions } from "./stand.ts";

/** One fault of standards 5.3, and what must hold in spite of it. Throws what does not. */
export interface Scenario {
  /** `F1`; several may share one. */
  readonly fault: string;
  readonly title: string;
  /** Also in the short run, which every change passes. */
  readonly quick: boolean;
  /** `redis`: only with the queue there. `once`: what is tested is the same on both backends. */
  readonly on?: "redis" | "once";
  run(bench: Bench): Promise<Finding | string>;
}

/** What a scenario works with. */
export interface Bench {
  readonly chance: Chance;
  /** The short run: few of everything. */
  readonly quick: boolean;
  /** Where the queue lives; to be handed to `openStand`. */
  readonly backend: Pick<StandOptions, "redisUrl">;
  /** A Redis of its own that can be ended; only where the queue lives in Redis. */
  readonly redis: {
    flush(): Promise<void>;
    kill(): Promise<void>;
    restart(): Promise<void>;
    command(...words: string[]): Promise<unknown>;
  } | null;
}
