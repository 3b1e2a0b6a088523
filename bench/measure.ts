/** Several runs of one thing, in units a second. */
export interface Figure {
  readonly median: number;
  readonly runs: readonly number[];
}

/** Further figures of a run, by name and unit: `"worker CPU ms"`. */
export type Also = Readonly<Record<string, number>>;

/** What one run found: units a second, and what else was counted. */
export type Run = number | { readonly perSecond: number; readonly also: Also };

/** One line of the table: what the service does, next to the least that anybody would have to do for it, measured in the same run. */
export interface Row {
  readonly key: string;
  readonly name: string;
  /** What is counted, a second. */
  readonly unit: string;
  readonly ours: Figure;
  readonly limit: Figure & { readonly what: string };
  /** Ours by the limit's; 1 would be the limit itself. */
  readonly ratio: number;
  /** The ratio that is wanted; `null` when the limit is only there to compare machines by. */
  readonly target: number | null;
  /** Medians of what else was counted. */
  readonly also: Also;
}

export interface Comparison {
  readonly key: string;
  readonly name: string;
  readonly unit: string;
  readonly limitedBy: string;
  readonly target: number | null;
  readonly rounds: number;
  /** One run of each. */
  readonly limit: (round: number) => Promise<Run>;
  readonly ours: (round: number) => Promise<Run>;
}

/** Runs limit and ours by turns, so that a machine that slows down slows both, and takes the medians. */
export async function compare({ key, name, unit, limitedBy, target, rounds, limit, ours }: Comparison): Promise<Row> {
  const limits: Run[] = [];
  const own: Run[] = [];
  for (let round = 0; round < rounds; round += 1) {
    limits.push(await limit(round));
    own.push(await ours(round));
  }
  const limitFigure = figure(limits);
  const ownFigure = figure(own);
  const ratio = ownFigure.median / limitFigure.median;
  return { key, name, unit, ours: ownFigure, limit: { what: limitedBy, ...limitFigure }, ratio, target, also: alsoOf([...own, ...limits]) };
}

function figure(runs: readonly Run[]): Figure {
  const speeds = runs.map((run) => (typeof run === "number" ? run : run.perSecond));
  return { median: median(speeds), runs: speeds };
}

function alsoOf(runs: readonly Run[]): Also {
  const all = runs.flatMap((run) => (typeof run === "number" ? [] : Object.entries(run.also)));
  const names = [...new Set(all.map(([name]) => name))];
  return Object.fromEntries(names.map((name) => [name, median(all.flatMap(([of, value]) => (of === name ? [value] : [])))]));
}

/** The middle one, or the mean of the two in the middle. Throws on none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const high = sorted[Math.floor(sorted.length / 2)];
  const low = sorted[Math.ceil(sorted.length / 2) - 1];
  if (high === undefined || low === undefined) throw new Error("there is no median of nothing");
  return (high + low) / 2;
}

/** How many a second, `count` of them having taken what `work` takes. */
export async function perSecond(count: number, work: () => Promise<unknown>): Promise<number> {
  const before = performance.now();
  await work();
  return count / ((performance.now() - before) / 1_000);
}
