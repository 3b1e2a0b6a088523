import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { openWeb, plannedOrder, shopWithSource } from "./set-up.ts";

const web = await openWeb();
const mine = await shopWithSource(web, { postalAddress: "8 Nanjing Road, Shanghai", signedBy: "Lin" });
const other = await shopWithSource(web, { name: "Another" });
const path = `/shops/${mine.shopId}/templates`;
const words = (title: string) => ({ files: { "strings.en.json": { title } } });

test("a template is made one's own, looked at, changed, and given back; each version stays", async () => {
  expect(await web.ok("PUT", `${path}/check-in`, { ...words("How is it?"), note: "shorter" })).toEqual({ version: 1, problems: [] });
  expect(await web.ok("PUT", `${path}/check-in`, { ...words("How does it look?"), basedOn: 1 })).toEqual({ version: 2, problems: [] });
  const shown = await web.ok("GET", `${path}/check-in`);
  expect(shown).toMatchObject({
    name: "check-in",
    category: "care",
    version: 2,
    files: { "strings.en.json": '{\n  "title": "How does it look?"\n}\n' },
    publishedBy: "API_TOKEN",
    lint: "clean",
    problems: [],
    versions: [
      { version: 2, files: ["strings.en.json"], note: null },
      { version: 1, files: ["strings.en.json"], note: "shorter", publishedAt: "2026-01-20T08:00:00.000Z" },
    ],
  });
  expect(Object.keys(shown.builtIn)).toEqual(expect.arrayContaining(["body.mjml", "body.txt", "strings.en.json", "strings.zh-CN.json"]));
  const { templates } = await web.ok("GET", path);
  expect(templates).toHaveLength(25);
  expect(templates.filter((one: { version: number }) => one.version > 0)).toMatchObject([{ name: "check-in", version: 2, lint: "clean" }]);
  expect(await web.ok("GET", `${path}/check-in/versions/1`)).toMatchObject({
    files: { "strings.en.json": expect.stringContaining("How is it?") },
  });

  expect((await web.call("DELETE", `${path}/check-in`)).status).toBe(204);
  expect((await web.call("DELETE", `${path}/check-in`)).status).toBe(204);
  expect(await web.ok("GET", `${path}/check-in`)).toMatchObject({ version: 0, files: {}, versions: [{ version: 3, files: [] }, {}, {}] });

  const rows = await web.db.selectFrom("audit_log").selectAll().where("shop_id", "=", mine.shopId).orderBy("id").execute();
  expect(
    rows
      .filter(({ action }) => action.startsWith("template."))
      .map(({ action, subject, before, after }) => [action, subject, before, after]),
  ).toEqual([
    ["template.published", "check-in", { version: 0 }, { version: 1, files: ["strings.en.json"], note: "shorter" }],
    ["template.published", "check-in", { version: 1 }, { version: 2, files: ["strings.en.json"], note: null }],
    ["template.reverted", "check-in", { version: 2 }, { version: 0 }],
  ]);
});

test("what is not sound is 422, with file, line, column and word; a dry run answers all of it and publishes nothing", async () => {
  const files = { "strings.de.json": '{\n  "subject": "Gut?",\n  "title": "Hallo {{buyer.nmae}}"\n}', "body.txt": "{{#if review}}" };
  const refused = await web.call("PUT", `${path}/review-thanks`, { files });
  expect(refused.status).toBe(422);
  expect(refused.body.errors).toEqual([
    { pointer: "/files/strings.de.json/title", detail: "strings.de.json:3:19 (title): mails have no buyer.nmae" },
    { pointer: "/files/body.txt", detail: "body.txt:1:1: {{#if}} is not closed" },
  ]);
  const dry = await web.ok("PUT", `${path}/review-thanks?dryRun=true`, { files });
  expect(dry).toMatchObject({
    version: null,
    problems: [{ file: "strings.de.json", line: 3, column: 19, key: "title" }, { file: "body.txt" }],
  });
  const forbidden = await web.call("PUT", `${path}/check-in`, words("Please change your review to five stars."));
  expect([forbidden.status, forbidden.body.errors[0].pointer]).toEqual([422, "/files/strings.en.json/title"]);
  expect(await web.ok("GET", `${path}/review-thanks`)).toMatchObject({ version: 0, versions: [] });
  expect((await web.call("PUT", `${path}/check-in`, { files: {} })).status).toBe(422);
});

