import { describe, expect, test } from "vitest";
import { type OverrideFiles, sharedKey } from "../../src/core/override.ts";
import { mailCompiler } from "../../src/mail/compile.ts";
import { judgeOverride } from "../../src/mail/judge-override.ts";
import { checkOverride } from "../../src/mail/override-check.ts";
import { shopCompiler, type WantedOverride } from "../../src/mail/shop-compiler.ts";
import { templates } from "./every-mail.ts";

const judge = (key: string, files: OverrideFiles, more: { shared?: OverrideFiles; locales?: readonly string[] } = {}) =>
  judgeOverride(templates, { key, files, shared: {}, others: new Map(), locales: ["en"], ...more });
const words = (changed: Readonly<Record<string, string>>) => `${JSON.stringify(changed, null, 2)}\n`;
const checkIn = templates.byKey.get("check-in");
if (checkIn === undefined) throw new Error("there is no check-in");

describe("what is as the product ships it", () => {
  test.each([...templates.byKey.values()].map((files) => [files.key, files] as const))("passes: %s", (key, files) => {
    const own = [...files.ownWords].filter((word) => !word.startsWith("footer.stop"));
    const strings = [...files.strings].map(([locale, all]) => [
      `strings.${locale}.json`,
      words(Object.fromEntries(own.map((word) => [word, all[word] ?? ""]))),
    ]);
    const whole = { "body.mjml": files.body, "body.txt": files.text, ...Object.fromEntries(strings) };
    expect(checkOverride(templates, key, whole)).toEqual([]);
  });

  test("passes: the words all share, but for how mails are stopped, which stay ours", () => {
    const shared = { ...templates.sharedStrings.get("de") };
    const problems = checkOverride(templates, sharedKey, { "strings.de.json": words(shared) });
    expect(problems.map(({ key }) => key)).toEqual(["footer.stop.order", "footer.stop.care"]);
  });

  test("is judged sound in every language when a shop publishes it as its own", async () => {
    expect(await judge("check-in", { "body.mjml": checkIn.body }, { locales: [...checkIn.strings.keys()] })).toEqual([]);
  }, 60_000);
});

