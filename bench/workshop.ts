import type { Deps } from "../jobs/deps.ts";
import { planBatch } from "../jobs/plan.ts";
import { takeInBatch } from "../jobs/take-in.ts";
import { TransportHealth } from "../jobs/transport-health.ts";
import { systemClock } from "../src/clock.ts";
import { defaultCaps } from "../src/core/caps.ts";
import { defaultSchedule } from "../src/core/default-schedule.ts";
import { newId } from "../src/core/ids.ts";
import { day24, plus } from "../src/core/instant.ts";
import { deriveKeys } from "../src/core/keys.ts";
import { mailboxTransport } from "../src/mail/mailbox-transport.ts";
import { openMailer } from "../src/mail/mailer.ts";
import { adapters } from "../src/sources/registry.ts";
import { openDatabase } from "../src/store/database.ts";
import { insertDeliveries } from "../src/store/deliveries.ts";
import { insertShop } from "../src/store/shops.ts";
import { insertSource } from "../src/store/sources.ts";
import { overrideFiles } from "../src/store/template-overrides.ts";
import { keepTemplate } from "../src/store/templates.ts";
import type { Webhook } from "./payloads.ts";
import { secretKey } from "./stage.ts";

/** The jobs on one database, in this process, without a queue; nothing is sent from here. */
export interface Workshop {
  readonly deps: Deps;
  readonly shopId: string;
  readonly sourceId: string;
  /** Stores webhooks as the web does. */
  store(webhooks: readonly Webhook[]): Promise<void>;
  /** Takes in and plans all that is stored. */
  takeInAndPlan(): Promise<void>;
  close(): Promise<void>;
}

/** Opens one on a migrated database that nobody uses: a shop with one Shopify source is made in it. */
export async function openWorkshop(
  url: string,
  schedule: { readonly steps: readonly { readonly key: string }[] } = defaultSchedule,
): Promise<Workshop> {
  const db = openDatabase({ url, connections: 4 });
  const keys = deriveKeys(secretKey);
  const now = () => systemClock.now();
  const silent = () => undefined;
  const transport = mailboxTransport(() => Promise.reject(new Error("nothing is sent from here")));
  const deps: Deps = {
    db,
    keys,
    log: { debug: silent, info: silent, warn: silent, error: silent },
    now,
    wake: silent,
    wakeMany: async () => true,
    readers: adapters,
    mailer: openMailer({
      transport,
      keys,
      publicUrl: "https://mail.lantern.example",
      keepTemplate: (kept) => keepTemplate(db, kept, now()),
      loadOverride: (wanted) => overrideFiles(db, wanted),
    }),
    begin: async () => false,
    end: async () => undefined,
    health: new TransportHealth(),
    haste: 1,
    instance: { maySend: async () => true, advance: async () => undefined },
    counters: { sent: silent, sendSeconds: silent, deliveryTaken: silent },
  };
  const shopId = newId(now());
  const sourceId = newId(now());
  const steps = schedule.steps.map(({ key }) => key);
  await insertShop(
    db,
    { ...shopFields, id: shopId, liveFrom: plus(now(), -90 * day24), createdAt: now(), updatedAt: now() },
    schedule,
    steps,
  );
  const source = { id: sourceId, shopId, platform: "shopify", domain: null, augments: null, oldSecret: null, lastDeliveryAt: null };
  await insertSource(db, { ...source, secret: Buffer.from("not needed here"), createdAt: now() });

  return {
    deps,
    shopId,
    sourceId,
    async store(webhooks) {
      for (let start = 0; start < webhooks.length; start += 200) {
        await insertDeliveries(
          db,
          webhooks.slice(start, start + 200).map(({ topic, headers, body }) => {
            const receivedAt = now();
            return {
              id: newId(receivedAt),
              shopId,
              sourceId,
              key: headers["x-shopify-webhook-id"] ?? "",
              topic,
              headers,
              body,
              receivedAt,
            };
          }),
        );
      }
    },
    async takeInAndPlan() {
      while ((await takeInBatch(deps)) > 0);
      while ((await planBatch(deps, { dirty: 300 })).orders > 0);
    },
    close: () => db.destroy(),
  };
}

const shopFields = {
  name: "Lantern",
  timeZone: "Asia/Shanghai",
  locale: "en",
  country: "CN",
  fromName: "Lantern",
  fromAddress: "hello@lantern.example",
  replyTo: "help@lantern.example",
  postalAddress: "8 Nanjing Road, Shanghai, China",
  website: "https://lantern.example",
  logoUrl: null,
  color: null,
  reviewUrl: "https://lantern.example/review",
  signedBy: "Lin",
  sending: true,
  redirectTo: null,
  caps: defaultCaps,
  customerNotice: null,
  scheduleVersion: 1,
} as const;
