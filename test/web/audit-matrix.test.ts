import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { type Json, openWeb, orderData, plannedOrder, shopBody, shopWithSource } from "./set-up.ts";

/*
 * Every call of the API that changes something writes one line into the audit log: who, what, of which shop, and nobody's address.
 */

const web = await openWeb();
const mine = await shopWithSource(web, { postalAddress: "8 Nanjing Road, Shanghai", signedBy: "Lin" });
const shop = `/shops/${mine.shopId}`;
const address = "maya@buyer.example";
const { messages } = await plannedOrder(web, mine, "1001", address);
const messageId = String(messages["check-in"]);
const { orders } = await web.ok("GET", `${shop}/orders?number=1001`);
const { schedule } = await web.ok("GET", `${shop}/schedule`);

const made: Record<string, string> = {};
const keep = (name: string) => (body: Json) => {
  made[name] = body.id;
};

interface Change {
  readonly call: string;
  readonly action: string | RegExp;
  readonly path: () => string;
  readonly body?: () => unknown;
  readonly keeps?: (body: Json) => void;
  /** Of the whole installation. */
  readonly everywhere?: true;
  /** It is about a shop of its own. */
  readonly ownShop?: true;
}

const rest = { name: "Rest", starts: "2026-03-01", ends: "2026-03-02", resumes: "2026-03-03" };
const storm = { name: "Storm", text: "A storm.", starts: "2026-02-01" };

