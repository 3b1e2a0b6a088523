import { Agent, request } from "node:http";
import { compare, perSecond, type Row } from "./measure.ts";
import { orderCreated, shopifySecret, type Webhook } from "./payloads.ts";
import { apiToken, type Stage } from "./stage.ts";

export interface WebhooksSize {
  readonly rounds: number;
  /** Webhooks of one run. */
  readonly count: number;
}

/** At once, over as many connections that stay open. */
const concurrency = 32;
/** Each source takes 5,000 at once and 500 a second from then on. */
const sources = 4;

/** Webhooks a second into one web process, each durably stored before its answer. */
export async function benchWebhooks(stage: Stage, { rounds, count }: WebhooksSize): Promise<Row> {
  const bare = await stage.part("bare-hooks", { DATABASE_URL: (await stage.database()).url });
  const web = await stage.service({ DATABASE_URL: (await stage.database()).url, ROLE: "web" });
  const paths = await connectSources(web.port);
  const at = "2026-01-19T09:00:00-08:00";
  let next = 0;
  const some = (amount: number) => Array.from({ length: amount }, () => orderCreated(++next, at));
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency });
  const load = (port: number, to: readonly string[], amount: number) => {
    const webhooks = some(amount);
    return perSecond(amount, () => sendAll(agent, port, to, webhooks));
  };

  await load(bare.port, ["/"], Math.ceil(count / 4));
  await load(web.port, paths, Math.ceil(count / 4));
  const row = await compare({
    key: "webhooks",
    name: "Webhooks into one web process, signed, durably stored",
    unit: "webhooks",
    limitedBy: "@hono/node-server, HMAC, one single-row insert a request",
    target: 1.5,
    rounds,
    limit: () => load(bare.port, ["/"], count),
    ours: () => load(web.port, paths, count),
  });
  agent.destroy();
  await Promise.all([bare.stop(), web.stop()]);
  return row;
}

async function connectSources(port: number): Promise<readonly string[]> {
  const post = async (path: string, body: object): Promise<string> => {
    const response = await fetch(`http://127.0.0.1:${port}/api/v1${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${apiToken}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const answer: unknown = await response.json();
    if (typeof answer !== "object" || answer === null || !("id" in answer)) throw new Error(`POST ${path} answered ${response.status}`);
    return String(answer.id);
  };
  const from = { name: "Lantern", address: "hello@lantern.example" };
  const shop = await post("/shops", { name: "Lantern", timeZone: "Asia/Shanghai", locale: "en", country: "CN", from });
  const ids: string[] = [];
  for (let n = 0; n < sources; n += 1) ids.push(await post(`/shops/${shop}/sources`, { platform: "shopify", secret: shopifySecret }));
  return ids.map((id) => `/hooks/${id}`);
}

/** Sends all, so many at a time. Throws when one is not answered 202. */
async function sendAll(agent: Agent, port: number, paths: readonly string[], webhooks: readonly Webhook[]): Promise<void> {
  let next = 0;
  const sender = async () => {
    for (let index = next++; index < webhooks.length; index = next++) {
      const webhook = webhooks[index];
      if (webhook !== undefined) await send(agent, port, paths[index % paths.length] ?? "/", webhook);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, sender));
}

function send(agent: Agent, port: number, path: string, { body, headers }: Webhook): Promise<void> {
  return new Promise((resolve, reject) => {
    const call = request({ agent, port, host: "127.0.0.1", path, method: "POST", headers: { ...headers, "content-length": body.length } });
    call.on("error", reject);
    call.on("response", (response) => {
      response.resume();
      response.on("end", () =>
        response.statusCode === 202 ? resolve() : reject(new Error(`a webhook was answered ${response.statusCode}`)),
      );
    });
    call.end(body);
  });
}
