import { beforeAll, describe, expect, test } from "vitest";
import { newId } from "../../../src/core/ids.ts";
import { instantOf } from "../../../src/core/instant.ts";
import { includesRole, type TokenRole, tokenRoles } from "../../../src/core/token-role.ts";
import { routes } from "../../../src/web/console/routes.ts";
import { openWeb, shopWithSource, type Web } from "../set-up.ts";
import { signedIn, textOf, Visitor } from "./set-up.ts";

/** Every address of the console and the least role that may: a new one needs a line here. */
const table: Readonly<Record<string, TokenRole>> = {
  "get /console": "viewer",
  "get /console/account": "viewer",
  "post /console/account": "viewer",
  "post /console/account/password": "viewer",
  "post /console/preferences": "viewer",
  "get /console/new-shop": "operator",
  "post /console/new-shop": "operator",
  "get /console/shops/:shop/first-run": "operator",
  "post /console/shops/:shop/first-run": "operator",
  "get /console/shops/:shop/first-run/now": "operator",
  "get /console/shops/:shop/today": "viewer",
  "get /console/shops/:shop/orders": "viewer",
  "get /console/shops/:shop/orders/:id": "viewer",
  "get /console/shops/:shop/messages": "viewer",
  "get /console/shops/:shop/messages.csv": "viewer",
  "get /console/shops/:shop/messages/:id": "viewer",
  "get /console/shops/:shop/messages/:id/mail": "viewer",
  "post /console/shops/:shop/messages/:id/cancel": "operator",
  "post /console/shops/:shop/orders/:id/cancel": "operator",
  "post /console/shops/:shop/selected-messages/cancel": "operator",
  "post /console/shops/:shop/messages/:id/send-now": "operator",
  "post /console/shops/:shop/orders/:id/send-now": "operator",
  "post /console/shops/:shop/selected-messages/send-now": "operator",
  "post /console/shops/:shop/messages/:id/hold": "operator",
  "post /console/shops/:shop/orders/:id/hold": "operator",
  "post /console/shops/:shop/selected-messages/hold": "operator",
  "post /console/shops/:shop/messages/:id/release": "operator",
  "post /console/shops/:shop/orders/:id/release": "operator",
  "post /console/shops/:shop/selected-messages/release": "operator",
  "get /console/shops/:shop/messages/count": "viewer",
  "post /console/shops/:shop/matching-messages/cancel": "operator",
  "post /console/shops/:shop/matching-messages/send-now": "operator",
  "post /console/shops/:shop/matching-messages/hold": "operator",
  "post /console/shops/:shop/matching-messages/release": "operator",
  "get /console/shops/:shop/work": "viewer",
  "get /console/shops/:shop/work/:id": "viewer",
  "post /console/shops/:shop/work/:id/cancel": "operator",
  "post /console/shops/:shop/work/:id/undo": "operator",
  "get /console/shops/:shop/tasks": "viewer",
  "post /console/shops/:shop/tasks/:id/resolve": "operator",
  "get /console/shops/:shop/buyers": "viewer",
  "post /console/shops/:shop/buyers": "viewer",
  "get /console/shops/:shop/buyers/:token": "viewer",
  "post /console/shops/:shop/buyers/:token/stop": "operator",
  "post /console/shops/:shop/buyers/:token/lift": "operator",
  "post /console/shops/:shop/buyers/:token/export": "owner",
  "post /console/shops/:shop/buyers/:token/erase": "owner",
  "get /console/shops/:shop/calendar": "viewer",
  "post /console/shops/:shop/calendar/closures/check": "operator",
  "post /console/shops/:shop/calendar/closures": "operator",
  "post /console/shops/:shop/calendar/closures/:id/remove": "operator",
  "post /console/shops/:shop/calendar/suggestions/dismiss": "operator",
  "post /console/shops/:shop/calendar/disruptions/check": "operator",
  "post /console/shops/:shop/calendar/disruptions": "operator",
  "post /console/shops/:shop/calendar/disruptions/:id/end": "operator",
  "get /console/shops/:shop/templates": "viewer",
  "get /console/shops/:shop/templates/mail": "viewer",
  "get /console/shops/:shop/templates/one": "viewer",
  "get /console/shops/:shop/templates/edit": "operator",
  "post /console/shops/:shop/templates/check": "operator",
  "post /console/shops/:shop/templates/mail": "operator",
  "post /console/shops/:shop/templates/publish": "operator",
  "post /console/shops/:shop/templates/test": "operator",
  "get /console/shops/:shop/templates/versions": "viewer",
  "post /console/shops/:shop/templates/revert": "operator",
  "get /console/shops/:shop/schedule": "viewer",
  "get /console/shops/:shop/schedule/edit": "operator",
  "post /console/shops/:shop/schedule/edit": "operator",
  "get /console/shops/:shop/schedule/yaml": "viewer",
  "get /console/shops/:shop/schedule.yaml": "viewer",
  "post /console/shops/:shop/schedule/yaml": "operator",
  "post /console/shops/:shop/schedule/simulation": "operator",
  "post /console/shops/:shop/schedule/publication": "operator",
  "post /console/shops/:shop/schedule/publish": "operator",
  "get /console/shops/:shop/schedule/version": "viewer",
  "get /console/shops/:shop/today/now": "viewer",
  "get /console/shops/:shop/today/live": "viewer",
  "get /console/shops/:shop/sources": "viewer",
  "get /console/shops/:shop/sources/new": "operator",
  "post /console/shops/:shop/sources/new": "operator",
  "get /console/shops/:shop/sources/:id": "viewer",
  "post /console/shops/:shop/sources/:id/rotate-secret": "operator",
  "post /console/shops/:shop/sources/:id/old-secret": "operator",
  "post /console/shops/:shop/sources/:id/test": "operator",
  "post /console/shops/:shop/sources/:id/retry": "operator",
  "get /console/shops/:shop/deliveries/:id": "operator",
  "post /console/shops/:shop/deliveries/:id/retry": "operator",
  "get /console/shops/:shop/settings": "viewer",
  "post /console/shops/:shop/settings": "operator",
  "post /console/shops/:shop/settings/sending": "operator",
  "get /console/shops/:shop/settings/rules": "viewer",
  "post /console/shops/:shop/settings/rules/caps": "operator",
  "post /console/shops/:shop/settings/rules/notice": "operator",
  "get /console/shops/:shop/settings/transit": "viewer",
  "post /console/shops/:shop/settings/transit": "operator",
  "post /console/shops/:shop/settings/transit/check": "operator",
  "post /console/shops/:shop/settings/transit/remove": "operator",
  "post /console/shops/:shop/calendar/days": "operator",
  "post /console/shops/:shop/calendar/days/remove": "operator",
  "get /console/shops/:shop/settings/users": "owner",
  "post /console/shops/:shop/settings/users": "owner",
  "post /console/shops/:shop/settings/users/:id": "owner",
  "post /console/shops/:shop/settings/users/:id/link": "owner",
  "get /console/shops/:shop/settings/tokens": "owner",
  "post /console/shops/:shop/settings/tokens": "owner",
  "post /console/shops/:shop/settings/tokens/:id/revoke": "owner",
  "get /console/shops/:shop/settings/audit": "operator",
  "get /console/shops/:shop/settings/work": "operator",
};
/** What somebody who may only look may still post: what is their own, and an address to look up. */
const ownThings = /^post \/console\/(account|account\/password|preferences|shops\/:shop\/buyers)$/;

