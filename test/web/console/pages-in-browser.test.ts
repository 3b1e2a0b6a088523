import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { openBrowser } from "../browser.ts";
import { chromiumPath } from "../browser-path.ts";
import { openWeb, plannedOrder, shopWithSource, type Web } from "../set-up.ts";
import { password, user } from "./set-up.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const checks =
  "axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], iframes: false, resultTypes: ['violations'] })";
/** Set to a folder to look at what the tests saw (`npm run screenshots`). */
const shots = process.env["SCREENSHOTS"];
const skip = chromiumPath === null && process.env["CI"] === undefined;

/** Pages by name: a new one needs a line here. `:shop` is filled in. */
const pages: Readonly<Record<string, string>> = {
  "sign-in": "/console/sign-in",
  account: "/console/account",
  "new-shop": "/console/new-shop",
  today: "/console/shops/:shop/today",
  "not-found": "/console/shops/:shop/nothing",
};

describe.skipIf(skip)(`the console in a browser${skip ? " [SKIPPED: no Chromium was found; set CHROMIUM to its path]" : ""}`, () => {
  let web: Web;
  let shopId: string;
  let browser: Browser;
  let context: BrowserContext;

  beforeAll(async () => {
    web = await openWeb();
    browser = await openBrowser();
    const shop = await shopWithSource(web);
    shopId = shop.shopId;
    await plannedOrder(web, shop);
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
      await page.goto(`${web.url}${(pages[name] ?? "").replace(":shop", shopId)}`);
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
