import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { atEndOfFile } from "../support/clean-up.ts";
import { type ServiceProcess, startProcess } from "../support/process.ts";
import { clientOf, connectShop, standardOrder, token } from "../support/service.ts";
import { freshDatabase, redisMissing } from "../support/services.ts";
import { type Sink, startSink } from "../support/smtp-sink.ts";
import { type RedisServer, startRedis } from "../support/test-redis.ts";

/*
 * The service as it grows up: `web` and `worker` processes with the system's clock. A webhook becomes a mail within seconds, and
 * neither a worker's death nor Redis's loses or doubles one.
 */

type Shop = Awaited<ReturnType<typeof connectShop>>;

const kinds = [
  { name: "PostgreSQL alone", redis: false },
  { name: "Redis", redis: true },
] as const;

describe.each(kinds)("web and worker on $name", ({ redis: wantsRedis }) => {
  const { redis: found } = inject("services");
  const path = found.kind === "program" ? found.path : null;
  const why = !wantsRedis
    ? undefined
    : found.kind === "shared"
      ? "TEST_REDIS_URL is given, and this needs one of its own to kill"
      : redisMissing();
  const story =
    why === undefined ? test : (name: string, _body: () => Promise<void>, _timeout?: number) => test.skip(`${name} [SKIPPED: ${why}]`);

  let sink: Sink;
  let redis: RedisServer | null = null;
  let env: Readonly<Record<string, string>> = {};
  let web: ServiceProcess;
  let worker: ServiceProcess;
  let shop: Shop;

  beforeAll(async () => {
    if (why !== undefined) return;
    sink = await startSink();
    atEndOfFile(() => sink.stop());
    if (wantsRedis && path !== null) redis = await startRedis({ path });
    env = {
      DATABASE_URL: (await freshDatabase()).url,
      SECRET_KEY: "a secret key for tests, 32 long..",
      API_TOKEN: token,
      SMTP_URL: sink.url,
      ...(redis === null ? {} : { REDIS_URL: redis.url }),
    };
    web = await startProcess({ ...env, ROLE: "web" });
    worker = await startProcess({ ...env, ROLE: "worker" });
    shop = await connectShop(clientOf(web.url));
  }, 60_000);

  afterAll(async () => {
    await redis?.stop();
  });

  /** An order with its parcel, by signed webhooks, now. */
  async function sells(id: string): Promise<string> {
    const now = new Date().toISOString();
    const email = `${id}@buyer.example`;
    const order = standardOrder({ id, number: id, placedAt: now, paidAt: now, buyer: { email, name: "Bo" } });
    expect(await shop.event("order.placed", now, { order })).toBe(202);
    const shipment = { id: `s-${id}`, carrier: "China Post EMS", trackingNumber: "EE123456785CN", dispatchedAt: now };
    expect(await shop.event("shipment.dispatched", now, { order: { id }, shipment })).toBe(202);
    return email;
  }

  function recipients(): readonly string[] {
    return sink.mails().flatMap(({ envelope }) => envelope.to);
  }

  story("a webhook becomes a mail within seconds; the worker serves no API and the web sends nothing by itself", async () => {
    const email = await sells("first");
    await sink.waitFor(1, 10_000);
    expect(recipients()).toEqual([email]);
    for (const process of [web, worker]) {
      expect((await fetch(`${process.url}/healthz`)).status).toBe(200);
      expect((await fetch(`${process.url}/readyz`)).status).toBe(200);
    }
    expect((await fetch(`${worker.url}/api/v1/shops`, { headers: { authorization: `Bearer ${token}` } })).status).toBe(404);
    const timetable = await entriesOf("first");
    expect(timetable.find(({ step }) => step === "dispatch-notice")?.state).toBe("sent");
    expect(timetable.find(({ step }) => step === "check-in")?.state).toBe("planned");
  });

  async function entriesOf(number: string): Promise<readonly { readonly step: string; readonly state: string }[]> {
    const client = clientOf(web.url);
    const { orders } = await client.ok("GET", `/shops/${shop.shopId}/orders?number=${number}`);
    return (await client.ok("GET", `/orders/${orders[0].id}/timetable`)).entries;
  }

  story(
    "kill -9 of the only worker: webhooks are still taken, and another worker sends their mail, each once",
    async () => {
      await worker.kill();
      const before = sink.mails().length;
      const emails = [await sells("orphan-1"), await sells("orphan-2")];
      expect(sink.mails()).toHaveLength(before);
      worker = await startProcess({ ...env, ROLE: "worker" });
      await sink.waitFor(before + 2, 20_000);
      expect(recipients().slice(before).sort()).toEqual(emails);
    },
    60_000,
  );

  story(
    "two workers share forty orders, and each mail goes once",
    async () => {
      const second = await startProcess({ ...env, ROLE: "worker" });
      const before = sink.mails().length;
      const emails: string[] = [];
      for (let number = 0; number < 40; number++) emails.push(await sells(`many-${number}`));
      await sink.waitFor(before + 40, 30_000);
      expect(recipients().slice(before).sort()).toEqual(emails.sort());
      expect(await second.stop()).toBe(0);
    },
    60_000,
  );

  if (wantsRedis) {
    story(
      "Redis dies with all it held and comes back empty: what came meanwhile was taken, and goes out",
      async () => {
        const before = sink.mails().length;
        const { port = 0 } = redis ?? {};
        await redis?.kill();
        const during = await sells("during");
        expect((await fetch(`${web.url}/healthz`)).status).toBe(200);
        await expect.poll(async () => (await fetch(`${worker.url}/readyz`)).status, { timeout: 15_000 }).toBe(503);
        expect(JSON.stringify(await (await fetch(`${worker.url}/readyz`)).json())).toContain("queue");
        redis = await startRedis({ path: path ?? "", port });
        const after = await sells("after");
        await sink.waitFor(before + 2, 40_000);
        expect(recipients().slice(before).sort()).toEqual([after, during].sort());
      },
      90_000,
    );
  }

  story(
    "SIGTERM ends both in good order, and nothing was sent twice",
    async () => {
      expect(await web.stop()).toBe(0);
      expect(await worker.stop()).toBe(0);
      expect(new Set(recipients()).size).toBe(recipients().length);
    },
    60_000,
  );
});
