/** Several runs of one thing, in units a second. */
export interface Figure {
  readonly median: number;
  readonly runs: readonly number[];
}

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
}

export interface Comparison {
  readonly key: string;
  readonly name: string;
  readonly unit: string;
  readonly limitedBy: string;
  readonly rounds: number;
  /** One run of each; answers units a second. */
  readonly limit: (round: number) => Promise<number>;
  readonly ours: (round: number) => Promise<number>;
}

/** Runs limit and ours by turns, so that a machine that slows down slows both, and takes the medians. */
export async function compare({ key, name, unit, limitedBy, rounds, limit, ours }: Comparison): Promise<Row> {
  const limits: number[] = [];
  const own: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    limits.push(await limit(round));
    own.push(await ours(round));
  }
  const limitFigure = figure(limits);
  const ownFigure = figure(own);
  return { key, name, unit, ours: ownFigure, limit: { what: limitedBy, ...limitFigure }, ratio: ownFigure.median / limitFigure.median };
}

function figure(runs: readonly number[]): Figure {
  return { median: median(runs), runs };
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
