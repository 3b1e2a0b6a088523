import type { Browser, Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { setupToken } from "../../../src/web/console/links.ts";
import { openBrowser } from "../browser.ts";
import { chromiumPath } from "../browser-path.ts";
import { keys, openWeb, orderData, parcel, shopWithSource } from "../set-up.ts";
import { password, user } from "./set-up.ts";

const skip = chromiumPath === null && process.env["CI"] === undefined;

describe.skipIf(skip)(`an operator in a browser${skip ? " [SKIPPED: no Chromium was found; set CHROMIUM to its path]" : ""}`, () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await openBrowser();
  });

  test("comes from an empty installation to a live shop: account, shop, source, first webhook, switched on", async () => {
    const web = await openWeb();
    const page = await browser.newPage();
    await page.goto(`${web.url}/setup/${setupToken(keys)}`);
    await page.getByLabel("Your name").fill("Lin");
    await page.getByLabel("E-mail").fill("lin@lantern.example");
    await page.getByLabel("New password").fill(password);
    await page.getByLabel("Once more").fill(password);
    await page.getByRole("button", { name: "Make the account" }).click();
    await page.getByRole("heading", { name: "Now your shop." }).waitFor();
    await page.getByLabel("Name of the shop").fill("Lantern");
    await page.getByLabel("Mails come from").fill("hello@lantern.example");
    await page.getByLabel("Country").fill("CN");
    await page.getByLabel("Time zone").fill("Asia/Shanghai");
    await page.getByRole("button", { name: "Make the shop" }).click();
    await page.getByText("Lantern is made. Nothing goes out yet.").waitFor();
    await page.getByLabel("Standard Webhooks").check();
    await page.getByLabel("A notice that the parcel left").uncheck();
    await page.getByRole("button", { name: "Connect", exact: true }).click();
    const hook = new URL(await page.getByLabel("Address for all webhooks").inputValue());
    const source = { id: hook.pathname.split("/").at(-1) ?? "", secret: await page.getByLabel("Secret", { exact: true }).inputValue() };
    await page.getByText("Waiting for the first webhook…").waitFor();

    // The page hears of it by itself, without being loaded again.
    const order = orderData("1001", "maya@buyer.example");
    expect(await web.deliver(source, "order.placed", { order })).toBe(202);
    await web.deliver(source, "shipment.dispatched", { order: { id: "id-1001" }, shipment: parcel });
    await web.work();
    await page.getByText(/A webhook arrived/).waitFor();
    await page.getByText("1 order found, 1 would get a mail from now on, 0 will until you switch on").waitFor();
    expect(await statesOf(web)).toEqual(["held"]);

    await page.getByText("Switch sending on…").click();
    await page.getByText("1 mail is due in the next 24 hours and will go out.").waitFor();
    await page.getByRole("button", { name: "Switch on for Lantern" }).click();
    await page.getByText("Sending is on.").waitFor();
    await page.getByRole("heading", { name: /1 is due in the next 24 hours/ }).waitFor();
    expect(await statesOf(web)).toEqual(["planned"]);
    await page.close();
  });

  test("finds a webhook that could not be read, looks at it as it came, and has it read again once the cause is mended", async () => {
    const web = await openWeb();
    const shop = await shopWithSource(web);
    const order = orderData("1002", "maya@buyer.example", { tags: ["<img src=x onerror=alert(1)>"] });
    await web.deliver(shop.source, "order.placed", { order });
    // As a version before this one would have left it.
    await web.db
      .updateTable("deliveries")
      .set({ state: "quarantined", reason: "is not a string", pointer: "/data/order/tags/0", taken_at: new Date(web.deps.now()) })
      .execute();
    const page = await browser.newPage();
    await signIn(page, web);
    await page.getByRole("navigation").getByText("Sources").first().click();
    await page.getByRole("heading", { name: "One source, one needs a look." }).waitFor();
    await page.getByRole("link", { name: "Standard Webhooks" }).click();
    await page.getByRole("link", { name: "order.placed" }).click();
    await page.getByRole("heading", { name: "“order.placed” could not be used: it is not a string." }).waitFor();
    expect(await page.locator("pre").first().textContent()).toContain('"number": "1002"');
    await page.getByRole("button", { name: "Read it again" }).click();
    await page.getByText("It will be read again in a moment.").waitFor();
    await web.work();
    await page.reload();
    await page.getByRole("heading", { name: "“order.placed” was taken in." }).waitFor();
    const { orders } = await web.ok("GET", `/shops/${shop.shopId}/orders`);
    expect(orders.map(({ number }: { number: string }) => number)).toEqual(["1002"]);
    await page.close();
  });

  test("the first page hears of new mail by itself", async () => {
    const web = await openWeb();
    const shop = await shopWithSource(web);
    const page = await browser.newPage();
    await signIn(page, web);
    await page.getByRole("heading", { name: "none is due in the next 24 hours" }).waitFor();
    await web.deliver(shop.source, "order.placed", { order: orderData("1003", "maya@buyer.example") });
    await web.deliver(shop.source, "shipment.dispatched", { order: { id: "id-1003" }, shipment: parcel });
    await web.work();
    await page.getByRole("heading", { name: "1 is due in the next 24 hours" }).waitFor();
    await page.getByRole("link", { name: "#1003" }).first().waitFor();
    await page.close();
  });

  test("who sent a test is told that it came through", async () => {
    const web = await openWeb();
    const shop = await shopWithSource(web);
    const page = await browser.newPage();
    await signIn(page, web);
    await page.goto(`${web.url}/console/shops/${shop.shopId}/sources/${shop.source.id}`);
    await page.getByRole("button", { name: "Send a test" }).click();
    await page.getByText("The test came through: signed, stored and understood.").waitFor();
    await page.close();
  });
});

async function signIn(page: Page, web: Awaited<ReturnType<typeof openWeb>>): Promise<void> {
  const { email } = await user(web);
  await page.goto(web.url);
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL("**/today");
}

/** Of the dispatch notice alone: what later steps wait for is another story. */
async function statesOf(web: Awaited<ReturnType<typeof openWeb>>): Promise<readonly string[]> {
  const rows = await web.db.selectFrom("messages").select("state").where("step", "=", "dispatch-notice").execute();
  return rows.map(({ state }) => state);
}
