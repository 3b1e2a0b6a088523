import { checkRedis } from "../../queue/redis-checkup.ts";
import { type Check, failed, ok, warning } from "./check.ts";

/** Whether Redis answers, and keeps what it is given. */
export async function checkQueue(redisUrls: readonly string[]): Promise<Check> {
  const name = "queue";
  if (redisUrls.length === 0) return ok(name, "REDIS_URL is not set: the queue lives in PostgreSQL");
  const nodes = await Promise.all(redisUrls.map(checkRedis));
  const silent = nodes.flatMap((node) => (node.kind === "silent" ? [`${node.node}: ${node.reason}`] : []));
  if (silent.length > 0) {
    return failed(
      name,
      `Redis does not answer: ${silent.join("; ")}`,
      "see whether it runs and whether REDIS_URL is right; planned mail is safe in PostgreSQL, and goes out when Redis is back",
    );
  }
  const evicting = nodes.flatMap((node) =>
    node.kind === "answers" && node.policy !== null && node.policy !== "noeviction" ? [`${node.node} has ${node.policy}`] : [],
  );
  if (evicting.length > 0) {
    return warning(
      name,
      `Redis may throw work away when its memory is full: ${evicting.join("; ")}`,
      "set maxmemory-policy to noeviction (`redis-cli config set maxmemory-policy noeviction`, and in its configuration)",
    );
  }
  const versions = nodes.flatMap((node) => (node.kind === "answers" ? [`${node.node}, version ${node.version}`] : []));
  return ok(name, `Redis answers: ${versions.join("; ")}`);
}
