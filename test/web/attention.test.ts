import { expect, test } from "vitest";
import { attentionKinds } from "../../src/core/attention.ts";
import { commandsFor } from "../cli/set-up.ts";
import { connectShop, standardOrder, startService } from "../support/service.ts";

test("a shop says what needs a look, in the API, on the command line and in the metrics; nothing when all is well", async () => {
  const service = await startService({ start: "2026-01-20T08:00:00Z" });
  const shop = await connectShop(service, { name: "Lantern" });
  const { says, json } = commandsFor(service);
  const path = `/shops/${shop.shopId}/attention`;
  await service.moveTo("2026-01-20T08:00:00Z");
  expect(await service.ok("GET", path)).toEqual({ findings: [] });
  expect(await says("shop", "attention")).toBe("Nothing needs you.\n");

  await shop.event("order.placed", "2026-01-20T08:00:00Z", { order: { id: "unreadable" } });
  await shop.event("order.placed", "2026-01-20T08:00:00Z", { order: standardOrder() });
  await service.moveTo("2026-01-24T08:00:00Z");
  const { findings } = await service.ok("GET", path);
  expect(findings.map(({ kind, count }: { kind: string; count: number }) => [kind, count])).toEqual([
    ["source-silent", 1],
    ["source-silent", 1],
    ["source-silent", 1],
    ["quarantine", 1],
  ]);
  const quarantine = findings.at(-1);
  expect(quarantine).toMatchObject({ detail: "1 webhook of standard could not be read.", since: "2026-01-20T08:00:00.000Z" });
  expect(quarantine.where).toBe(`/api/v1/sources/${quarantine.about}/quarantine`);
  // Where it says to look there is more of it.
  expect((await service.ok("GET", quarantine.where.replace("/api/v1", ""))).deliveries).toHaveLength(1);
  expect(await says("shop", "attention")).toMatch(/^quarantine +1 webhook of standard could not be read\. +\/api\/v1\/sources\//m);
  expect(await json("shop", "attention")).toEqual({ findings });

  const metrics = await (await fetch(`${service.url}/metrics`)).text();
  const counted = Object.fromEntries(
    attentionKinds.map((kind) => [kind, new RegExp(`^afterword_findings\\{kind="${kind}"\\} (\\d+)$`, "m").exec(metrics)?.[1]]),
  );
  expect(counted).toMatchObject({ quarantine: "1", "source-silent": "3", "mail-late": "0" });
});
