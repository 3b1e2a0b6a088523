import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser, Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { openBrowser } from "../web/browser.ts";
import { chromiumPath } from "../web/browser-path.ts";
import { every, rendered } from "./every-mail.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
// A mail has no landmarks: readers drop the elements.
const runAxe =
  "axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], rules: { region: { enabled: false }, 'landmark-one-main': { enabled: false } }, resultTypes: ['violations'] })";

// Looked at closely: each kind of piece (evidence, choices, a table of items), in three scripts and both directions.
const closely = every.filter(
  ([key, locale]) =>
    (key === "delivery-late" && ["en", "ar", "ja"].includes(locale)) || (key === "feedback-reminder" && ["de", "zh-CN"].includes(locale)),
);

const skip = chromiumPath === null && process.env["CI"] === undefined;

describe.skipIf(skip)(skip ? "mails in a browser — SKIPPED: there is no Chromium" : "mails in a browser", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });

  async function show(page: Page, key: string, locale: string): Promise<void> {
    await page.setContent((await rendered(key, locale)).html, { waitUntil: "domcontentloaded" });
  }

  describe.each(["light", "dark"] as const)("in %s colours", (colorScheme) => {
    test("have contrast, names and structure that everybody can read (WCAG 2.2 AA)", async () => {
      const page = await browser.newPage({ colorScheme, viewport: { width: 600, height: 900 } });
      const found: unknown[] = [];
      for (const [key, locale] of closely) {
        await show(page, key, locale);
        await page.evaluate(axe);
        const { violations } = (await page.evaluate(runAxe)) as {
          violations: { id: string; nodes: { html: string; failureSummary: string }[] }[];
        };
        for (const { id, nodes } of violations)
          found.push({
            mail: `${key} ${locale}`,
            id,
            nodes: nodes.slice(0, 3).map(({ html, failureSummary }) => ({ html: html.slice(0, 200), failureSummary })),
          });
      }
      await page.close();
      expect(found).toEqual([]);
    });
  });

  test("fit a phone of 360 points: nothing sticks out, neither long words nor scripts without blanks nor from right to left", async () => {
    const page = await browser.newPage({ viewport: { width: 360, height: 800 } });
    const wide: string[] = [];
    for (const [key, locale] of every) {
      if (!["de", "ru", "ja", "ar"].includes(locale)) continue;
      await show(page, key, locale);
      const width = Number(await page.evaluate("document.documentElement.scrollWidth"));
      if (width > 360) wide.push(`${key} ${locale}: ${width}`);
    }
    await page.close();
    expect(wide).toEqual([]);
  }, 180_000);

  test("call for nothing: neither a picture nor a style comes from elsewhere", async () => {
    const page = await browser.newPage();
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    for (const [key, locale] of closely) await show(page, key, locale);
    await page.close();
    expect(asked.filter((url) => !url.startsWith("about:"))).toEqual([]);
  });
});
