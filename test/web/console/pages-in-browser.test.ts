import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { addressHash } from "../../../src/core/keys.ts";
import { buyerPath } from "../../../src/web/console/buyers/path.ts";
import { openBrowser } from "../browser.ts";
import { chromiumPath } from "../browser-path.ts";
import { keys, openWeb, plannedOrder, shopWithSource, type Web } from "../set-up.ts";
import { password, user } from "./set-up.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const checks =
  "axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], iframes: false, resultTypes: ['violations'] })";
/** Set to a folder to look at what the tests saw (`npm run screenshots`). */
const shots = process.env["SCREENSHOTS"];
const skip = chromiumPath === null && process.env["CI"] === undefined;

/** Pages by name: a new one needs a line here. `:shop`, `:order`, `:message` and `:buyer` are filled in. */
const pages: Readonly<Record<string, string>> = {
  "sign-in": "/console/sign-in",
  account: "/console/account",
  "new-shop": "/console/new-shop",
  today: "/console/shops/:shop/today",
  orders: "/console/shops/:shop/orders",
  "orders-none": "/console/shops/:shop/orders?q=nobody",
  order: "/console/shops/:shop/orders/:order",
  messages: "/console/shops/:shop/messages",
  message: "/console/shops/:shop/messages/:message",
  schedule: "/console/shops/:shop/schedule",
  "schedule-edit": "/console/shops/:shop/schedule/edit",
  "schedule-yaml": "/console/shops/:shop/schedule/yaml",
  "schedule-version": "/console/shops/:shop/schedule/version?number=1",
  calendar: "/console/shops/:shop/calendar",
  templates: "/console/shops/:shop/templates",
  template: "/console/shops/:shop/templates/one?key=delivery-late&lang=ar",
  "template-words": "/console/shops/:shop/templates/edit?key=check-in&lang=de",
  "template-body": "/console/shops/:shop/templates/edit?key=check-in&part=body",
  "template-versions": "/console/shops/:shop/templates/versions?key=check-in",
  tasks: "/console/shops/:shop/tasks",
  buyers: "/console/shops/:shop/buyers",
  buyer: "/console/shops/:shop/buyers/:buyer",
  "first-run": "/console/shops/:shop/first-run",
  sources: "/console/shops/:shop/sources",
  "new-source": "/console/shops/:shop/sources/new",
  source: "/console/shops/:shop/sources/:source",
  delivery: "/console/shops/:shop/deliveries/:delivery",
  "work-list": "/console/shops/:shop/work",
  "work-one": "/console/shops/:shop/work/:errand",
  settings: "/console/shops/:shop/settings",
  rules: "/console/shops/:shop/settings/rules",
  transit: "/console/shops/:shop/settings/transit",
  users: "/console/shops/:shop/settings/users",
  tokens: "/console/shops/:shop/settings/tokens",
  audit: "/console/shops/:shop/settings/audit",
  work: "/console/shops/:shop/settings/work",
  "not-found": "/console/shops/:shop/nothing",
};

