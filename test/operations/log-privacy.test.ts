import { expect, test } from "vitest";
import { atEndOfFile } from "../support/clean-up.ts";
import { startProcess } from "../support/process.ts";
import { clientOf, connectShop, standardOrder, token } from "../support/service.ts";
import { freshDatabase } from "../support/services.ts";
import { startSink } from "../support/smtp-sink.ts";

const secretKey = "a secret key nobody may read, 32.";
const start = "2026-01-20T18:00:00Z";

/** Words that stand nowhere but in what buyers, their addresses and their texts are made of. */
const personal = ["philomena", "quackenbush", "tumbledown", "zephyrlane", "97299", "astrolabe", "spiderweb", "barnaby", "whiffletree"];

function orderOf(id: string, email: string, name: string) {
  return standardOrder({
    id,
    number: id,
    placedAt: "2026-01-20T09:00:00Z",
    buyer: {
      email,
      name,
      locale: "en-US",
      consents: [{ scope: "review", text: "Yes, Philomena may be asked", at: "2026-01-20T09:00:00Z" }],
    },
    shippingAddress: { country: "US", region: "OR", postalCode: "97299", city: "Tumbledown", street: "1 Zephyrlane" },
    items: [{ id: "i-1", sku: "X-1", title: "Brass astrolabe", quantity: 1, price: "49.90" }],
  });
}

test("a whole journey at LOG_LEVEL=trace, mishaps included, says nothing of who bought, where they live, what they wrote or what they were written (SEC-08)", async () => {
  const sink = await startSink();
  atEndOfFile(() => sink.stop());
  const { url: databaseUrl } = await freshDatabase();
  const service = await startProcess({
    DATABASE_URL: databaseUrl,
    SECRET_KEY: secretKey,
    API_TOKEN: token,
    SMTP_URL: sink.url,
    CLOCK: `manual:${start}`,
    LOG_LEVEL: "trace",
  });
  const client = clientOf(service.url);
  const shop = await connectShop(client);
  const buyers = [
    { id: "1", email: "philomena.quackenbush+shop@buyer.example", name: "Philomena Quackenbush" },
    { id: "2", email: "barnaby@full.example", name: "Barnaby Whiffletree" },
    { id: "3", email: "barnaby.gone@gone.example", name: "Barnaby Whiffletree" },
    { id: "4", email: "barnaby.later@later.example", name: "Barnaby Whiffletree" },
    { id: "5", email: "not an address of Philomena", name: "Philomena\u0000Quackenbush\ud800" },
  ];
  // Servers quote whom they refuse.
  sink.setBehaviour({
    rcpt: (address) =>
      address.includes("gone.example")
        ? { say: `550 5.1.1 <${address}>: Barnaby Whiffletree no longer works here` }
        : address.includes("full.example")
          ? { say: `452 4.2.2 the mailbox of ${address} is full` }
          : "ok",
    mail: (_from, count) => (count === 2 ? { say: "451 4.7.1 greylisted" } : "ok"),
  });
  for (const { id, email, name } of buyers) {
    expect(await shop.event("order.placed", start, { order: orderOf(id, email, name) })).toBe(202);
    const shipment = { id: `s-${id}`, carrier: "EMS", dispatchedAt: "2026-01-20T17:30:00Z" };
    expect(await shop.event("shipment.dispatched", start, { order: { id }, shipment })).toBe(202);
  }
  // What can't be read is quarantined, with what it says about a buyer in it.
  const broken = { ...orderOf("6", "philomena@quackenbush.example", "Philomena"), total: "a lot, says Philomena" };
  expect(await shop.event("order.placed", start, { order: broken })).toBe(202);
  expect(await shop.event("philomena.arrived", start, { order: { id: "1" } })).toBe(202);
  await client.moveTo("2026-01-20T19:00:00Z");
  const review = { id: "r-1", rating: 5, text: "Philomena says: cracked like a spiderweb" };
  expect(await shop.event("review.posted", "2026-01-20T19:00:00Z", { order: { id: "1" }, review })).toBe(202);
  expect(await client.moveTo("2026-02-28T00:00:00Z")).toBeGreaterThan(0);

  // What people and programs get wrong has addresses in it, too.
  const { orders } = await client.ok("GET", `/shops/${shop.shopId}/orders`);
  expect(orders.length).toBeGreaterThanOrEqual(5);
  const { messages } = await client.ok("GET", `/messages?shop=${shop.shopId}`);
  for (const { id } of messages.slice(0, 5)) await client.api("GET", `/messages/${id}/preview`);
  await client.ok("POST", `/shops/${shop.shopId}/suppressions`, {
    address: "philomena@quackenbush.example",
    scope: "all",
    reason: "Philomena asked",
  });
  expect(
    (await client.api("POST", `/shops/${shop.shopId}/suppressions`, { address: "philomena at quackenbush", scope: "al" })).status,
  ).toBe(422);
  expect((await client.api("GET", "/shops/philomena@quackenbush.example")).status).toBe(404);
  await fetch(`${service.url}/u/philomena@quackenbush.example`);
  expect((await fetch(`${service.url}/hooks/philomena@quackenbush.example`, { method: "POST", body: "Philomena" })).status).toBe(404);
  const links = sink
    .mails()
    .flatMap((mail) => [...mail.text.matchAll(/https?:\/\/localhost:\d+(\/[ub]\/[\w-]+)/g)].map(([, path]) => path ?? ""));
  expect(links.length).toBeGreaterThan(0);
  for (const path of links) expect((await fetch(service.url + path)).status).toBe(200);
  const unsubscribe = links.find((path) => path.startsWith("/u/"));
  const oneClick = { method: "POST", body: "List-Unsubscribe=One-Click", headers: { "content-type": "application/x-www-form-urlencoded" } };
  expect((await fetch(`${service.url}${unsubscribe}`, oneClick)).status).toBe(200);
  expect(await service.stop()).toBe(0);

  const lines = service.log;
  const outcomes = lines.flatMap((line) => (JSON.parse(line) as { outcome?: string }).outcome ?? []);
  expect(new Set(outcomes)).toEqual(new Set(["sent", "refused", "mailbox-full", "later", "stale"]));
  const said = sink
    .mails()
    .flatMap((mail) => [mail.subject, ...mail.text.split("\n")])
    .map((line) => line.trim());
  const secrets = [token, secretKey, ...links.map((path) => path.slice(3))];
  const forbidden = [...personal, ...secrets, ...said.filter((line) => line.length >= 20)].map((word) => word.toLowerCase());
  expect(forbidden.length).toBeGreaterThan(personal.length + secrets.length + 10);
  expect(lines.filter((line) => forbidden.some((word) => line.toLowerCase().includes(word)))).toEqual([]);
}, 120_000);
