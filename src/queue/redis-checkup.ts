import { Redis } from "ioredis";
import { within } from "./within.ts";

/** What one node of Redis says of itself. */
export type RedisCheckup =
  | {
      readonly kind: "answers";
      /** `host:port`. */
      readonly node: string;
      readonly version: string;
      /** What it does when its memory is full: BullMQ needs `noeviction`. `null`: it does not say. */
      readonly policy: string | null;
    }
  | { readonly kind: "silent"; readonly node: string; readonly reason: string };

/** Asks one node for its version and its eviction policy, within 5 s. The URL has been checked before. Never throws. */
export async function checkRedis(url: string): Promise<RedisCheckup> {
  const node = new URL(url).host;
  const client = new Redis(url, {
    lazyConnect: true,
    connectTimeout: 5_000,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
    protocol: 2,
    replyMapping: "legacy",
  });
  let lastError: unknown = null;
  client.on("error", (error) => {
    lastError = error;
  });
  const asking = client.connect().then(async () => `${await client.info("server")}\n${await client.info("memory")}`);
  asking.catch((error: unknown) => {
    lastError ??= error;
  });
  const info = await within(5_000, asking, null);
  client.disconnect();
  if (info === null) return { kind: "silent", node, reason: lastError === null ? "no answer within 5 seconds" : reasonOf(lastError) };
  const version = field(info, "valkey_version") ?? field(info, "redis_version") ?? "unknown";
  return { kind: "answers", node, version, policy: field(info, "maxmemory_policy") };
}

function field(info: string, name: string): string | null {
  return new RegExp(`^${name}:(.*?)\\r?$`, "m").exec(info)?.[1] ?? null;
}

function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  return error instanceof Error ? error.message || ("code" in error ? String(error.code) : error.name) : String(error);
}
