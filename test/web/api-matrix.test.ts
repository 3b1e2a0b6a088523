import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { type Json, openWeb, plannedOrder, shopBody, shopWithSource, token } from "./set-up.ts";

const web = await openWeb({ limits: { wrongTokens: { burst: 1e9, perSecond: 1e9 } } });
const mine = await shopWithSource(web);
const other = await shopWithSource(web, { name: "Another" });
const { messages } = await plannedOrder(web, mine);
const theirs = {
  closure: (
    await web.ok("POST", `/shops/${other.shopId}/closures`, {
      name: "Rest",
      starts: "2026-02-01",
      ends: "2026-02-02",
      resumes: "2026-02-03",
    })
  ).id,
  disruption: (await web.ok("POST", `/shops/${other.shopId}/disruptions`, { name: "Storm", text: "A storm.", starts: "2026-02-01" })).id,
  suppression: (await web.ok("POST", `/shops/${other.shopId}/suppressions`, { address: "x@y.example", scope: "all", reason: "asked" })).id,
};

const closure = { name: "Rest", starts: "2026-03-01", ends: "2026-03-02", resumes: "2026-03-03" };
const consent = { address: "a@b.example", scope: "review", text: "Yes", source: "form", at: "2026-01-01T00:00:00Z" };
const schedule = {
  name: "One",
  steps: [{ key: "a", template: "check-in", category: "care", on: "shipment.dispatched", wait: { days: 3 } }],
};

interface Route {
  readonly method: string;
  /** `:id` is what is varied. */
  readonly path: string;
  readonly body?: unknown;
  /** Fields that are wrong in a body of wrong fields, and the body. */
  readonly wrong?: { readonly body: unknown; readonly pointers: readonly string[] };
}

