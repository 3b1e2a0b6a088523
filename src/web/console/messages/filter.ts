import { isId } from "../../../core/ids.ts";
import type { Instant } from "../../../core/instant.ts";
import { type Category, categories, type MessageState, messageStates } from "../../../core/timetable.ts";
import type { ShopVisit } from "../route.ts";
import { dayStart } from "./days.ts";

/** What of the ledger is looked at, as the address says it; nonsense counts as not said. */
export interface MessageFilter {
  /** `null`: whatever their state. */
  readonly states: readonly MessageState[] | null;
  readonly category: Category | null;
  readonly step: string | null;
  /** `YYYY-MM-DD` in the shop's zone. */
  readonly day: string | null;
  readonly due: readonly [Instant, Instant] | null;
  readonly after: string | null;
}

export function filterOf({ url, shop }: ShopVisit): MessageFilter {
  const query = url.searchParams;
  const state = query.get("state");
  const category = categories.find((one) => one === query.get("category")) ?? null;
  const step = query.get("step");
  const day = query.get("day");
  const cursor = query.get("cursor");
  const from = day === null ? null : dayStart(shop.timeZone, day, 0);
  const to = day === null ? null : dayStart(shop.timeZone, day, 1);
  return {
    states: messageStates.some((one) => one === state) ? messageStates.filter((one) => one === state) : null,
    category,
    step: step !== null && /^[a-z0-9-]{1,60}$/.test(step) ? step : null,
    day: from === null ? null : day,
    due: from === null || to === null ? null : [from, to],
    after: cursor !== null && isId(cursor) ? cursor : null,
  };
}

export function isFiltered({ states, category, step, due }: MessageFilter): boolean {
  return states !== null || category !== null || step !== null || due !== null;
}
