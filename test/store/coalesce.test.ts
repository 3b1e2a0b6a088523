import { describe, expect, test } from "vitest";
import { coalesce } from "../../src/store/coalesce.ts";

/** A `run` whose batches end when the test says so. */
function held<In, Out>(answer: (item: In) => Out) {
  const batches: { readonly items: readonly In[]; end(): void; fail(error: Error): void }[] = [];
  const run = (items: readonly In[]) =>
    new Promise<readonly Out[]>((resolve, reject) => {
      batches.push({ items, end: () => resolve(items.map(answer)), fail: reject });
    });
  return { run, batches };
}

/** Lets everything that is ready happen. */
async function turns(count = 5): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

describe("single calls", () => {
  test("of one turn go out together, and each gets its own answer", async () => {
    const sizes: number[] = [];
    const double = coalesce(async (batch: readonly number[]) => {
      sizes.push(batch.length);
      return batch.map((item) => item * 2);
    });
    expect(await Promise.all([1, 2, 3].map(double))).toEqual([2, 4, 6]);
    expect(sizes).toEqual([3]);
  });

  test("that come while batches are under way go out together in the next: batches grow with the load", async () => {
    const { run, batches } = held((item: number) => item);
    const ask = coalesce(run, { parallel: 1 });
    const first = ask(0);
    await turns();
    const others = [1, 2, 3, 4, 5].map(ask);
    await turns();
    expect(batches.map((batch) => batch.items)).toEqual([[0]]);
    batches[0]?.end();
    expect(await first).toBe(0);
    await turns();
    expect(batches.map((batch) => batch.items)).toEqual([[0], [1, 2, 3, 4, 5]]);
    batches[1]?.end();
    expect(await Promise.all(others)).toEqual([1, 2, 3, 4, 5]);
  });

  test("keep at most `parallel` batches under way", async () => {
    const { run, batches } = held((item: number) => item);
    const ask = coalesce(run, { parallel: 2, maxBatch: 1 });
    const all = [1, 2, 3, 4].map(ask);
    await turns();
    expect(batches).toHaveLength(2);
    batches[0]?.end();
    await turns();
    expect(batches).toHaveLength(3);
    batches[1]?.end();
    batches[2]?.end();
    await turns();
    batches[3]?.end();
    expect(await Promise.all(all)).toEqual([1, 2, 3, 4]);
  });

  test("go out in the order in which they came, no more than `maxBatch` together", async () => {
    const seen: number[][] = [];
    const ask = coalesce(
      async (batch: readonly number[]) => {
        seen.push([...batch]);
        return batch;
      },
      { parallel: 1, maxBatch: 3 },
    );
    await Promise.all([1, 2, 3, 4, 5, 6, 7].map(ask));
    expect(seen).toEqual([[1, 2, 3], [4, 5, 6], [7]]);
  });

  test("weigh no more than `maxWeight` together, except one that alone weighs more", async () => {
    const seen: number[][] = [];
    const ask = coalesce(
      async (batch: readonly number[]) => {
        seen.push([...batch]);
        return batch;
      },
      { parallel: 1, maxWeight: 10, weigh: (item) => item },
    );
    await Promise.all([4, 6, 1, 50, 10, 3].map(ask));
    expect(seen).toEqual([[4, 6], [1], [50], [10], [3]]);
  });
});

describe("calls that may wait for others", () => {
  test("go as soon as enough have come, however far the time is off", async () => {
    const { run, batches } = held((item: number) => item);
    const ask = coalesce(run, { parallel: 1, gather: { ms: 3_600_000, enough: 3 } });
    const first = [1, 2].map(ask);
    await turns();
    expect(batches).toHaveLength(0);
    const others = [3, 4].map(ask);
    await turns();
    expect(batches.map((batch) => batch.items)).toEqual([[1, 2, 3, 4]]);
    batches[0]?.end();
    expect(await Promise.all([...first, ...others])).toEqual([1, 2, 3, 4]);
  });

  test("go when the time is over, however few they are, and those that came during a batch likewise", async () => {
    const seen: number[][] = [];
    const ask = coalesce(
      async (batch: readonly number[]) => {
        seen.push([...batch]);
        return batch;
      },
      { parallel: 1, gather: { ms: 1, enough: 100 } },
    );
    expect(await Promise.all([1, 2].map(ask))).toEqual([1, 2]);
    expect(await ask(3)).toBe(3);
    expect(seen).toEqual([[1, 2], [3]]);
  });
});

describe("an error", () => {
  test("reaches the callers of its batch, all of them, and nobody else", async () => {
    const { run, batches } = held((item: number) => item);
    const ask = coalesce(run, { parallel: 1, maxBatch: 2 });
    const answers = Promise.allSettled([1, 2, 3, 4].map(ask));
    await turns();
    batches[0]?.fail(new Error("the database is away"));
    await turns();
    batches[1]?.end();
    expect((await answers).map((answer) => (answer.status === "fulfilled" ? answer.value : String(answer.reason)))).toEqual([
      "Error: the database is away",
      "Error: the database is away",
      3,
      4,
    ]);
  });

  test("is what callers get when a batch is answered with too few results, rather than somebody else's answer", async () => {
    const ask = coalesce(async (batch: readonly number[]) => batch.slice(1));
    const answers = await Promise.allSettled([1, 2].map(ask));
    expect(answers.map((answer) => answer.status)).toEqual(["rejected", "rejected"]);
    await expect(ask(1)).rejects.toThrow("a batch of 1 was answered with 0 results");
  });

  test("does not end the work: what comes later is done", async () => {
    let calls = 0;
    const ask = coalesce(async (batch: readonly number[]) => {
      calls += 1;
      if (calls === 1) throw new Error("once");
      return batch;
    });
    await expect(ask(1)).rejects.toThrow("once");
    expect(await ask(2)).toBe(2);
  });
});