const routes: readonly Route[] = [
  { method: "GET", path: "/shops/:id" },
  {
    method: "PATCH",
    path: "/shops/:id",
    body: { name: "New" },
    wrong: { body: { name: "", sending: "no", color: "red", typo: 1 }, pointers: ["/color", "/name", "/sending", "/typo"] },
  },
  {
    method: "POST",
    path: "/shops/:id/sources",
    body: { platform: "standard" },
    wrong: {
      body: { platform: "ebay", secret: 1, domain: "no domain", extra: 1 },
      pointers: ["/domain", "/extra", "/platform", "/secret"],
    },
  },
  { method: "GET", path: "/shops/:id/sources" },
  {
    method: "PATCH",
    path: "/sources/:id",
    body: { platformSends: [] },
    wrong: { body: { platformSends: ["Dispatch Notice"], secret: "x" }, pointers: ["/platformSends/0", "/secret"] },
  },
  { method: "POST", path: "/sources/:id/rotate-secret", body: {}, wrong: { body: { secret: 1, x: 1 }, pointers: ["/secret", "/x"] } },
  { method: "DELETE", path: "/sources/:id/old-secret" },
  { method: "GET", path: "/sources/:id/quarantine" },
  { method: "POST", path: "/sources/:id/tests", body: {}, wrong: { body: { x: 1 }, pointers: ["/x"] } },
  { method: "GET", path: `/sources/:id/tests/${randomUUID()}` },
  { method: "POST", path: "/deliveries/:id/retry" },
  { method: "POST", path: "/shops/:id/import" },
  { method: "GET", path: "/shops/:id/orders" },
  { method: "GET", path: "/orders/:id/timetable" },
  {
    method: "POST",
    path: "/orders/:id/actions",
    body: {
      type: "dispute-proposal",
      fields: { cause: "Lost", proposal: "A new one", steps: "It leaves on Monday", replyBy: "2026-03-01" },
    },
    wrong: {
      body: {
        id: "no good",
        type: "return-instructions",
        caseId: 1,
        fields: { address: Array(13).fill("x").join("\n"), deadline: "soon", whoPays: "me", steps: "x" },
      },
      pointers: ["/caseId", "/fields/address", "/fields/deadline", "/fields/onArrival", "/fields/steps", "/fields/whoPays", "/id"],
    },
  },
  { method: "GET", path: "/messages?shop=:id" },
  { method: "GET", path: "/messages?order=:id" },
  { method: "GET", path: "/messages/:id" },
  ...["cancel", "send-now", "hold", "release"].map((move) => ({
    method: "POST",
    path: `/messages/:id/${move}`,
    body: {},
    wrong: { body: { force: true }, pointers: ["/force"] },
  })),
  {
    method: "POST",
    path: "/shops/:id/messages/moves",
    body: { move: "hold", filter: { states: ["planned"] } },
    wrong: {
      body: {
        move: "burn",
        filter: { states: ["lost"], due: { from: "2026-02-02T00:00:00Z", before: "2026-02-01T00:00:00Z" }, all: true },
        x: 1,
      },
      pointers: ["/filter/all", "/filter/due/before", "/filter/states/0", "/move", "/x"],
    },
  },
  { method: "GET", path: `/shops/:id/messages/moves/${randomUUID()}` },
  { method: "POST", path: `/shops/:id/messages/moves/${randomUUID()}/cancel`, body: {}, wrong: { body: { x: 1 }, pointers: ["/x"] } },
  { method: "GET", path: "/messages/:id/preview" },
  { method: "GET", path: "/messages/:id/sent" },
  { method: "GET", path: "/shops/:id/attention" },
  { method: "GET", path: "/shops/:id/tasks" },
  {
    method: "POST",
    path: "/tasks/:id/resolve",
    body: {},
    wrong: { body: { resolution: "maybe", note: "", by: "me" }, pointers: ["/by", "/note", "/resolution"] },
  },
  { method: "DELETE", path: "/tokens/:id" },
  {
    method: "PATCH",
    path: "/users/:id",
    body: { name: "New" },
    wrong: { body: { name: "", role: "king", disabled: "no", email: "x" }, pointers: ["/disabled", "/email", "/name", "/role"] },
  },
  { method: "POST", path: "/users/:id/password-link" },
  {
    method: "PUT",
    path: "/users/:id/password",
    body: { password: "a long enough password" },
    wrong: { body: { password: "short", x: 1 }, pointers: ["/password", "/x"] },
  },
  { method: "GET", path: "/shops/:id/schedule" },
  {
    method: "PUT",
    path: "/shops/:id/schedule",
    body: { schedule, queued: "keep" },
    wrong: {
      body: { schedule: { name: "x", steps: [{ ...schedule.steps[0], wait: { days: "soon" }, oops: 1 }] }, queued: "later" },
      pointers: ["/queued", "/schedule/steps/0/oops", "/schedule/steps/0/wait/days"],
    },
  },
  {
    method: "POST",
    path: "/shops/:id/schedule/simulate",
    body: { schedule },
    wrong: { body: { schedule, from: "soon", until: 1 }, pointers: ["/from", "/until"] },
  },
  { method: "GET", path: "/shops/:id/closures" },
  {
    method: "POST",
    path: "/shops/:id/closures",
    body: closure,
    wrong: { body: { name: "", starts: "2026-02-30", ends: "soon" }, pointers: ["/ends", "/name", "/resumes", "/starts"] },
  },
  { method: "DELETE", path: `/shops/:id/closures/${theirs.closure}` },
  { method: "GET", path: "/shops/:id/closures/suggestions" },
  {
    method: "POST",
    path: "/shops/:id/closures/suggestions/dismiss",
    body: { suggestion: "2026-spring-festival" },
    wrong: { body: { suggestion: 1, all: true }, pointers: ["/all", "/suggestion"] },
  },
  { method: "GET", path: "/shops/:id/transit-lanes" },
  {
    method: "PUT",
    path: "/shops/:id/transit-lanes",
    body: { lanes: [] },
    wrong: {
      body: {
        lanes: [
          { service: "ePacket", lane: "ePacket", unit: "days", earliest: 9, latest: 8 },
          { lane: "rocket", destination: "XX", unit: "weeks", earliest: -1, latest: 1.5, checkInDays: "10", oops: 1 },
        ],
        replace: true,
      },
      pointers: [
        "/lanes/0",
        "/lanes/0/latest",
        "/lanes/1/checkInDays",
        "/lanes/1/destination",
        "/lanes/1/earliest",
        "/lanes/1/lane",
        "/lanes/1/latest",
        "/lanes/1/oops",
        "/lanes/1/unit",
        "/replace",
      ],
    },
  },
  { method: "GET", path: "/shops/:id/calendar" },
  {
    method: "PUT",
    path: "/shops/:id/calendar",
    body: { days: [] },
    wrong: {
      body: { days: [{ calendar: "moon", country: "China", day: "2026-02-30", kind: "feast", name: "", x: 1 }] },
      pointers: ["/days/0/calendar", "/days/0/country", "/days/0/day", "/days/0/kind", "/days/0/name", "/days/0/x"],
    },
  },
  { method: "GET", path: "/shops/:id/disruptions" },
  {
    method: "POST",
    path: "/shops/:id/disruptions",
    body: { name: "Strike", text: "The airport is on strike.", starts: "2026-03-01", match: { countries: ["DE"] } },
    wrong: {
      body: { name: "", text: 1, starts: "soon", match: { countries: ["Germany"] } },
      pointers: ["/match/countries/0", "/name", "/starts", "/text"],
    },
  },
  {
    method: "PATCH",
    path: `/shops/:id/disruptions/${theirs.disruption}`,
    body: { text: "The airport opens again." },
    wrong: { body: { text: "", ended: 1 }, pointers: ["/ended", "/text"] },
  },
  { method: "DELETE", path: `/shops/:id/disruptions/${theirs.disruption}` },
  { method: "GET", path: "/shops/:id/templates" },
  { method: "GET", path: "/shops/:id/templates/check-in" },
  {
    method: "PUT",
    path: "/shops/:id/templates/check-in",
    body: { files: { "strings.en.json": { title: "How is it going?" } } },
    wrong: {
      body: { files: { "strings.en.json": 1 }, note: "", basedOn: -1, x: 1 },
      pointers: ["/basedOn", "/files/strings.en.json", "/note", "/x"],
    },
  },
  {
    method: "POST",
    path: "/shops/:id/templates/check-in/preview",
    body: {},
    wrong: { body: { locale: "no locale", orderId: 1, x: 1 }, pointers: ["/locale", "/orderId", "/x"] },
  },
  { method: "GET", path: "/shops/:id/templates/check-in/versions/1" },
  { method: "DELETE", path: "/shops/:id/templates/check-in" },
  { method: "GET", path: "/shops/:id/suppressions" },
  {
    method: "POST",
    path: "/shops/:id/suppressions",
    body: { address: "a@b.example", scope: "care", reason: "asked" },
    wrong: { body: { address: "a@b.example, c@d.example", scope: "order" }, pointers: ["/address", "/reason", "/scope"] },
  },
  { method: "DELETE", path: `/shops/:id/suppressions/${theirs.suppression}` },
  { method: "GET", path: "/shops/:id/consents" },
  {
    method: "POST",
    path: "/shops/:id/consents",
    body: consent,
    wrong: { body: { ...consent, scope: "all", at: "2026-01-01", withdrawn: "maybe" }, pointers: ["/at", "/scope", "/withdrawn"] },
  },
];

