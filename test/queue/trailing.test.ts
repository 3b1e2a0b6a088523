import { expect, test } from "vitest";
import { trailing } from "../../src/queue/trailing.ts";

test("calls that come during a sending are not covered by it, but all by one after it", async () => {
  const sendings: ((answer: boolean) => void)[] = [];
  const call = trailing(() => new Promise((resolve) => sendings.push(resolve)));

  const first = call();
  const [second, third] = [call(), call()];
  expect(sendings).toHaveLength(1);
  sendings[0]?.(true);
  expect(await first).toBe(true);
  await Promise.resolve();
  expect(sendings).toHaveLength(2);
  const fourth = call();
  sendings[1]?.(false);
  expect(await Promise.all([second, third])).toEqual([false, false]);
  await Promise.resolve();
  expect(sendings).toHaveLength(3);
  sendings[2]?.(true);
  expect(await fourth).toBe(true);

  const later = call();
  expect(sendings).toHaveLength(4);
  sendings[3]?.(true);
  expect(await later).toBe(true);
});
