import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { connectShop, standardOrder, startService } from "../support/service.ts";

const docs = join(import.meta.dirname, "../../docs");
const rules = z
  .object({
    groups: z.array(
      z.object({
        name: z.string(),
        rules: z.array(
          z.object({
            alert: z.string(),
            expr: z.string(),
            for: z.string().optional(),
            labels: z.object({ severity: z.enum(["page", "ticket"]) }),
            annotations: z.object({ summary: z.string(), description: z.string().optional() }),
          }),
        ),
      }),
    ),
  })
  .parse(parse(readFileSync(join(docs, "alerts.yml"), "utf8")))
  .groups.flatMap(({ rules: some }) => some);
const operating = readFileSync(join(docs, "operating.md"), "utf8");

/** The metrics a rule looks at, each with the labels it picks by. */
function metricsOf(expr: string): readonly { readonly name: string; readonly labels: readonly [string, string][] }[] {
  return [...expr.matchAll(/(afterword_\w+)(?:\{([^}]*)\})?/g)].map(([, name = "", picked = ""]) => ({
    name,
    labels: [...picked.matchAll(/(\w+)="([^"]*)"/g)].map(([, label = "", value = ""]): [string, string] => [label, value]),
  }));
}

/** `GET /metrics` of a service to which everything happened that a rule speaks of. */
async function metricsText(): Promise<string> {
  const service = await startService();
  const shop = await connectShop(service);
  await shop.event("order.placed", "2026-01-19T08:00:00Z", { order: standardOrder({ paidAt: "2026-01-18T10:05:00Z" }) });
  await shop.event("order.placed", "2026-01-19T08:00:00Z", { order: { id: "unreadable" } });
  const parcel = { id: "s-1", carrier: "EMS", dispatchedAt: "2026-01-19T07:00:00Z" };
  await shop.event("shipment.dispatched", "2026-01-19T08:00:00Z", { order: { id: "o-1" }, shipment: parcel });
  // Signed for another time: refused.
  expect(await shop.event("order.placed", "2026-01-19T08:00:00Z", { order: standardOrder() }, "2026-01-10T08:00:00Z")).toBe(401);
  expect(await service.moveTo("2026-01-19T09:00:00Z")).toBe(1);
  const text = await (await fetch(`${service.url}/metrics`)).text();
  await service.stop();
  return text;
}

test("every alert looks at a metric, and at labels, that GET /metrics has", async () => {
  const lines = (await metricsText()).split("\n");
  expect(rules.length).toBeGreaterThan(5);
  for (const { alert, expr } of rules) {
    const asked = metricsOf(expr);
    expect(asked.length, alert).toBeGreaterThan(0);
    for (const { name, labels } of asked) {
      const found = lines.some(
        (line) =>
          (line.startsWith(`${name} `) || line.startsWith(`${name}{`)) &&
          labels.every(([label, value]) => line.includes(`${label}="${value}"`)),
      );
      expect(found, `${alert}: ${name} ${JSON.stringify(labels)}`).toBe(true);
    }
  }
});

test("what is told of metrics in docs/operating.md is what GET /metrics has, and all it has of ours", async () => {
  const told = [...operating.matchAll(/^\| `(afterword_\w+)/gm)].map(([, name]) => name ?? "");
  const lines = (await metricsText()).split("\n");
  const there = lines.flatMap((line) => /^# TYPE (afterword_\w+) /.exec(line)?.[1] ?? []);
  expect(told.sort()).toEqual(there.sort());
});

test.each(rules)("docs/operating.md says what to do about $alert", ({ alert }) => {
  expect(operating).toMatch(new RegExp(`^\\| \`${alert}\` \\|`, "m"));
});
