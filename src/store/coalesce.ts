/**
 * Turns many single calls into few batched ones: what is asked for while a batch is under way goes out together in the next.
 *
 * Without `gather` nobody waits on a timer: an idle coalescer starts at the end of the current turn of the event loop, a busy one as soon
 * as a batch has ended, so batches grow just as far as the load makes them. `run` gets at most `maxBatch` items, in order, whose
 * `weigh`ed sum stays under `maxWeight` (one item alone may exceed it), and must answer one result per item. When it throws,
 * every caller of that batch gets the error.
 */
export function coalesce<In, Out>(
  run: (batch: readonly In[]) => Promise<readonly Out[]>,
  { maxBatch = 200, parallel = 2, weigh = () => 1, maxWeight = Number.POSITIVE_INFINITY, gather }: CoalesceOptions<In> = {},
): (item: In) => Promise<Out> {
  const waiting: Call<In, Out>[] = [];
  let running = 0;
  let scheduled = false;
  let gathering: NodeJS.Timeout | undefined;

  return (item) =>
    new Promise<Out>((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      schedule();
    });

  /** Starts what waits: soon, or when enough of it has come together. */
  function schedule(): void {
    if (scheduled || running >= parallel || waiting.length === 0) return;
    if (gather !== undefined && waiting.length < gather.enough) {
      gathering ??= setTimeout(start, gather.ms);
      return;
    }
    scheduled = true;
    setImmediate(start);
  }

  function start(): void {
    scheduled = false;
    clearTimeout(gathering);
    gathering = undefined;
    while (running < parallel && waiting.length > 0) void flush(nextBatch());
  }

  function nextBatch(): readonly Call<In, Out>[] {
    let weight = 0;
    let size = 0;
    for (const call of waiting) {
      weight += weigh(call.item);
      if (size > 0 && (size >= maxBatch || weight > maxWeight)) break;
      size += 1;
    }
    return waiting.splice(0, size);
  }

  async function flush(batch: readonly Call<In, Out>[]): Promise<void> {
    running += 1;
    try {
      const results = await run(batch.map((call) => call.item));
      if (results.length !== batch.length) throw new Error(`a batch of ${batch.length} was answered with ${results.length} results`);
      batch.forEach((call, index) => {
        call.resolve(results[index] as Out); // the lengths are equal
      });
    } catch (error) {
      for (const call of batch) call.reject(error);
    } finally {
      running -= 1;
      if (gather === undefined) start();
      else schedule();
    }
  }
}

export interface CoalesceOptions<In> {
  /** Items in one batch at most, 200 by default. */
  readonly maxBatch?: number;
  /** Batches under way at once, 2 by default: one on its way while the next fills. */
  readonly parallel?: number;
  /** What an item weighs, 1 by default. */
  readonly weigh?: (item: In) => number;
  readonly maxWeight?: number;
  /** Lets a batch wait up to `ms` milliseconds for its first `enough` items, where a statement a call would cost more than the wait. */
  readonly gather?: { readonly ms: number; readonly enough: number };
}

interface Call<In, Out> {
  readonly item: In;
  readonly resolve: (result: Out) => void;
  readonly reject: (error: unknown) => void;
}
