import { expect, test } from "vitest";
import { localToken } from "../../src/core/keys.ts";
import { type Json, keys, openWeb, plannedOrder, shopBody, shopWithSource } from "./set-up.ts";

const web = await openWeb({ limits: { wrongTokens: { burst: 1e9, perSecond: 1e9 } } });
const at = await shopWithSource(web);
const { messages } = await plannedOrder(web, at);

function as(token: string) {
  return (method: string, path: string, body?: unknown) => web.call(method, path, body, { authorization: `Bearer ${token}` });
}

async function made(role?: string): Promise<Json> {
  return web.ok("POST", "/tokens", { name: `for ${role}`, ...(role === undefined ? {} : { role }) });
}

test("a token is shown once, and kept only as its hash", async () => {
  const token = await made("owner");
  expect(token.token).toMatch(/^aft_[A-Za-z0-9_-]{43}$/);
  expect((await as(token.token)("GET", "/shops")).status).toBe(200);
  const { tokens } = await web.ok("GET", "/tokens");
  expect(tokens[0]).toEqual({
    id: token.id,
    name: "for owner",
    role: "owner",
    createdAt: expect.any(String),
    lastUsedAt: expect.any(String),
  });
  const rows = await web.db.selectFrom("api_tokens").selectAll().execute();
  expect(JSON.stringify(rows)).not.toContain(token.token);
});

test("a viewer's token looks and simulates, and changes nothing", async () => {
  const viewer = as((await made("viewer")).token);
  expect((await viewer("GET", `/shops/${at.shopId}`)).status).toBe(200);
  expect((await viewer("GET", `/messages/${messages["check-in"]}/preview`)).status).toBe(200);
  expect((await viewer("POST", `/shops/${at.shopId}/schedule/simulate`, {})).status).toBe(422);
  for (const [method, path, body] of [
    ["POST", "/shops", shopBody],
    ["PATCH", `/shops/${at.shopId}`, { name: "Mine" }],
    ["POST", `/messages/${messages["check-in"]}/cancel`, {}],
    ["POST", `/shops/${at.shopId}/import`, undefined],
    ["GET", "/tokens", undefined],
  ] as const) {
    const refused = await viewer(method, path, body);
    expect([path, refused.status, refused.type, refused.body.detail]).toEqual([
      path,
      403,
      "application/problem+json",
      expect.stringMatching(/takes an (operator|owner)'s token; the one given is a viewer's/),
    ]);
  }
  expect(
    (await web.ok("GET", `/messages?order=${(await web.ok("GET", "/messages")).messages[0].orderId}&state=cancelled`)).messages,
  ).toEqual([]);
});

test("an operator's token does everything but give out tokens; it is what a token is unless asked otherwise", async () => {
  const token = await made();
  expect(token.role).toBe("operator");
  const operator = as(token.token);
  expect((await operator("PATCH", `/shops/${at.shopId}`, { name: "Lantern" })).status).toBe(200);
  expect((await operator("POST", "/tokens", { name: "more", role: "owner" })).status).toBe(403);
  expect((await operator("DELETE", `/tokens/${token.id}`)).status).toBe(403);
});

test("a revoked token opens nothing any more, at once", async () => {
  const token = await made("owner");
  const own = as(token.token);
  expect((await own("GET", "/shops")).status).toBe(200);
  expect((await own("DELETE", `/tokens/${token.id}`)).status).toBe(204);
  expect((await own("GET", "/shops")).status).toBe(401);
  expect((await web.call("DELETE", `/tokens/${token.id}`)).status).toBe(404);
});

test("when it was last used is noted to within a minute", async () => {
  const token = await made("viewer");
  const lastUsed = async () => (await web.ok("GET", "/tokens")).tokens.find((one: Json) => one.id === token.id).lastUsedAt;
  expect(await lastUsed()).toBeNull();
  web.setClock("2026-01-20T08:00:00Z");
  await as(token.token)("GET", "/shops");
  web.setClock("2026-01-20T08:00:59Z");
  await as(token.token)("GET", "/shops");
  expect(await lastUsed()).toBe("2026-01-20T08:00:00.000Z");
  web.setClock("2026-01-20T08:01:01Z");
  await as(token.token)("GET", "/shops");
  expect(await lastUsed()).toBe("2026-01-20T08:01:01.000Z");
});

test("the key of the machine opens the API as its owner, also when no API_TOKEN is set", async () => {
  const closed = await openWeb({ apiToken: null });
  const local = { authorization: `Bearer ${localToken(keys)}` };
  expect((await closed.call("POST", "/tokens", { name: "first" }, local)).status).toBe(201);
  const wrong = await closed.call("GET", "/shops", undefined, { authorization: `Bearer ${localToken(keys).slice(0, -1)}` });
  expect([wrong.status, wrong.body.detail]).toEqual([401, expect.stringContaining("API_TOKEN")]);
});

test.each([
  ["no name", {}, "/name"],
  ["an empty name", { name: " " }, "/name"],
  ["another role", { name: "x", role: "admin" }, "/role"],
  ["a field that does not exist", { name: "x", shop: "y" }, "/shop"],
])("a token with %s is refused, and the field named", async (_what, body, pointer) => {
  const refused = await web.call("POST", "/tokens", body);
  expect([refused.status, refused.body.errors.map((error: Json) => error.pointer)]).toEqual([422, [pointer]]);
});
