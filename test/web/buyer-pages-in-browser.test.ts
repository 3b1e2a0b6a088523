import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser, Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { pageLocales } from "../../src/web/words/words.ts";
import { openBrowser } from "./browser.ts";
import { chromiumPath } from "./browser-path.ts";
import { type BuyerWorld, buyerWorld, late } from "./buyer-world.ts";
import { openWeb, parcel } from "./set-up.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const checks =
  "axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations'] })";
/** Set to a folder to look at what the tests saw, in all languages. */
const shots = process.env["SCREENSHOTS"];
const skip = chromiumPath === null && process.env["CI"] === undefined;

const hostile = `<script>alert(1)</script><img src=x onerror=alert(2)>"'</textarea>`;
const states = ["to choose", "told", "wrong", "proposal"] as const;
type State = (typeof states)[number];
/** English in every state; a script from right to left, and one without blanks, where most is said. */
const usual: Readonly<Record<string, readonly State[]>> = { en: states, ar: ["to choose", "told"], "zh-CN": ["told", "proposal"] };
const shown = pageLocales.flatMap((locale) =>
  (shots === undefined ? (usual[locale] ?? []) : states).map((state) => [state, locale] as const),
);

describe.skipIf(skip)(`the buyer's page in a browser${skip ? " [SKIPPED: no Chromium was found; set CHROMIUM to its path]" : ""}`, () => {
  let browser: Browser;
  let url: string;
  let worlds: Record<State, BuyerWorld>;
  const late1 = { kind: "shipment", id: "s1" } as const;

  beforeAll(async () => {
    const web = await openWeb();
    browser = await openBrowser();
    url = web.url;
    const [choose, told, proposal] = [await buyerWorld(web), await buyerWorld(web), await buyerWorld(web)];
    worlds = { "to choose": choose, told, wrong: choose, proposal };
    web.setClock(late);
    const scan = { id: "s1", status: "customs", occurredAt: "2026-01-27T08:00:00Z", location: "Los Angeles" };
    await web.deliver(choose.source, "shipment.updated", { order: { id: "id-1001" }, shipment: scan });
    const second = {
      ...parcel,
      id: "s2",
      carrier: "USPS",
      service: null,
      trackingNumber: "9400111899223344556677",
      items: [{ id: "i1", quantity: 2 }],
    };
    await web.deliver(proposal.source, "shipment.dispatched", { order: { id: "id-1001" }, shipment: second });
    await web.work();
    await choose.mailed("delivery-late", late1);
    await told.mailed("delivery-late", late1);
    await told.post("choice", { of: "delivery-late", about: "s1", choice: "resend", note: "Please send it to my office instead." });
    await told.post("report", { topic: "not-arrived", text: "", once: "019bd4a0-6c00-7cc3-98c4-dc0c0c07398f" });
    await told.post("report", {
      topic: "problem",
      text: "The frame is broken.\nThe paper is torn.",
      once: "019bd4a0-6c00-7cc3-98c4-dc0c0c073990",
    });
    await told.post("feedback", { rating: "2", text: "Pretty, but it came broken." });
    await told.post("mails", { care: "on" });
    await web.ok("POST", `/orders/${proposal.orderId}/actions`, {
      type: "dispute-proposal",
      id: "p-1",
      fields: {
        cause: "The parcel was handed to the wrong house: 12 Elm Street instead of 21.",
        proposal: "We send you a new one by express, or you get your money back.",
        steps: "It leaves on Monday.\nYou get its number the same day.\nIt is with you within a week.",
        replyBy: "2026-02-20",
      },
    });
    await proposal.mailed("dispute-proposal", { kind: "action", id: "p-1" });
    await proposal.post("report", { topic: "problem", text: hostile, once: "019bd4a0-6c00-7cc3-98c4-dc0c0c073991" });
  });

  async function open(state: State, locale: string, alarms: string[]): Promise<Page> {
    const page = await browser.newPage();
    page.on("dialog", (dialog) => {
      alarms.push(dialog.message());
      void dialog.dismiss();
    });
    page.on("pageerror", (error) => alarms.push(error.message));
    const query = state === "told" ? "&done=chosen&topic=mails" : "";
    await page.goto(`${url}${worlds[state].path}?lang=${locale}${query}`);
    if (state === "wrong") {
      await page.evaluate("document.querySelectorAll('form').forEach((form) => { form.noValidate = true })");
      await page.locator("textarea[name=text]").last().fill("x");
      await page.locator("form[action*=feedback] button").click();
    }
    await page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })");
    return page;
  }

  test.each(shown)("%s, %s: accessible, and as wide as the screen, on a desk and on a phone, in light and dark", async (state, locale) => {
    const alarms: string[] = [];
    const page = await open(state, locale, alarms);
    await page.evaluate(axe);
    for (const width of [1280, 390]) {
      for (const colorScheme of ["light", "dark"] as const) {
        await page.setViewportSize({ width, height: 900 });
        await page.emulateMedia({ colorScheme });
        await shoot(page, `${state.replaceAll(" ", "-")}-${locale}-${width}-${colorScheme}`);
        const wide = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        expect(wide, `at ${width} px the page must not scroll sideways`).toBeLessThanOrEqual(0);
        const { violations } = (await page.evaluate(checks)) as { violations: { id: string; nodes: { html: string }[] }[] };
        expect(violations.map(({ id, nodes }) => `${id}, ${width} px, ${colorScheme}: ${nodes[0]?.html}`)).toEqual([]);
      }
    }
    expect(alarms, "what buyers wrote must stay words").toEqual([]);
    await page.close();
  });

  test("without script a buyer chooses, sees it, and changes it", async () => {
    const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 390, height: 800 } });
    const page = await context.newPage();
    const { path } = worlds["to choose"];
    await page.goto(`${url}${path}?topic=choose&of=delivery-late&about=s1&choice=refund`);
    expect(await page.locator("#choice input:checked").getAttribute("value")).toBe("refund");
    await page.locator("#choice").getByText("Send it again").click();
    await page.getByRole("button", { name: "That is my choice" }).click();
    expect(await page.getByRole("status").textContent()).toBe("Thank you, we have your choice.");
    expect(await page.locator("#choice .told strong").textContent()).toBe("Send it again");
    await page.getByText("Change my choice").click();
    await page.locator("#choice").getByText("Pay me back").last().click();
    await page.getByRole("button", { name: "That is my choice" }).click();
    expect(await page.locator("#choice .told strong").textContent()).toBe("Pay me back");
    await context.close();
  });
});

async function shoot(page: Page, name: string): Promise<void> {
  if (shots === undefined) return;
  mkdirSync(shots, { recursive: true });
  await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true });
}