const rootRoutes: readonly Route[] = [
  {
    method: "POST",
    path: "/tokens",
    body: { name: "Script" },
    wrong: { body: { name: "", role: "king", x: 1 }, pointers: ["/name", "/role", "/x"] },
  },
  { method: "GET", path: "/tokens" },
  {
    method: "POST",
    path: "/users",
    body: { email: "mei@lantern.example", name: "Mei" },
    wrong: { body: { email: "no address", name: "", role: "king", x: 1 }, pointers: ["/email", "/name", "/role", "/x"] },
  },
  { method: "GET", path: "/users" },
  {
    method: "POST",
    path: "/shops",
    body: shopBody,
    wrong: {
      body: {
        timeZone: "Mars/Olympus",
        locale: "not a locale",
        country: "XX",
        from: { name: "a\r\nBcc: x@y.example", address: "a@b" },
        website: "http://x.example",
      },
      pointers: ["/country", "/from/address", "/from/name", "/locale", "/name", "/timeZone", "/website"],
    },
  },
  ...["export", "erase"].map((what) => ({
    method: "POST",
    path: `/buyers/${what}`,
    body: { shopId: mine.shopId, address: "nobody@buyer.example" },
    wrong: { body: { shopId: 1, address: "a\r\nb@c.example", all: true }, pointers: ["/address", "/all", "/shopId"] },
  })),
  { method: "GET", path: "/shops" },
  { method: "GET", path: "/messages" },
  { method: "GET", path: "/clock" },
  { method: "GET", path: "/instance" },
  { method: "POST", path: "/instance/take-over", body: {}, wrong: { body: { force: true }, pointers: ["/force"] } },
  { method: "PUT", path: "/clock", body: { now: "2026-02-01T00:00:00Z" }, wrong: { body: { now: "tomorrow" }, pointers: ["/now"] } },
];

