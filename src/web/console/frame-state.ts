import { attentionLimits } from "../../core/attention.ts";
import { type Instant, plus } from "../../core/instant.ts";
import type { Database } from "../../store/database.ts";
import { countOpenTasks } from "../../store/day-figures.ts";
import { countOpenErrands } from "../../store/errands.ts";
import { sourcesState } from "../../store/source-health.ts";

/** What the navigation says of a shop. */
export interface FrameState {
  /** Open tasks. */
  readonly tasks: number;
  /** Long work that goes on. */
  readonly errands: number;
  /** A source is silent, or something could not be read. */
  readonly sourcesNeedLook: boolean;
}

/** A source that was heard of before and is silent for this long is worth a look. */
export const { silentMs } = attentionLimits;

export async function frameState(db: Database, shopId: string, now: Instant): Promise<FrameState> {
  const [sources, tasks, errands] = await Promise.all([
    sourcesState(db, shopId, plus(now, -silentMs)),
    countOpenTasks(db, shopId),
    countOpenErrands(db, shopId),
  ]);
  return { tasks, errands, sourcesNeedLook: sources.silent > 0 || sources.quarantined > 0 };
}