describe.skipIf(skip)(`the console in a browser${skip ? " [SKIPPED: no Chromium was found; set CHROMIUM to its path]" : ""}`, () => {
  let web: Web;
  let ids: Readonly<Record<string, string>>;
  let browser: Browser;
  let context: BrowserContext;

  beforeAll(async () => {
    web = await openWeb();
    browser = await openBrowser();
    const shop = await shopWithSource(web);
    const { orderId, messages } = await plannedOrder(web, shop);
    await web.deliver(shop.source, "order.placed", { order: { id: "<b>7</b>", number: 7 } });
    const body = (await web.ok("GET", `/shops/${shop.shopId}/templates/check-in`)).builtIn["body.txt"];
    for (const title of ["How is it?", "How does it look?"]) {
      const files = { "strings.en.json": { title }, "body.txt": `${body}\n${title}\n` };
      await web.ok("PUT", `/shops/${shop.shopId}/templates/check-in`, { files, note: "shorter" });
    }
    await web.work();
    const { deliveries } = await web.ok("GET", `/sources/${shop.source.id}/quarantine`);
    const buyer =
      buyerPath(addressHash(keys, shop.shopId, "maya@buyer.example"))
        .split("/")
        .at(-1) ?? "";
    const message = messages["check-in"] ?? "";
    const errand = await web.ok("POST", `/shops/${shop.shopId}/messages/moves`, { move: "release", filter: { step: "check-in" } });
    await web.errands();
    ids = { errand: errand.id, shop: shop.shopId, order: orderId, message, buyer, source: shop.source.id, delivery: deliveries[0].id };
    context = await browser.newContext();
    const page = await context.newPage();
    const { email } = await user(web);
    await page.goto(`${web.url}/`);
    await page.getByLabel("E-mail").fill(email);
    await page.getByLabel("Password", { exact: true }).fill(password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.waitForURL("**/today");
    await page.close();
  });

  test.each(Object.keys(pages))(
    "%s is accessible and fits, on a desk and on a phone, in light and dark, and its policy blocks nothing of it",
    async (name) => {
      const page = await (name === "sign-in" ? browser : context).newPage();
      const alarms = listen(page);
      await page.goto(`${web.url}${(pages[name] ?? "").replaceAll(/:(\w+)/g, (_, id: string) => ids[id] ?? "")}`);
      // What unfolds must be accessible too.
      await page.evaluate("for (const part of document.querySelectorAll('main details:not(.confirm)')) part.open = true");
      await page.evaluate(axe);
      for (const width of [1280, 390]) {
        for (const colorScheme of ["light", "dark"] as const) {
          await page.setViewportSize({ width, height: 900 });
          await page.emulateMedia({ colorScheme });
          await shoot(page, `${name}-${width}-${colorScheme}`);
          const wide = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
          expect(wide, `at ${width} px the page must not scroll sideways`).toBeLessThanOrEqual(0);
          const { violations } = (await page.evaluate(checks)) as { violations: { id: string; nodes: { html: string }[] }[] };
          expect(violations.map(({ id, nodes }) => `${id}, ${width} px, ${colorScheme}: ${nodes[0]?.html}`)).toEqual([]);
        }
      }
      expect(alarms).toEqual([]);
      await page.close();
    },
  );

  test("an operator finds an order, reads why a mail will not go out, holds one and takes it back", async () => {
    const page = await context.newPage();
    await page.goto(`${web.url}/console/shops/${ids["shop"]}/today`);
    await page.keyboard.press("/");
    await page.keyboard.type("1001");
    await page.keyboard.press("Enter");
    await page.waitForURL(`**/orders/${ids["order"]}`);
    const holiday = page.locator(".entry", { hasText: "Holiday notice" });
    await holiday.getByText("Why not").click();
    await holiday.getByText("no closure of the shop concerns this order").waitFor();
    const checkIn = page.locator(".entry", { hasText: "Check-in" });
    await checkIn.getByRole("button", { name: "Hold" }).click();
    await page.locator(".entry", { hasText: "an operator holds it" }).waitFor();
    await page.getByRole("button", { name: "Undo" }).click();
    await page.locator(".entry", { hasText: "Check-in" }).locator(".state", { hasText: "Planned" }).waitFor();
    await page.close();
  });

  test("an operator declares a closure after seeing who is told, and takes it back", async () => {
    const page = await context.newPage();
    await page.goto(`${web.url}/console/shops/${ids["shop"]}/calendar`);
    await page.getByText("Declare a closure").click();
    const form = page.locator('form[action$="/closures/check"]').last();
    await form.getByLabel("Name").fill("Lantern Festival");
    await form.getByLabel("First day").fill("2026-01-24");
    await form.getByLabel("Last day").fill("2026-01-23");
    await form.getByLabel("Parcels leave again on").fill("2026-01-27");
    await form.getByRole("button", { name: "See who would be told" }).click();
    await page.getByText("is before the first day").waitFor();
    await form.getByLabel("Last day").fill("2026-01-26");
    await form.getByRole("button", { name: "See who would be told" }).click();
    await page.getByRole("heading", { name: /Lantern Festival: (the buyer of one order|nobody) would be told/ }).waitFor();
    await page.getByRole("button", { name: /^Declare/ }).click();
    await page.getByText("Lantern Festival is declared.").waitFor();
    expect((await web.ok("GET", `/shops/${ids["shop"]}/closures`)).closures).toMatchObject([
      { name: "Lantern Festival", ends: "2026-01-26" },
    ]);
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByText("Taken back.").waitFor();
    expect((await web.ok("GET", `/shops/${ids["shop"]}/closures`)).closures).toEqual([]);
    await page.close();
  });

  test("an operator declares a disruption after seeing who is told, and ends it", async () => {
    const page = await context.newPage();
    await page.goto(`${web.url}/console/shops/${ids["shop"]}/calendar`);
    await page.getByText("Declare a disruption").click();
    const form = page.locator('form[action$="/disruptions/check"]');
    await form.getByLabel("Name").fill("Storm");
    await form.getByLabel("What happened, in one sentence").fill("A storm holds up flights from Shanghai.");
    await form.getByLabel("First day").fill("2026-01-20");
    await form.getByLabel("Only parcels to these countries").fill("us, ca");
    await form.getByRole("button", { name: "See who would be told" }).click();
    await page.getByRole("heading", { name: "Storm: the buyer of one order would be told." }).waitFor();
    await page.getByRole("button", { name: "Declare, and tell 1" }).click();
    await page.getByText("Storm is declared.").waitFor();
    expect((await web.ok("GET", `/shops/${ids["shop"]}/disruptions`)).disruptions).toMatchObject([
      { name: "Storm", match: { countries: ["US", "CA"] } },
    ]);
    await page.locator("summary", { hasText: "It is over" }).click();
    await page.getByRole("button", { name: "It is over" }).click();
    await page.getByText("It is over.").waitFor();
    expect((await web.ok("GET", `/shops/${ids["shop"]}/disruptions`)).disruptions[0].endedAt).not.toBeNull();
    await page.close();
  });

  test("an operator edits the schedule, sees it redrawn, simulates and publishes it, and queued mail moves", async () => {
    const page = await context.newPage();
    const alarms = listen(page);
    await page.goto(`${web.url}/console/shops/${ids["shop"]}/schedule/edit`);
    const step = page.locator("ol.steps > li").filter({ has: page.locator("summary strong", { hasText: /^Check-in$/ }) });
    await step.locator("summary").first().click();
    const from = step.getByLabel("From", { exact: true }).first();
    await from.fill("five");
    await from.blur();
    await page.locator("#draft-view .notice.bad").getByText("wait").waitFor();
    await from.fill("5");
    await from.blur();
    await page
      .locator("#draft-view")
      .getByText(/move \d+ and cancel/)
      .waitFor();
    await page.locator("#draft-view .changes").getByText("wait.days").waitFor();
    await page.getByRole("button", { name: "Simulate on last month's orders" }).click();
    await page.getByRole("heading", { name: /orders of the last month/ }).waitFor();
    await page.getByRole("button", { name: "Publish…" }).click();
    await page.getByRole("heading", { name: "Publish version 2?" }).waitFor();
    await page.getByLabel("Re-time them").check();
    await page.getByRole("button", { name: "Publish", exact: true }).click();
    await page.getByText(/Version 2 is in force: \d+ mails added, [1-9]\d* moved/).waitFor();
    const { version, schedule } = await web.ok("GET", `/shops/${ids["shop"]}/schedule`);
    expect(version).toBe(2);
    const checkIn = schedule.steps.find(({ key }: { key: string }) => key === "check-in");
    expect(checkIn.wait.days).toBe(5);
    const message = await web.ok("GET", `/messages/${ids["message"]}`);
    expect(message.dueAt.slice(0, 10)).toBe("2026-01-25");
    await page.goto(`${web.url}/console/shops/${ids["shop"]}/schedule/version?number=2`);
    await page.getByText("wait.days").waitFor();
    await page.getByRole("link", { name: "Edit from this version" }).waitFor();
    expect(alarms).toEqual([]);
    await page.close();
  });

  test("keys show the list of keys, and go to a page", async () => {
    const page = await context.newPage();
    await page.goto(`${web.url}/console/account`);
    await page.keyboard.press("?");
    await page.getByRole("dialog").getByText("Keys").waitFor();
    await page.keyboard.press("Escape");
    await page.locator("#keys").waitFor({ state: "hidden" });
    await page.keyboard.press("g");
    await page.keyboard.press("t");
    await page.waitForURL("**/today");
    await page.close();
  });
});

/** Whatever a page must not do. A refusal by its own policy is an error in the browser's console; the 404 it asked for is none. */
function listen(page: Page): readonly string[] {
  const alarms: string[] = [];
  page.on("dialog", (dialog) => {
    alarms.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("pageerror", (error) => alarms.push(`error: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error" && !message.text().includes("404")) alarms.push(message.text());
  });
  return alarms;
}

async function shoot(page: Page, name: string): Promise<void> {
  if (shots === undefined) return;
  mkdirSync(shots, { recursive: true });
  await page.screenshot({ path: `${shots}/${name}.png` });
}