test("words that ask for what the shop never gave are refused: each of its mails would have a hole", async () => {
  const files = { "strings.fr.json": { subject: "Bonjour", title: "Voir {{shop.website}}" } };
  const bare = await shopWithSource(web, { website: null });
  for (const dry of ["", "?dryRun=true"]) {
    const { status, body } = await web.call("PUT", `/shops/${bare.shopId}/templates/check-in${dry}`, { files });
    expect([status, JSON.stringify(body)]).toEqual([
      dry === "" ? 422 : 200,
      expect.stringContaining("shop.website is missing: Lantern has none"),
    ]);
  }
  expect((await web.call("PUT", `${path}/check-in`, { files })).status).toBe(200);
  await web.call("DELETE", `${path}/check-in`);
});

test("whoever publishes from a version that is in force no more is told so (409)", async () => {
  await web.ok("PUT", `${path}/delivered`, words("It is there"));
  const late = await web.call("PUT", `${path}/delivered`, { ...words("It came"), basedOn: 0 });
  expect([late.status, late.body.detail]).toEqual([409, expect.stringContaining("version 1")]);
});

test("a preview shows files that are not published, of a sample or an order, in the shop's name", async () => {
  const { orderId } = await plannedOrder(web, mine);
  const files = { "strings.de.json": { subject: "Alles gut mit {{order.number}}?" } };
  const shown = await web.ok("POST", `${path}/check-in/preview`, { locale: "de", files, orderId });
  expect(shown).toMatchObject({ locale: "de", subject: "Alles gut mit 1001?", bytes: expect.any(Number) });
  for (const part of [shown.html, shown.text]) expect(part).toContain("8 Nanjing Road, Shanghai");
  expect(shown.text).toContain("Maya");
  expect((await web.ok("POST", `${path}/_layout/preview`, { files: { "strings.en.json": { "sign.off": "Yours," } } })).text).toContain(
    "Yours,\nLin",
  );
  const wrong = await web.call("POST", `${path}/check-in/preview`, { files: { "body.mjml": "<mj-text><script>x</script></mj-text>" } });
  expect([wrong.status, wrong.body.errors[0].detail]).toEqual([422, expect.stringContaining("<script> is not for")]);
  expect((await web.call("POST", `${path}/check-in/preview`, { locale: "it" })).body.errors[0].pointer).toBe("/locale");
});

test("every template can be previewed with an order that has nothing of what it is about", async () => {
  const { orderId } = await plannedOrder(web, mine, "1002");
  const { templates } = await web.ok("GET", path);
  for (const { name } of templates) expect((await web.ok("POST", `${path}/${name}/preview`, { orderId })).subject, name).toMatch(/\w/);
});

test("nothing of it is another shop's (SEC-07)", async () => {
  await web.ok("PUT", `${path}/delivered`, words("Mine"));
  const { orderId } = await plannedOrder(web, mine, "1003");
  const theirs = `/shops/${other.shopId}/templates/delivered`;
  expect(await web.ok("GET", theirs)).toMatchObject({ version: 0, versions: [] });
  expect((await web.call("GET", `${theirs}/versions/1`)).status).toBe(404);
  expect((await web.call("POST", `${theirs}/preview`, { orderId })).status).toBe(422);
  expect((await web.call("POST", `${theirs}/preview`, { orderId: randomUUID() })).status).toBe(422);
  expect((await web.ok("POST", `${theirs}/preview`, {})).html).not.toContain("Mine");
  for (const name of ["nothing", "..%2Fcheck-in", "constructor", "__proto__"]) {
    expect((await web.call("GET", `${path}/${name}`)).status, name).toBe(404);
  }
});

test("a viewer looks, an operator changes", async () => {
  const viewer = await web.ok("POST", "/tokens", { name: "Looks", role: "viewer" });
  const as = { authorization: `Bearer ${viewer.token}` };
  expect((await web.call("GET", `${path}/check-in`, undefined, as)).status).toBe(200);
  for (const [method, body] of [
    ["PUT", words("x")],
    ["DELETE", undefined],
  ] as const) {
    expect((await web.call(method, `${path}/check-in`, body, as)).status).toBe(403);
  }
});
