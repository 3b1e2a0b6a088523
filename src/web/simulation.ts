import type { Schedule } from "../core/schedule.ts";
import { Comparison, type Simulation } from "../core/simulate.ts";
import { loadForPlanning } from "../store/planning.ts";
import { ordersPlaced, type PlacedWithin } from "../store/simulate-orders.ts";
import type { WebDeps } from "./deps.ts";

/** So many orders lie in memory at a time, and this is how long other requests wait for one page: some milliseconds. */
const pageSize = 200;

/** One at a time in a process: a simulation takes all the computing there is, and two would both be late. */
let tail: Promise<unknown> = Promise.resolve();

export interface SimulationWish extends PlacedWithin {
  readonly before: Schedule;
  readonly after: Schedule;
  /** The shop's zone. */
  readonly zone: string;
}

/** Says what another schedule would have changed for real orders; writes nothing. Waits for those that were asked for earlier. */
export function simulate(deps: Pick<WebDeps, "db" | "keys">, { before, after, zone, ...within }: SimulationWish): Promise<Simulation> {
  const run = tail.then(() => compare(deps, within, new Comparison({ before, after, zone })));
  tail = run.catch(() => undefined);
  return run;
}

async function compare(deps: Pick<WebDeps, "db" | "keys">, within: PlacedWithin, comparison: Comparison): Promise<Simulation> {
  let loading = loadPage(deps, within, null);
  for (;;) {
    const { inputs, next } = await loading;
    if (next !== null) {
      // Fetched while this page is computed; a failure is heard when it is waited for.
      loading = loadPage(deps, within, next);
      loading.catch(() => undefined);
    }
    for (const input of inputs) comparison.add(input);
    if (next === null) return comparison.result();
  }
}

async function loadPage(deps: Pick<WebDeps, "db" | "keys">, within: PlacedWithin, after: string | null) {
  const orderIds = await ordersPlaced(deps.db, within, after, pageSize);
  const cases = await loadForPlanning(deps.db, deps.keys, { orderIds, lock: false });
  return { inputs: cases.map(({ input }) => input), next: orderIds.length < pageSize ? null : (orderIds.at(-1) ?? null) };
}
