import { expect, test } from "vitest";
import { atEndOfFile } from "../support/clean-up.ts";
import { startProcess, temporaryFolder } from "../support/process.ts";
import { clientOf, connectShop, standardOrder, token } from "../support/service.ts";
import { startSink } from "../support/smtp-sink.ts";

const orders = 40;

test("kill -9 while webhooks are taken and mail goes out loses nothing, and doubles order mail at most, under the same Message-ID", async () => {
  const sink = await startSink();
  atEndOfFile(() => sink.stop());
  const env = {
    DATA_DIR: await temporaryFolder(),
    API_TOKEN: token,
    SMTP_URL: `${sink.url}?connections=2`,
    CLOCK: "manual:2026-01-20T18:00:00Z",
  };
  let running = await startProcess(env);
  const shop = await connectShop(clientOf(running.url));
  let standing = { ...clientOf(running.url) };

  for (let number = 1; number <= orders; number++) {
    const order = standardOrder({ id: `o-${number}`, number: String(number), buyer: { email: `b${number}@buyer.example`, name: "Bo" } });
    expect(await shop.event("order.placed", "2026-01-20T17:00:00Z", { order }, "2026-01-20T18:00:00Z")).toBe(202);
    const shipment = { id: `s-${number}`, carrier: "EMS", dispatchedAt: "2026-01-20T17:30:00Z" };
    expect(
      await shop.event("shipment.dispatched", "2026-01-20T17:30:00Z", { order: { id: `o-${number}` }, shipment }, "2026-01-20T18:00:00Z"),
    ).toBe(202);
  }

  // Each move of the clock is cut off once some more mails have gone out; the next life goes on where the last one ended.
  let at = Date.parse("2026-01-20T18:00:00Z");
  for (let life = 0; life < 4; life++) {
    const before = sink.mails().length;
    const moving = standing.moveTo(new Date(at).toISOString()).catch(() => null);
    if (life < 3) await sink.waitFor(Math.min(before + 7, orders)).catch(() => undefined);
    if (life === 3) await moving;
    else await running.kill();
    await moving;
    if (life < 3) {
      running = await startProcess(env);
      standing = clientOf(running.url);
    }
    at += 60 * 60_000;
  }

  const copies = new Map<string, Set<string>>();
  for (const mail of sink.mails()) {
    const [to = ""] = mail.envelope.to;
    copies.set(to, (copies.get(to) ?? new Set()).add(mail.headers.find(({ key }) => key === "message-id")?.value ?? ""));
  }
  expect(copies.size).toBe(orders);
  for (const [to, ids] of copies) expect([to, ids.size]).toEqual([to, 1]);

  const sent = sink.mails().length;
  await standing.moveTo("2026-03-20T00:00:00Z");
  const care = sink.mails().slice(sent);
  expect(care).toHaveLength(2 * orders);
  expect(await running.stop()).toBe(0);
}, 120_000);
