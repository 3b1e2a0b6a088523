import { mkdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { newId } from "../../src/core/ids.ts";
import { instantOf, plus } from "../../src/core/instant.ts";
import { linkToken } from "../../src/core/keys.ts";
import { keepMail } from "../../src/store/mailbox.ts";
import { atEndOfFile } from "../support/clean-up.ts";
import { openBrowser } from "./browser.ts";
import { chromiumPath } from "./browser-path.ts";
import { keys, openWeb, plannedOrder, shopWithSource } from "./set-up.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const checks =
  "axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], iframes: false, resultTypes: ['violations'] })";
/** What was asked of a host that is not ours. */
const fetched: string[] = [];
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
  let open: (name: Name) => Promise<{ page: Page; alarms: readonly string[] }>;

  beforeAll(async () => {
    const web = await openWeb();
    const browser = await openBrowser();
    const canary = createServer((request, response) => {
      fetched.push(request.url ?? "");
      response.end();
    });
    await new Promise<void>((resolve) => canary.listen(0, "127.0.0.1", resolve));
    atEndOfFile(() => new Promise((resolve) => canary.close(() => resolve())));
    const { port } = canary.address() as AddressInfo;
    const shop = await shopWithSource(web);
    const { orderId, messages } = await plannedOrder(web, shop);
    const at = instantOf("2026-01-20T08:00:00Z");
    const ids = ["Your parcel is on its way", "How is it going with order 1001?"].map((subject, index) => ({
      id: newId(plus(at, index * 60_000)),
      subject,
    }));
    for (const { id, subject } of ids) {
      const raw = Buffer.from(
        `From: Lantern <hello@lantern.example>\r\nTo: maya@buyer.example\r\nSubject: ${subject}\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<html lang="en"><head><title>Mail</title></head><body><h1>${subject}</h1><script>alert("no")</script><img alt="" src="http://127.0.0.1:${port}/pixel.png" onerror="alert('no')"><p><a href="https://lantern.example">Lantern</a></p></body></html>`,
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
    open = async (name) => {
      const page = await browser.newPage();
      const alarms: string[] = [];
      page.on("dialog", (dialog) => {
        alarms.push(`dialog: ${dialog.message()}`);
        void dialog.dismiss();
      });
      page.on("pageerror", (error) => alarms.push(`error: ${error.message}`));
      await page.goto(`${web.url}${paths[name]}`);
      if (name === "done") await page.getByRole("button").click();
      if (name === "docs") await page.locator("summary").first().click();
      return { page, alarms };
    };
  });

  test.each(names)(
    "the page %s is accessible and fits, on a desk and on a phone, in light and dark; no dialog opens (SEC-02)",
    async (name) => {
      const { page, alarms } = await open(name);
      // Evaluated by the browser's debugger, which the page's policy does not bind.
      await page.evaluate(axe);
      for (const width of [1280, 390]) {
        for (const colorScheme of ["light", "dark"] as const) {
          await page.setViewportSize({ width, height: 900 });
          await page.emulateMedia({ colorScheme });
          await shoot(page, `${name.replaceAll(" ", "-")}-${width}-${colorScheme}`);
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

  test("no picture in a mail was fetched by looking at it", async () => {
    const { page } = await open("mail");
    await page.frameLocator("iframe").locator("h1").waitFor();
    expect(fetched).toEqual([]);
    await page.close();
  });

  test("the keyboard alone unsubscribes", async () => {
    const { page } = await open("unsubscribe");
    await page.keyboard.press("Tab");
    await page.keyboard.press("ArrowDown");
    expect(await page.locator("input:checked").getAttribute("value")).toBe("optional");
    await page.keyboard.press("Tab");
    await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
    expect(await page.locator("h1").textContent()).toBe("Done");
    await page.close();
  });
});

async function shoot(page: Page, name: string): Promise<void> {
  if (shots === undefined) return;
  mkdirSync(shots, { recursive: true });
  await page.screenshot({ path: `${shots}/${name}.png` });
}
