import { openRedis } from "./redis.ts";
import { within } from "./within.ts";

const patienceMs = 2_000;

/**
 * A counter for each id, beside the queue in Redis, over a connection of its own. Each call throws when Redis does not answer within 2 s.
 *
 * An emptied Redis has forgotten them.
 */
export function redisMark(urls: readonly string[], prefix = "afterword") {
  const client = openRedis(urls);
  // The queue's own connection tells of outages.
  client.on("error", () => undefined);
  const key = (id: string) => `{${prefix}}:instance:${id}`;
  const answered = async <T>(asked: Promise<T>): Promise<T> => {
    const late = Symbol("late");
    const answer = await within(patienceMs, asked, late);
    if (answer === late) throw new Error("Redis, which keeps the instance's counter, does not answer");
    return answer as T; // not `late`
  };
  return {
    async read(id: string): Promise<number | null> {
      const text = await answered(client.get(key(id)));
      return text === null ? null : Number(text);
    },
    async write(id: string, counter: number): Promise<void> {
      await answered(client.set(key(id), String(counter)));
    },
    close: async (): Promise<void> => client.disconnect(),
  };
}