function at(route: Route, id: string): string {
  return route.path.replace(":id", id);
}

async function raw(route: Route, id: string, headers: Record<string, string>, body?: string) {
  const response = await fetch(`${web.url}/api/v1${at(route, id)}`, {
    method: route.method,
    headers,
    ...(body === undefined ? {} : { body }),
  });
  return { status: response.status, type: response.headers.get("content-type") ?? "", body: JSON.parse((await response.text()) || "null") };
}

test("every call of the API is in this matrix, and in the document", async () => {
  const { paths }: Json = await (await fetch(`${web.url}/api/openapi.json`)).json();
  const documented = Object.entries(paths as Record<string, object>)
    .filter(([path]) => path.startsWith("/api/v1"))
    .flatMap(([path, item]) => Object.keys(item).map((method) => `${method.toUpperCase()} ${path.slice(7).replaceAll(/\{\w+\}/g, "*")}`));
  const here = [...routes, ...rootRoutes].map(
    ({ method, path }) =>
      `${method} ${path
        .replace(/\?.*/, "")
        .replace(":id", "*")
        .replace(/(?<=templates\/)[a-z-]+/, "*")
        .replace(/(?<=versions\/)\d+/, "*")
        .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, "*")}`,
  );
  expect([...new Set(here)].sort()).toEqual(documented.sort());
});

