import { expect, test } from "vitest";
import { answerGallery } from "../../src/preview/answer.ts";
import { templates } from "../mail/every-mail.ts";

const gallery = answerGallery();
const get = async (path: string) => {
  const response = await gallery(new Request(`http://127.0.0.1${path}`));
  return { status: response.status, type: response.headers.get("content-type"), body: await response.text() };
};

test("one page shows every message as an inbox does: sender, subject, preheader", async () => {
  const { status, body } = await get("/?locale=en");
  expect(status).toBe(200);
  for (const key of templates.byKey.keys()) expect(body).toContain(`message=${key}&amp;`);
  expect(body).toContain("Your order 1001 is with customs");
  expect(body).toContain("Most parcels go on within a few days. Here is what you may have to do, and what not.");
  expect(body).not.toContain("&amp;#847;");
});

test("it switches message, language, width and colours, and shows one message in all languages together", async () => {
  const { body } = await get("/?message=refund-issued&locale=de&width=360&scheme=dark");
  expect(body).toContain('src="/mail/refund-issued/de.html?scheme=dark" width="360"');
  const { body: together } = await get("/?message=refund-issued&all=1");
  for (const locale of templates.byKey.get("refund-issued")?.strings.keys() ?? [])
    expect(together).toContain(`src="/mail/refund-issued/${locale}.html?scheme=light"`);
});

test("a mail is shown in the colours asked for, whatever the browser prefers, and as text", async () => {
  expect((await get("/mail/refund-issued/en.html?scheme=dark")).body).toMatch(/@media all \{/);
  const light = await get("/mail/refund-issued/en.html?scheme=light");
  expect(light.body).toMatch(/@media not all \{/);
  expect(light.body).not.toContain("prefers-color-scheme");
  const { type, body } = await get("/mail/refund-issued/en.txt");
  expect(type).toBe("text/plain; charset=utf-8");
  expect(body).toMatch(/^Your refund for order 1001 is on its way\n\nHi Anna,/);
});

test("what is not there is not found, and what can't be rendered says why", async () => {
  expect((await get("/mail/../../etc/passwd")).status).toBe(404);
  expect(await get("/mail/nothing/en.html")).toMatchObject({ status: 500, body: "there is no template nothing\n" });
});