/** In an order in which each finds what it needs. */
const changes: readonly Change[] = [
  { call: "POST /shops", action: "shop.added", path: () => "/shops", body: () => ({ ...shopBody, name: "Second" }), ownShop: true },
  { call: "PATCH /shops/{id}", action: "shop.changed", path: () => shop, body: () => ({ caps: { mailsPerDay: 2 } }) },
  {
    call: "POST /shops/{id}/sources",
    action: "source.added",
    path: () => `${shop}/sources`,
    body: () => ({ platform: "standard" }),
    keeps: keep("source"),
  },
  {
    call: "PATCH /sources/{id}",
    action: "source.changed",
    path: () => `/sources/${made["source"]}`,
    body: () => ({ platformSends: ["refund-issued"] }),
  },
  { call: "POST /sources/{id}/rotate-secret", action: "source.secret-rotated", path: () => `/sources/${made["source"]}/rotate-secret` },
  { call: "DELETE /sources/{id}/old-secret", action: "source.old-secret-deleted", path: () => `/sources/${made["source"]}/old-secret` },
  { call: "POST /deliveries/{id}/retry", action: "delivery.retried", path: () => `/deliveries/${made["delivery"]}/retry` },
  {
    call: "POST /shops/{id}/import",
    action: "orders.imported",
    path: () => `${shop}/import`,
    body: () =>
      JSON.stringify({ type: "order.placed", occurredAt: "2026-01-19T08:00:00Z", data: { order: orderData("900", "x@y.example") } }),
  },
  {
    call: "PUT /shops/{id}/schedule",
    action: "schedule.published",
    path: () => `${shop}/schedule`,
    body: () => ({ schedule, queued: "keep" }),
  },
  { call: "POST /messages/{id}/hold", action: "message.hold", path: () => `/messages/${messageId}/hold` },
  { call: "POST /messages/{id}/release", action: "message.release", path: () => `/messages/${messageId}/release` },
  { call: "POST /messages/{id}/send-now", action: "message.send-now", path: () => `/messages/${messageId}/send-now` },
  { call: "POST /messages/{id}/cancel", action: "message.cancel", path: () => `/messages/${messageId}/cancel` },
  {
    call: "POST /shops/{id}/messages/moves",
    action: "errand.asked",
    path: () => `${shop}/messages/moves`,
    body: () => ({ move: "hold", filter: { states: ["planned"] } }),
    keeps: keep("errand"),
  },
  {
    call: "POST /shops/{id}/messages/moves/{moves}/cancel",
    action: "errand.cancelled",
    path: () => `${shop}/messages/moves/${made["errand"]}/cancel`,
  },
  {
    call: "POST /orders/{id}/actions",
    action: "order.told",
    path: () => `/orders/${orders[0].id}/actions`,
    body: () => ({
      type: "dispute-proposal",
      fields: { cause: "Lost", proposal: "A new one", steps: "It leaves on Monday", replyBy: "2026-03-01" },
    }),
  },
  { call: "POST /tasks/{id}/resolve", action: "task.resolved", path: () => `/tasks/${made["task"]}/resolve` },
  {
    call: "POST /shops/{id}/closures",
    action: "closure.declared",
    path: () => `${shop}/closures`,
    body: () => rest,
    keeps: keep("closure"),
  },
  { call: "DELETE /shops/{id}/closures/{closureId}", action: "closure.removed", path: () => `${shop}/closures/${made["closure"]}` },
  {
    call: "POST /shops/{id}/closures/suggestions/dismiss",
    action: "closure.dismissed",
    path: () => `${shop}/closures/suggestions/dismiss`,
    body: () => ({ suggestion: "2026-spring-festival" }),
  },
  {
    call: "POST /shops/{id}/disruptions",
    action: "disruption.declared",
    path: () => `${shop}/disruptions`,
    body: () => storm,
    keeps: keep("disruption"),
  },
  {
    call: "PATCH /shops/{id}/disruptions/{disruptionId}",
    action: "disruption.changed",
    path: () => `${shop}/disruptions/${made["disruption"]}`,
    body: () => ({ ended: true }),
  },
  {
    call: "DELETE /shops/{id}/disruptions/{disruptionId}",
    action: "disruption.removed",
    path: () => `${shop}/disruptions/${made["disruption"]}`,
  },
  {
    call: "PUT /shops/{id}/transit-lanes",
    action: "transit-lanes.changed",
    path: () => `${shop}/transit-lanes`,
    body: () => ({ lanes: [{ service: null, lane: "EMS", destination: "US", unit: "days", earliest: 3, latest: 9, checkInDays: 8 }] }),
  },
  {
    call: "PUT /shops/{id}/calendar",
    action: "calendar.changed",
    path: () => `${shop}/calendar`,
    body: () => ({ days: [{ calendar: "contact", country: null, day: "2026-05-04", kind: "holiday", name: "Ours" }] }),
  },
  {
    call: "POST /shops/{id}/suppressions",
    action: "suppression.made",
    path: () => `${shop}/suppressions`,
    body: () => ({ address, scope: "offer", reason: "asked" }),
    keeps: keep("suppression"),
  },
  {
    call: "DELETE /shops/{id}/suppressions/{suppressionId}",
    action: "suppression.lifted",
    path: () => `${shop}/suppressions/${made["suppression"]}`,
  },
  {
    call: "POST /shops/{id}/consents",
    action: "consent.recorded",
    path: () => `${shop}/consents`,
    body: () => ({ address, scope: "review", text: "Yes", source: "form", at: "2026-01-01T00:00:00Z" }),
  },
  { call: "POST /buyers/export", action: "buyer.exported", path: () => "/buyers/export", body: () => ({ shopId: mine.shopId, address }) },
  { call: "POST /buyers/erase", action: "buyer.erased", path: () => "/buyers/erase", body: () => ({ shopId: mine.shopId, address }) },
  {
    call: "POST /tokens",
    action: "token.made",
    path: () => "/tokens",
    body: () => ({ name: "Script", role: "viewer" }),
    keeps: keep("token"),
    everywhere: true,
  },
  { call: "DELETE /tokens/{id}", action: "token.revoked", path: () => `/tokens/${made["token"]}`, everywhere: true },
  {
    call: "POST /users",
    action: "user.added",
    path: () => "/users",
    body: () => ({ email: "lin@lantern.example", name: "Lin", role: "operator" }),
    keeps: (body) => keep("user")(body.user ?? body),
    everywhere: true,
  },
  {
    call: "PATCH /users/{id}",
    action: "user.changed",
    path: () => `/users/${made["user"]}`,
    body: () => ({ name: "Lin Wei" }),
    everywhere: true,
  },
  { call: "POST /users/{id}/password-link", action: /^user\./, path: () => `/users/${made["user"]}/password-link`, everywhere: true },
  {
    call: "PUT /users/{id}/password",
    action: /^user\.password/,
    path: () => `/users/${made["user"]}/password`,
    body: () => ({ password: "a long enough password" }),
    everywhere: true,
  },
  { call: "POST /instance/take-over", action: "instance.taken-over", path: () => "/instance/take-over", everywhere: true },
  {
    call: "PUT /shops/{id}/templates/{name}",
    action: "template.published",
    path: () => `${shop}/templates/check-in`,
    body: () => ({ files: { "strings.en.json": { title: "How is it?" } } }),
  },
  { call: "DELETE /shops/{id}/templates/{name}", action: "template.reverted", path: () => `${shop}/templates/check-in` },
];