const names = routes.map(({ method, path }) => `${method} ${path}`);
const unknown = newId(instantOf("2026-01-01T00:00:00Z"));
let web: Web;
let shopId: string;
let visitors: Readonly<Record<TokenRole, Visitor>>;

beforeAll(async () => {
  web = await openWeb();
  shopId = (await shopWithSource(web)).shopId;
  const [viewer, operator, owner] = await Promise.all(tokenRoles.map((role) => signedIn(web, role)));
  if (viewer === undefined || operator === undefined || owner === undefined) throw new Error("three roles sign in");
  visitors = { viewer, operator, owner };
});

test("each route has the role that this table gives it, and no route is missing here", () => {
  expect(Object.fromEntries(routes.map(({ method, path, role }) => [`${method} ${path}`, role]))).toEqual(table);
  expect(new Set(names).size).toBe(names.length);
});

test("whoever may only look changes nothing but what is their own", () => {
  expect(Object.entries(table).filter(([name, role]) => name.startsWith("post") && role === "viewer" && !ownThings.test(name))).toEqual([]);
});

describe.each(names)("%s", (name) => {
  const [method = "", pattern = ""] = name.split(" ");
  const filled = (shop: string) => pattern.replace(":shop", shop).replaceAll(/:\w+/g, unknown);
  const ask = (visitor: Visitor, path: string, fields: Record<string, string> = {}) =>
    method === "get" ? visitor.get(path) : visitor.post(path, fields);

  test("asks whoever is not signed in to sign in, and does nothing", async () => {
    const { status, to } = await ask(new Visitor(web), filled(shopId));
    expect([status, to?.startsWith("/console/sign-in")]).toEqual([303, true]);
  });

  test("is refused below its role", async () => {
    const least = table[name] ?? "owner";
    for (const role of tokenRoles) {
      // A route that takes a form must at least not refuse by role: the fields may be wrong.
      const { status, text } = await ask(visitors[role], filled(shopId));
      const refused = status === 403 && textOf(text).includes("This takes the role");
      expect([role, refused]).toEqual([role, !includesRole(role, least)]);
    }
  });

  test.runIf(method === "post")("refuses a form without its token, with another session's, and from another site (SEC-06)", async () => {
    const { owner, operator } = visitors;
    const forms: readonly (readonly [Record<string, string>, Record<string, string>])[] = [
      [{ _form: "" }, {}],
      [{ _form: operator.formToken }, {}],
      [{ _form: owner.formToken }, { "sec-fetch-site": "cross-site" }],
      [{ _form: owner.formToken }, { "content-type": "text/plain" }],
    ];
    for (const [fields, headers] of forms) {
      const { status, text } = await owner.post(filled(shopId), fields, headers);
      expect([status, textOf(text)]).toEqual([403, expect.stringContaining("This form is from an older session.")]);
    }
  });

  test.runIf(pattern.includes(":shop"))("finds nothing in a shop that there is not, nor under a name that is no id (SEC-07)", async () => {
    for (const shop of [unknown, "x"]) expect((await ask(visitors.owner, filled(shop))).status).toBe(404);
  });
});