describe.each([...routes, ...rootRoutes])("$method $path", (route) => {
  const json = { "content-type": "application/json" };
  const body = route.body === undefined ? undefined : JSON.stringify(route.body);

  test.each([
    ["no token", {}],
    ["a wrong token", { authorization: `Bearer ${token}x` }],
    ["an empty token", { authorization: "Bearer " }],
    ["the token as a password", { authorization: `Basic ${Buffer.from(`x:${token}`).toString("base64")}` }],
  ])("with %s is 401", async (_name, headers) => {
    const answer = await raw(route, mine.shopId, { ...json, ...headers }, body);
    expect([answer.status, answer.type]).toEqual([401, "application/problem+json"]);
  });

  if (route.path.includes(":id")) {
    test.each([randomUUID(), "1", "%27", "undefined", `${mine.shopId}x`])("with the unknown id %s is 404", async (id) => {
      const answer = await raw(route, id, { ...json, authorization: `Bearer ${token}` }, body);
      expect([answer.status, answer.type, answer.body.status]).toEqual([404, "application/problem+json", 404]);
    });

    test("with an id of another kind is 404", async () => {
      const foreign = route.path.startsWith("/messages/") ? mine.shopId : (messages["check-in"] ?? "");
      expect((await raw(route, foreign, { ...json, authorization: `Bearer ${token}` }, body)).status).toBe(404);
    });
  }

  if (route.wrong !== undefined) {
    const { body: wrongBody, pointers } = route.wrong;
    const id = route.path.startsWith("/messages")
      ? (messages["check-in"] ?? "")
      : route.path.startsWith("/sources")
        ? mine.source.id
        : mine.shopId;

    test("names all fields that are wrong at once, as 422", async () => {
      const answer = await raw(route, id, { ...json, authorization: `Bearer ${token}` }, JSON.stringify(wrongBody));
      expect(answer.status).toBe(422);
      expect(answer.body.errors.map((error: { pointer: string }) => error.pointer).sort()).toEqual(pointers);
      for (const { detail } of answer.body.errors) expect(detail).toMatch(/\w/);
    });

    test.each(["{", '{"a":1,}', "\u0000", "{'a':1}"])("says 400 to what is not JSON: %j", async (text) => {
      const answer = await raw(route, id, { ...json, authorization: `Bearer ${token}` }, text);
      expect([answer.status, answer.type]).toEqual([400, "application/problem+json"]);
    });

    test.each(["null", "[]", "1", '"x"'])("says 422 to JSON that is no object: %s", async (text) => {
      const answer = await raw(route, id, { ...json, authorization: `Bearer ${token}` }, text);
      expect(answer.status).toBe(422);
    });
  }
});

test.each([
  ["a closure", `closures/${theirs.closure}`],
  ["a disruption", `disruptions/${theirs.disruption}`],
  ["a suppression", `suppressions/${theirs.suppression}`],
])("%s of another shop can't be deleted through one's own: 404, and it stays (SEC-07)", async (_what, path) => {
  expect((await web.call("DELETE", `/shops/${mine.shopId}/${path}`)).status).toBe(404);
  expect((await web.call("DELETE", `/shops/${other.shopId}/${path}`)).status).toBe(204);
});

test("messages of an order are not shown under another shop (SEC-07)", async () => {
  const { messages } = await web.ok("GET", `/messages?shop=${mine.shopId}`);
  const { orderId } = messages[0];
  expect((await web.call("GET", `/messages?shop=${other.shopId}&order=${orderId}`)).status).toBe(404);
  expect((await web.ok("GET", `/messages?shop=${other.shopId}`)).messages).toEqual([]);
});

test("a source can't add facts to another shop's orders (SEC-07)", async () => {
  const answer = await web.call("POST", `/shops/${mine.shopId}/sources`, { platform: "standard", augments: other.source.id });
  expect([answer.status, answer.body.errors[0].pointer]).toEqual([422, "/augments"]);
});

test("an address of the API that does not exist is 401 without a token and 404 with one", async () => {
  expect((await fetch(`${web.url}/api/v1/nothing`)).status).toBe(401);
  expect((await web.call("GET", "/nothing")).status).toBe(404);
  expect((await web.call("DELETE", "/shops")).status).toBe(404);
});

test("without API_TOKEN the API is closed, and says so", async () => {
  const closed = await openWeb({ apiToken: null });
  const answer = await closed.call("GET", "/shops");
  expect([answer.status, answer.body.detail]).toEqual([401, expect.stringContaining("API_TOKEN")]);
});

test.each(["0", "201", "-1", "1.5", "many", ""])("a list refuses limit=%s and names it", async (limit) => {
  const answer = await web.call("GET", `/shops?limit=${limit}`);
  expect([answer.status, answer.body.errors[0].pointer]).toEqual([422, "/limit"]);
});

test("a wrong cursor is 422", async () => {
  expect((await web.call("GET", "/shops?cursor=zzz")).status).toBe(422);
});
