import type { Browser, Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { instantOf } from "../../../src/core/instant.ts";
import { openDatabase } from "../../../src/store/database.ts";
import { type Story, tell } from "../../journeys/story.ts";
import { atEndOfFile } from "../../support/clean-up.ts";
import { openBrowser } from "../browser.ts";
import { chromiumPath } from "../browser-path.ts";
import { password, user } from "./set-up.ts";

const skip = chromiumPath === null && process.env["CI"] === undefined;

describe.skipIf(skip)(
  `the editor of templates in a browser${skip ? " [SKIPPED: no Chromium was found; set CHROMIUM to its path]" : ""}`,
  () => {
    let browser: Browser;
    let story: Story;
    let page: Page;
    let email: string;
    const dialogs: string[] = [];

    beforeAll(async () => {
      browser = await openBrowser();
      story = await tell();
      const db = openDatabase({ url: story.service.databaseUrl, connections: 2 });
      atEndOfFile(() => db.destroy());
      const deps = { now: () => instantOf(story.now()) } as unknown as Parameters<typeof user>[0]["deps"]; // all that making a user asks of them
      ({ email } = await user({ db, deps }));
      page = await browser.newPage();
      page.on("dialog", (dialog) => {
        dialogs.push(dialog.message());
        void dialog.dismiss();
      });
      await page.goto(`${story.service.url}/console/sign-in`);
      await page.getByLabel("E-mail").fill(email);
      await page.getByLabel("Password", { exact: true }).fill(password);
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.waitForURL("**/today");
    });

    const draft = () => page.frameLocator('iframe[name="draft"]');
    const titleField = () => page.locator('textarea[name="w-title"]');
    const edit = (key: string, more = "") =>
      page.goto(`${story.service.url}/console/shops/${story.shopId}/templates/edit?key=${key}&lang=en${more}`);

    async function nextNotice(number: string): Promise<string> {
      const id = `o-${number}`;
      const address = `b${number}@buyer.example`;
      await story.places({ id, number, buyer: { email: address, name: "Maya O'Neill", locale: "en-US" } });
      await story.dispatches({ id: `s-${number}`, trackingNumber: null }, id);
      await story.until(story.now());
      const [mail] = story.mails(address);
      return mail?.html ?? "no mail";
    }

    test("an operator changes a sentence, sees it, publishes it, the next mail says it, and goes back", async () => {
      await page.goto(`${story.service.url}/console/shops/${story.shopId}/templates?lang=en`);
      await page.getByRole("link", { name: "Dispatch notice" }).click();
      await page.getByRole("link", { name: "Change it" }).click();
      await draft().getByRole("heading", { name: "Your order is on its way" }).waitFor();
      await titleField().fill("Off it goes, {{buyer.nmae}}");
      await page.locator("#verdict").getByText("mails have no buyer.nmae").waitFor();
      await draft().getByText("mails have no buyer.nmae").waitFor();
      await titleField().fill("Off it goes, dear reader");
      await draft().getByRole("heading", { name: "Off it goes, dear reader" }).waitFor();
      await page.locator("#verdict").getByText("Nothing is wrong with it in this language.").waitFor();
      expect(await nextNotice("2001")).not.toContain("Off it goes");

      await page.getByRole("button", { name: "Publish" }).click();
      await page.getByText("Published. The next “Dispatch notice” says so.").waitFor();
      expect(await nextNotice("2002")).toContain("Off it goes, dear reader");

      await page.goto(`${story.service.url}/console/shops/${story.shopId}/templates/versions?key=dispatch-notice`);
      await page.getByText("Off it goes, dear reader").waitFor();
      await page.getByRole("button", { name: "Use the product's again" }).click();
      await page.getByText("The product's is in force again.").waitFor();
      expect(await nextNotice("2003")).not.toContain("Off it goes");
      await page.getByRole("button", { name: "Use version 1 again" }).click();
      await page.getByText("Version 1 is in force again.").waitFor();
      expect(await nextNotice("2004")).toContain("Off it goes, dear reader");
    }, 120_000);

    test("a test goes to whoever is signed in, says that it is one, and is no message", async () => {
      const before = (await story.service.ok("GET", `/messages?shop=${story.shopId}`)).messages.length;
      await edit("review-thanks");
      await titleField().fill("You are kind");
      await page.getByRole("button", { name: "Send a test to me" }).click();
      await page.getByText(`A test is on its way to ${email}.`).waitFor();
      const [mail, another] = story.service.sink.mails().filter(({ envelope }) => envelope.to.includes(email));
      expect([mail?.subject.startsWith("[Test] "), mail?.html.includes("You are kind"), another]).toEqual([true, true, undefined]);
      expect((await story.service.ok("GET", `/messages?shop=${story.shopId}`)).messages).toHaveLength(before);
      expect(await titleField().inputValue(), "what was typed is still there").toBe("You are kind");
    }, 60_000);

    test("a body that could hide the way out is refused in place, and nothing in it runs (SEC-02, SEC-09)", async () => {
      await edit("check-in", "&part=body");
      const body = page.locator("#mjml");
      const lines = (await body.inputValue()).split("\n").length;
      await body.press("Control+End");
      await body.pressSequentially('\n<mj-raw><img src="x" onerror="alert(1)"><script>alert(1)</script></mj-raw>');
      await page.locator("#verdict").getByText("<img> takes no onerror in a mail").waitFor();
      expect(await page.locator(".lined pre").first().textContent()).toContain(`\n${lines + 1}\n`);
      await page.getByRole("button", { name: "Publish" }).click();
      await page.getByText("Not published: something in it must go first.").waitFor();
      expect(await body.inputValue()).toContain("onerror");
      expect((await story.service.ok("GET", `/shops/${story.shopId}/templates/check-in`)).version).toBe(0);
      expect(dialogs).toEqual([]);
    }, 60_000);
  },
);