/** Change nothing that operators answer for. */
const silent: Readonly<Record<string, string>> = {
  "POST /shops/{id}/schedule/simulate": "a rehearsal: writes nothing",
  "POST /shops/{id}/templates/{name}/preview": "shows a mail",
  "POST /sources/{id}/tests": "makes a request that its caller may send",
  "PUT /clock": "only under a manual clock, for tests and demonstrations",
};

const lines = () => web.db.selectFrom("audit_log").selectAll().execute();
/** The clock stands still, so ids do not tell which lines are new. */
const since = async (before: Awaited<ReturnType<typeof lines>>) => {
  const known = new Set(before.map(({ id }) => id));
  return (await lines()).filter(({ id }) => !known.has(id));
};

async function prepare(): Promise<void> {
  await web.deliver(mine.source, "order.placed", { order: { id: "unreadable" } });
  await web.work();
  made["delivery"] = (await web.ok("GET", `/sources/${mine.source.id}/quarantine`)).deliveries[0].id;
  const task = { id: randomUUID(), shop_id: mine.shopId, order_id: orders[0].id, kind: "problem", about: "p-1", state: "open" } as const;
  await web.db
    .insertInto("tasks")
    .values({ ...task, opened_at: new Date(), updated_at: new Date() })
    .execute();
  made["task"] = task.id;
}

test("every changing call of the API is known here, with the line it writes or the reason why it writes none", async () => {
  const document: Json = await (await fetch(`${web.url}/api/openapi.json`)).json();
  const changing = Object.entries<object>(document.paths).flatMap(([path, item]) =>
    Object.keys(item).flatMap((method) =>
      path.startsWith("/api/v1") && method !== "get" ? [`${method.toUpperCase()} ${path.slice("/api/v1".length)}`] : [],
    ),
  );
  expect([...changes.map(({ call }) => call), ...Object.keys(silent)].toSorted()).toEqual(changing.toSorted());
});

test("each writes one line, with who did it and of which shop, and never a buyer's address", async () => {
  await prepare();
  for (const { call, action, path, body, keeps, everywhere, ownShop } of changes) {
    const before = await lines();
    const [method = ""] = call.split(" ");
    const answer = await web.call(method, path(), body?.());
    expect(answer.status, `${call}: ${JSON.stringify(answer.body)}`).toBeLessThan(300);
    keeps?.(answer.body);
    const written = await since(before);
    expect(
      written.map((line) => line.action),
      call,
    ).toEqual([typeof action === "string" ? action : expect.stringMatching(action)]);
    expect(written[0], call).toMatchObject({ actor_kind: "token", shop_id: everywhere ? null : ownShop ? answer.body.id : mine.shopId });
    if (everywhere === undefined) expect(JSON.stringify(written), call).not.toContain(address);
  }
});

test("what is refused, or not there, writes none", async () => {
  const before = await lines();
  for (const { call, path, body } of changes) {
    const [method = ""] = call.split(" ");
    const foreign = path().replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, () => randomUUID());
    if (foreign !== path()) expect((await web.call(method, foreign, body?.())).status, call).toBe(404);
  }
  expect((await since(before)).map(({ action }) => action)).toEqual([]);
});
