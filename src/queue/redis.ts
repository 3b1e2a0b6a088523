import { QueueKeys, RedisConnection, RedisQueueBackend } from "bullmq";
import { Cluster, Redis, type RedisOptions } from "ioredis";
import type { Hand } from "./hand.ts";
import { describe, watchOutages } from "./outage.ts";
import type { Log } from "./queue.ts";
import { within } from "./within.ts";

const reconnectMs = 500;

/**
 * Redis, Valkey or a Cluster of them. One connection for all commands of this process, and one for each job it works on, which waits.
 *
 * The prefix is a hash tag, so that in a Cluster all keys of a queue live on one node, as BullMQ's scripts need.
 */
export function redisHand(urls: readonly string[], prefix: string, log: Log): Hand {
  const nodes = nodesOf(urls);
  const outage = watchOutages(log, nodes.map(({ host, port }) => `${host}:${port}`).join(", "));
  const clients: (Redis | Cluster)[] = [];
  const open = (): Redis | Cluster => {
    const client = connect(nodes);
    clients.push(client);
    // Not 0: BullMQ adds to the number and would make a limit of it.
    client.setMaxListeners(Number.POSITIVE_INFINITY);
    return client;
  };
  const main = open();
  let lastError = "not connected yet";
  const keyPrefix = `{${prefix}}`;

  main.on("ready", outage.up);
  main.on("error", (error) => {
    lastError = describe(error);
    outage.down(error);
  });
  main.on("close", () => outage.down(new Error("the connection was closed")));

  /** A client without a listener writes its errors to the console, and BullMQ takes its own off when a worker closes. */
  function openWaiting(): Redis | Cluster {
    return open().on("error", outage.trouble);
  }

  return {
    factory(name, options, use = {}) {
      const keys = new QueueKeys(keyPrefix);
      const waiting = use.withBlockingConnection === true ? new RedisConnection(openWaiting(), { blocking: true }) : undefined;
      const commands = new RedisConnection(main, { shared: true, blocking: false });
      return new RedisQueueBackend(commands, name, keys.getKeys(name), (type) => keys.toKey(name, type), options, waiting);
    },
    place: { connection: {}, prefix: keyPrefix },
    drainDelay: 5,
    nameOf: (job) => job,
    onUp: (listener) => void main.on("ready", listener),
    up: () => main.status === "ready",
    trouble: outage.trouble,
    async reached(ms) {
      const ready = new Promise<true>((resolve) => {
        if (main.status === "ready") resolve(true);
        else main.once("ready", () => resolve(true));
      });
      const reached = await within(ms, ready, false);
      if (!reached) outage.down(new Error(`no answer within ${ms} ms`));
      return reached;
    },
    async check() {
      if (main.status !== "ready") return { ok: false, reason: `not connected to Redis: ${lastError}` };
      const answer = main.ping().then(
        () => "",
        (error) => describe(error),
      );
      const trouble = await within(1_000, answer, "no answer from Redis within a second");
      return trouble === "" ? { ok: true } : { ok: false, reason: trouble };
    },
    async tidy(queues) {
      // An emptied server has forgotten how many events each queue may keep, and BullMQ would fall back to 10,000.
      await Promise.all(queues.map((queue) => queue.getBackend().setQueueMeta(queue.metaValues)));
    },
    async end() {
      outage.end();
      for (const client of clients) client.disconnect();
    },
  };
}

/** A connection, or a Cluster's, which goes on trying by itself. Whoever opens it listens for its errors and disconnects it. */
export function openRedis(urls: readonly string[]): Redis | Cluster {
  return connect(nodesOf(urls));
}

function nodesOf(urls: readonly string[]): readonly [Node, ...Node[]] {
  const [first, ...others] = urls.map(readUrl);
  if (first === undefined) throw new Error("REDIS_URL names no server");
  return [first, ...others];
}

function connect(nodes: readonly [Node, ...Node[]]): Redis | Cluster {
  return nodes.length > 1 ? openCluster(nodes) : new Redis(nodes[0]);
}

type Node = RedisOptions & { readonly host: string; readonly port: number; readonly replyMapping: "legacy" };

function openCluster(nodes: readonly Node[]): Cluster {
  const { username, password, tls } = nodes[0] ?? {};
  return new Cluster(
    nodes.map(({ host, port }) => ({ host, port })),
    {
      redisOptions: { ...common, ...(username && { username }), ...(password && { password }), ...(tls && { tls }) },
      clusterRetryStrategy: () => reconnectMs,
      // Managed clusters announce names that their certificates carry; resolving them first would make the certificate's check fail.
      ...(tls && { dnsLookup: (host: string, found: (error: null, address: string) => void) => found(null, host) }),
    },
  );
}

/** BullMQ's blocking reads may not give up after some retries, and it is written for RESP 2 replies. */
const common = { maxRetriesPerRequest: null, protocol: 2, replyMapping: "legacy", keepAlive: 10_000, connectTimeout: 5_000 } as const;

/** Reads `redis[s]://[user:password@]host[:port][/database]`. Throws on anything else, without quoting the password. */
function readUrl(text: string): Node {
  if (!URL.canParse(text)) throw new Error("REDIS_URL holds something that is not a URL");
  const url = new URL(text);
  if (url.protocol !== "redis:" && url.protocol !== "rediss:")
    throw new Error(`REDIS_URL must be redis:// or rediss://, not ${url.protocol}//`);
  const database = url.pathname.slice(1);
  if (database !== "" && !/^\d{1,4}$/.test(database)) throw new Error(`REDIS_URL ends in a database number, not in "${database}"`);
  const host = url.hostname.replace(/^\[|\]$/g, "");
  return {
    ...common,
    retryStrategy: () => reconnectMs,
    host: host || "127.0.0.1",
    port: url.port === "" ? 6_379 : Number(url.port),
    ...(url.username !== "" && { username: decodeURIComponent(url.username) }),
    ...(url.password !== "" && { password: decodeURIComponent(url.password) }),
    ...(database !== "" && { db: Number(database) }),
    ...(url.protocol === "rediss:" && { tls: {} }),
  };
}