describe("a body of a shop's own is refused (SEC-09)", () => {
  const hostile: readonly [string, string, RegExp][] = [
    ["a script", "<mj-raw><script>alert(1)</script></mj-raw>", /<script> is not for/],
    ["a style sheet, which could hide the footer", "<mj-raw><style>.foot{display:none}</style></mj-raw>", /<style> is not for/],
    ["an include", '<mj-include path="/etc/passwd" />', /<mj-include> is not for/],
    ["a frame", '<mj-text><iframe src="https://x.example/"></iframe></mj-text>', /<iframe> is not for/],
    ["a form", '<mj-raw><form action="https://x.example/"></form></mj-raw>', /<form> is not for/],
    ["a picture that is a program", "<mj-raw><svg onload=alert(1)></svg></mj-raw>", /tag can't be read/],
    ["an event handler", '<mj-text><b onclick="alert(1)">x</b></mj-text>', /takes no onclick/],
    ["an attribute that breaks out of MJML", `<mj-text css-class='x" onload="alert(1)'>x</mj-text>`, /double quotes/],
    ["a comment, which could swallow the footer", "<mj-raw><!-- </mj-raw>", /can't be read/],
    ["a tag left open around the footer", '<mj-raw><div style="display:none"></mj-raw>', /<div> is not closed/],
    ["an end of what the frame opened", "</mj-column></mj-section><mj-section><mj-column>", /is not for the body/],
    ["a block left open around the footer", "<mj-raw>{{#if order.moreItems}}</mj-raw>", /\{\{#if\}\} is not closed/],
    ["a tag closed in one branch only", "<mj-text>{{#if review}}<div>{{/if}}</div></mj-text>", /closes nothing here/],
    ["a layer over the footer", '<mj-text><div style="position:fixed;top:0">x</div></mj-text>', /style says/],
    ["the same in disguise", '<mj-text><div style="&#112;osition:fixed">x</div></mj-text>', /style says/],
    ["a fetch from a style", '<mj-text><div style="background:url(https://x.example/)">x</div></mj-text>', /style says/],
    ["more style than one attribute of MJML", '<mj-text color="red;position:fixed">x</mj-text>', /does not belong/],
    ["a javascript: link", '<mj-text><a href="javascript:alert(1)">x</a></mj-text>', /https: address/],
    ["an http: link", '<mj-button href="http://x.example/">x</mj-button>', /https: address/],
    ["half an expression as a link", '<mj-button href="https://x.example/{{order.number}}">x</mj-button>', /one whole expression/],
    ["an expression in a style", '<mj-text><b style="color:{{order.number}}">x</b></mj-text>', /no expression may stand in style/],
    ["unescaped data", "<mj-text>{{{order.number}}}</mj-text>", /brace or backslash/],
    ["an expression left alone", "<mj-text>\\{{order.number}}</mj-text>", /brace or backslash/],
    ["a helper", '<mj-text>{{lookup order "number"}}</mj-text>', /not for mails/],
    ["a partial", "<mj-text>{{> evil}}</mj-text>", /not for mails/],
    ["a comment of Handlebars", "<mj-text>{{! x }}</mj-text>", /not for mails/],
    ["the prototype", "<mj-text>{{order.constructor}}</mj-text>", /mails have no order.constructor/],
    ["the prototype, another way", "<mj-text>{{order.__proto__}}</mj-text>", /not for mails/],
    ["what is outside of the data", "<mj-text>{{@root.shop.name}}</mj-text>", /not for mails/],
    ["a list within a list", "<mj-text>{{#each order.items}}{{#each ../order.items}}x{{/each}}{{/each}}</mj-text>", /within another/],
    ["a name in a branch that no sample shows", "<mj-text>{{#if closure}}{{closure.nonsense}}{{/if}}</mj-text>", /no closure.nonsense/],
    ["a piece there is none of", "<mj-text>[[>../../etc/passwd]]</mj-text>", /can't be read/],
    ["a word there is none of", "<mj-text>[[no.such]]</mj-text>", /no word no.such/],
    ["more than a mail", "<mj-text>x</mj-text>".repeat(1_001), /more than 2000 tags/],
    ["a novel", `<mj-text>${"x".repeat(60_000)}</mj-text>`, /more than 60000 letters/],
    ["a deep pit", `<mj-text>${"<b>".repeat(50)}${"</b>".repeat(50)}</mj-text>`, /nested more than/],
  ];
  test.each(hostile)("with %s", async (_what, added, detail) => {
    const problems = await judge("check-in", { "body.mjml": `${checkIn.body}\n${added}` });
    expect(problems.map((one) => one.detail).join("\n")).toMatch(detail);
    expect(problems.every(({ severity, file }) => severity === "block" && file === "body.mjml")).toBe(true);
  });

  test("at its line and column", async () => {
    const lines = checkIn.body.trimEnd().split("\n").length;
    const [problem] = await judge("check-in", { "body.mjml": `${checkIn.body.trimEnd()}\n<mj-text>\n  {{order.nmber}}</mj-text>` });
    expect(problem).toMatchObject({ file: "body.mjml", line: lines + 2, column: 3, rule: "expression", key: null });
  });
});

describe("words of a shop's own are refused", () => {
  const wrong: readonly [string, string, string, RegExp][] = [
    ["a block that another word would close", "title", "{{#if order.moreItems}}Hello", /not closed/],
    ["the end of a block", "title", "Hello{{/if}}", /closes nothing/],
    ["a link to anywhere", "title", "[shop](https://x.example)", /leads to a name/],
    ["a name mails do not have", "title", "Hello {{buyer.surname}}", /no buyer.surname/],
    ["a marker", "title", "Hello [[subject]]", /does not stand in words/],
    ["a letter nobody sees", "title", "Hello\u202eolleH", /nobody sees/],
    ["nothing", "title", "  ", /is empty/],
    ["a word there is none of", "no.such", "Hello", /no such word/],
    ["a word all mails share", "greeting.plain", "Hello", /override it in _layout/],
    ["the way out", "footer.stop.care", ".", /in our words/],
    ["what no mail may ask", "title", "Please do not leave negative feedback.", /R01/],
  ];
  test.each(wrong)(
    "%s",
    async (_what, key, value, detail) => {
      const file = words({ subject: "How is it going with {{order.number}}?", [key]: value });
      const problems = await judge("check-in", { "strings.en.json": file });
      expect(problems[0]).toMatchObject({ file: "strings.en.json", key, line: 3, detail: expect.stringMatching(detail) });
    },
    30_000,
  );

  test("that are not JSON, not an object, not texts, or in a language mails are not written in", async () => {
    const first = async (file: string, text: string) => (await judge("check-in", { [file]: text }))[0];
    expect(await first("strings.en.json", '{"title": }')).toMatchObject({ line: 1, detail: expect.stringContaining("not JSON") });
    expect(await first("strings.en.json", "[]")).toMatchObject({ detail: expect.stringContaining("wanted an object") });
    expect(await first("strings.en.json", '{\n  "title": 5}')).toMatchObject({ line: 2, key: "title", detail: "wanted a text" });
    expect(await first("strings.it.json", "{}")).toMatchObject({ detail: expect.stringContaining("not written in it") });
    expect(await first("layout.mjml", "x")).toMatchObject({ detail: expect.stringContaining("no such file") });
    expect((await judge(sharedKey, { "body.mjml": "x" }))[0]).toMatchObject({ detail: expect.stringContaining("frame") });
  });

  test("when they break another template than the one they stand in: shared words are tried in all", async () => {
    const problems = await judge(sharedKey, { "strings.en.json": words({ "help.question": "Ask about {{review.item}}." }) });
    expect(problems.length).toBeGreaterThan(0);
    expect(problems[0]).toMatchObject({ severity: "block", rule: "render", detail: expect.stringContaining("review.item") });
  }, 60_000);
});

describe("the compiler of shops", () => {
  const shop = { id: "s", name: "Lantern", color: null, logoUrl: null };
  const title = (text: string) => ({ "strings.en.json": words({ title: text }) });

  function compilerWith(files: Readonly<Record<string, OverrideFiles>>, max = 8) {
    const asked: string[] = [];
    const load = async ({ shopId, template, version }: WantedOverride) => {
      asked.push(`${shopId} ${template} ${version}`);
      return files[`${template} ${version}`] ?? null;
    };
    return { asked, compiler: shopCompiler(templates, mailCompiler(templates), load, { max }) };
  }

  async function html(of: ReturnType<typeof compilerWith>["compiler"], versions: Readonly<Record<string, number>>, id = "s") {
    const made = await of.compile({ ...shop, id, templateVersions: versions }, "check-in", "en");
    return made.kind === "compiled" ? made.mail.html : made.reason;
  }

  test("asks once for each version, and not at all for what is built in", async () => {
    const { asked, compiler } = compilerWith({ "check-in 1": title("First"), "check-in 2": title("Second") });
    expect(await html(compiler, {})).not.toContain("First");
    expect(asked).toEqual([]);
    for (let again = 0; again < 3; again += 1) expect(await html(compiler, { "check-in": 1 })).toContain("First");
    expect(await html(compiler, { "check-in": 2 })).toContain("Second");
    expect(await html(compiler, { "check-in": 1 })).toContain("First");
    expect(asked).toEqual(["s check-in 1", "s check-in 2"]);
  });

  test("forgets what was not used for long, and asks again", async () => {
    const { asked, compiler } = compilerWith({ "check-in 1": title("First") }, 4);
    for (const id of ["a", "b", "c", "d", "e", "a"]) expect(await html(compiler, { "check-in": 1 }, id)).toContain("First");
    expect(asked.filter((one) => one.startsWith("a "))).toHaveLength(2);
  });

  test("fills words in word by word: the shop's own, then those it changed for all, then ours", async () => {
    const { compiler } = compilerWith({
      "check-in 1": title("Ours & yours"),
      "_layout 1": { "strings.en.json": words({ "greeting.plain": "Well met," }) },
    });
    const mail = await html(compiler, { "check-in": 1, _layout: 1 });
    for (const text of ["Ours &amp; yours", "Well met,", "Unsubscribe"]) expect(mail).toContain(text);
  });

  test("says what is wrong with a version that can't be compiled any more, and throws when it can't be asked for", async () => {
    const { compiler } = compilerWith({ "check-in 1": { "body.mjml": "<mj-text>[[gone]]</mj-text>" } });
    expect(await html(compiler, { "check-in": 1 })).toContain("no string gone");
    expect(await html(compiler, { "check-in": 9 })).toContain("is not there");
    const down = shopCompiler(templates, mailCompiler(templates), () => Promise.reject(new Error("the database went away")));
    await expect(html(down, { "check-in": 1 })).rejects.toThrow("went away");
  });
});
