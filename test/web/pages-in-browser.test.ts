import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { newId } from "../../src/core/ids.ts";
import { instantOf, plus } from "../../src/core/instant.ts";
import { linkToken } from "../../src/core/keys.ts";
import { keepMail } from "../../src/store/mailbox.ts";
import { chromiumPath, openBrowser } from "./browser.ts";
import { keys, openWeb, plannedOrder, shopWithSource } from "./set-up.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** Set to a folder to look at what the tests saw. */
const shots = process.env["SCREENSHOTS"];
const skip = chromiumPath === null && process.env["CI"] === undefined;

const names = [
  "start",
  "docs",
  "unsubscribe",
  "unsubscribe in Chinese",
  "done",
  "order",
  "order in Chinese",
  "help",
  "no order",
  "mailbox",
  "mail",
  "headers",
] as const;
type Name = (typeof names)[number];

describe.skipIf(skip)(`in a browser${skip ? " [SKIPPED: no Chromium was found; set CHROMIUM to its path]" : ""}`, () => {
  let open: (name: Name, view: { width: number; dark: boolean }) => Promise<{ page: Page; foreign: readonly string[] }>;

  beforeAll(async () => {
    const web = await openWeb();
    const browser = await openBrowser();
    const shop = await shopWithSource(web);
    const { orderId, messages } = await plannedOrder(web, shop);
    const at = instantOf("2026-01-20T08:00:00Z");
    const ids = ["Your parcel is on its way", "How is it going with order 1001?"].map((subject, index) => ({
      id: newId(plus(at, index * 60_000)),
      subject,
    }));
    for (const { id, subject } of ids) {
      const raw = Buffer.from(
        `From: Lantern <hello@lantern.example>\r\nTo: maya@buyer.example\r\nSubject: ${subject}\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<html lang="en"><head><title>Mail</title></head><body><h1>${subject}</h1><script>alert("no")</script><img alt="" src="https://canary.example/pixel.png" onerror="alert('no')"><p><a href="https://lantern.example">Lantern</a></p></body></html>`,
      );
      await keepMail(web.db, { id, receivedAt: at, sender: "hello@lantern.example", recipient: "maya@buyer.example", subject, raw });
    }
    const order = `/b/${linkToken(keys, "buyer", orderId)}`;
    const out = `/u/${linkToken(keys, "unsubscribe", messages["check-in"] ?? "")}`;
    const paths: Record<Name, string> = {
      start: "/",
      docs: "/api/docs",
      unsubscribe: out,
      "unsubscribe in Chinese": `${out}?lang=zh-CN`,
      done: out,
      order,
      "order in Chinese": `${order}?lang=zh-CN`,
      help: `${order}?topic=not-arrived`,
      "no order": "/b/x",
      mailbox: "/mailbox",
      mail: `/mailbox/${ids[0]?.id}?view=phone`,
      headers: `/mailbox/${ids[0]?.id}?view=headers`,
    };
    open = async (name, { width, dark }) => {
      const context = await browser.newContext({
        viewport: { width, height: 900 },
        colorScheme: dark ? "dark" : "light",
        bypassCSP: false,
      });
      const page = await context.newPage();
      const foreign: string[] = [];
      page.on("dialog", (dialog) => {
        foreign.push(`dialog: ${dialog.message()}`);
        void dialog.dismiss();
      });
      page.on("request", (request) => {
        if (!request.url().startsWith(web.url)) foreign.push(request.url());
      });
      page.on("pageerror", (error) => foreign.push(`error: ${error.message}`));
      await page.goto(`${web.url}${paths[name]}`);
      if (name === "done") await page.getByRole("button").click();
      if (name === "docs") await page.locator("summary").first().click();
      return { page, foreign };
    };
  });

  describe.each(names)("the page %s", (name) => {
    test.each([
      { width: 1280, dark: false },
      { width: 1280, dark: true },
      { width: 390, dark: false },
      { width: 390, dark: true },
    ])("is accessible, fits, and calls nobody: $width px, dark $dark", async (view) => {
      const { page, foreign } = await open(name, view);
      if (shots !== undefined) {
        mkdirSync(shots, { recursive: true });
        await page.screenshot({
          path: `${shots}/${name.replaceAll(" ", "-")}-${view.width}-${view.dark ? "dark" : "light"}.png`,
          fullPage: name !== "docs",
        });
      }
      const wide = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
      expect(wide, "the page must not scroll sideways").toBeLessThanOrEqual(0);
      // Evaluated by the browser's debugger, which the page's policy does not bind.
      await page.evaluate(axe);
      const result = (await page.evaluate(
        "axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], iframes: false })",
      )) as { violations: { id: string; nodes: { html: string }[] }[] };
      expect(result.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
      expect(foreign).toEqual([]);
      await page.context().close();
    });
  });

  test("the keyboard alone unsubscribes", async () => {
    const { page } = await open("unsubscribe", { width: 390, dark: false });
    await page.keyboard.press("Tab");
    await page.keyboard.press("ArrowDown");
    expect(await page.locator("input:checked").getAttribute("value")).toBe("optional");
    await page.keyboard.press("Tab");
    await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
    expect(await page.locator("h1").textContent()).toBe("Done");
    await page.context().close();
  });
});
