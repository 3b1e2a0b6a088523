import { describe, expect, test } from "vitest";
import { contrast, paletteOf } from "../../src/mail/brand.ts";
import { type CompiledMail, compiledFromJson, compileTemplate, mailCompiler } from "../../src/mail/compile.ts";
import { maxRenderedBytes, render } from "../../src/mail/render.ts";
import { compileStrict } from "../../src/mail/strict-handlebars.ts";
import { loadTemplates, type Templates } from "../../src/mail/template-files.ts";

const brand = { name: "Lantern & Loom", color: "#0f766e", logoUrl: null };

/** A template of a few lines in the real layout's place. */
function templatesWith(
  body: string,
  { strings = { subject: "Hello" }, text = "Hello {{name}}" }: { strings?: Record<string, string>; text?: string } = {},
): Templates {
  const files = { key: "t", body, text, strings: new Map([["en", strings]]), ownWords: new Set(Object.keys(strings)), sample: {} };
  const layout = "<mjml><mj-body><mj-section><mj-column>[[>body]]</mj-column></mj-section></mj-body></mjml>";
  return {
    layout,
    textLayout: "[[>body]]",
    sharedStrings: new Map(),
    partials: new Map([["p.mjml", "<mj-text>[[subject]]</mj-text>"]]),
    byKey: new Map([["t", files]]),
  };
}
const compile = (body: string, options?: Parameters<typeof templatesWith>[1]) =>
  compileTemplate(templatesWith(body, options), { key: "t", locale: "en", brand });
const compiled = (parts: Partial<CompiledMail>): CompiledMail => ({
  version: JSON.stringify(parts),
  key: "t",
  locale: "en",
  subject: "Hello",
  html: "<p>Hello</p>",
  text: "Hello",
  ...parts,
});

describe("publishing refuses a template", () => {
  test("of which MJML would drop an expression without a word", async () => {
    const body = "{{#each items}}<mj-text>{{name}}</mj-text>{{/each}}";
    await expect(compile(body)).rejects.toThrow(/MJML lost \{\{#each items\}\}/);
    expect((await compile(`<mj-raw>{{#each items}}</mj-raw><mj-text>{{name}}</mj-text><mj-raw>{{/each}}</mj-raw>`)).html).toContain(
      "{{#each items}}",
    );
  });

  test("with a token where MJML loses it: a width", async () => {
    await expect(compile('<mj-image src="https://x.example/a.png" alt="" width="{{width}}" />')).rejects.toThrow();
  });

  test.each([
    ["a string that is not there", "<mj-text>[[nothing]]</mj-text>", /no string nothing/],
    ["a value that is not there", "<mj-text>[[@nothing]]</mj-text>", /no value nothing/],
    ["a piece that is not there", "[[>nothing.mjml]]", /no piece nothing/],
    ["a tag MJML does not know", "<mj-texxt>a</mj-texxt>", /mj-texxt/],
    ["a block that is not closed", "<mj-text>{{#if name}}a</mj-text>", /./],
    ["an unescaped expression", "<mj-text>{{{name}}}</mj-text>", /unescaped/],
    ["a helper that is none", "<mj-text>{{shout name}}</mj-text>", /no helper shout/],
    ["a block helper that is none", "<mj-text>{{#with order}}a{{/with}}</mj-text>", /no block/],
    ["a Handlebars partial", "<mj-text>{{> evil}}</mj-text>", /not for mails/],
    ["a link that is only half an expression", '<mj-text><a href="https://x.example/{{name}}">a</a></mj-text>', /whole expression/],
  ])("with %s", async (_what, body, message) => {
    await expect(compile(body)).rejects.toThrow(message);
  });

  test("that includes a file: the include is ignored, nothing of the file is in the mail", async () => {
    const result = await compile('<mj-include path="/etc/passwd" /><mj-text>a</mj-text>').then(
      ({ html }) => html,
      (error: unknown) => String(error),
    );
    expect(result).not.toContain("root:");
  });

  test("in a language it is not written in", async () => {
    await expect(compileTemplate(templatesWith("<mj-text>a</mj-text>"), { key: "t", locale: "fr", brand })).rejects.toThrow(
      /not written in fr/,
    );
  });
});

describe("filling in", () => {
  const html = "<p>Hi {{buyer.name}}, {{order.number}}</p>";

  test.each([
    ["missing", { order: { number: "1" } }],
    ["null", { buyer: { name: null }, order: { number: "1" } }],
    ["empty", { buyer: { name: "" }, order: { number: "1" } }],
    ["blank", { buyer: { name: "  " }, order: { number: "1" } }],
    ["an object", { buyer: { name: {} }, order: { number: "1" } }],
  ])("fails whole, naming the variable, when one is %s", (_how, data) => {
    expect(render(compiled({ html }), data)).toMatchObject({
      kind: "failed",
      variable: "buyer.name",
      reason: expect.stringContaining("buyer.name"),
    });
  });

  test("fails on a condition nobody knows of, and takes null for no", () => {
    const conditional = compiled({ html: "{{#if order.paid}}yes{{else}}no{{/if}}" });
    expect(render(conditional, { order: {} })).toMatchObject({ kind: "failed", variable: "order.paid" });
    expect(render(conditional, { order: { paid: null } })).toMatchObject({ kind: "rendered", html: "no" });
  });

  test("inside a list names what the list lacks", () => {
    expect(render(compiled({ html: "{{#each items}}{{title}}{{/each}}" }), { items: [{ title: "a" }, {}] })).toMatchObject({
      kind: "failed",
      variable: "title",
    });
  });

  test("escapes HTML in HTML and leaves text alone", () => {
    const mail = compiled({ html: "<p>{{x}}</p>", text: "{{x}}", subject: "{{x}}" });
    const rendering = render(mail, { x: `<img src=x onerror="alert(1)">` });
    expect(rendering).toMatchObject({ kind: "rendered", html: "<p>&lt;img src&#x3D;x onerror&#x3D;&quot;alert(1)&quot;&gt;</p>" });
    expect(rendering.kind === "rendered" && rendering.text.trim()).toBe(`<img src=x onerror="alert(1)">`);
  });

  test.each(["javascript:alert(1)", "data:text/html,x", "http://shop.example/", 'https://x.example/" onclick="a', "//x.example", "", null])(
    "refuses %j as a link",
    (url) => {
      expect(render(compiled({ html: '<a href="{{url}}">a</a>' }), { url })).toMatchObject({ kind: "failed", variable: "url" });
    },
  );

  test("takes https, and http on this machine only", () => {
    const mail = compiled({ html: '<a href="{{url}}">a</a>' });
    expect(render(mail, { url: "https://x.example/a?b=c&d=e" })).toMatchObject({
      kind: "rendered",
      html: '<a href="https://x.example/a?b&#x3D;c&amp;d&#x3D;e">a</a>',
    });
    expect(render(mail, { url: "http://localhost:3000/u/x" })).toMatchObject({ kind: "rendered" });
  });

  test.each(["constructor", "__proto__", "order.constructor", "order.toString", "order.__proto__.polluted", "order.constructor.name"])(
    "does not reach %s (SEC-09)",
    (path) => {
      expect(render(compiled({ html: `{{${path}}}` }), { order: { number: "1" } })).toMatchObject({ kind: "failed" });
    },
  );

  test("does not reach built-in helpers that look things up", () => {
    expect(() => compileStrict('{{lookup order "constructor"}}', "html")).toThrow();
    expect(() => compileStrict('{{log "x"}}', "html")).toThrow();
  });

  test("stops at a megabyte (F12)", () => {
    const mail = compiled({ html: "{{#each items}}{{text}}{{/each}}" });
    const items = Array.from({ length: 1_100 }, () => ({ text: "x".repeat(1_000) }));
    expect(render(mail, { items })).toMatchObject({ kind: "failed", reason: expect.stringContaining(String(maxRenderedBytes)) });
  });

  test.each(["", "x"])("does not go round in loops in loops in loops, with %j in them (SEC-09, F12)", (body) => {
    const items = Array.from({ length: 40 }, (_, n) => n);
    const depth = 12;
    const mail = compiled({ html: `${"{{#each @root.items}}".repeat(depth)}${body}${"{{/each}}".repeat(depth)}` });
    const reason = "loops in loops make more than a mail can hold";
    expect(render(mail, { items })).toMatchObject({ kind: "failed", reason });
    // Each rendering begins anew.
    expect(render(mail, { items: [1] })).toMatchObject({ kind: "rendered" });
  });

  test("leaves neither empty subject nor empty text", () => {
    expect(render(compiled({ subject: "{{#if x}}a{{/if}}" }), { x: null })).toMatchObject({
      kind: "failed",
      reason: "the subject is empty",
    });
    expect(render(compiled({ text: "{{#if x}}a{{/if}}" }), { x: null })).toMatchObject({
      kind: "failed",
      reason: "the text part is empty",
    });
  });
});

describe("a compiled mail", () => {
  const templates = loadTemplates(new URL("../../templates", import.meta.url).pathname);
  const wish = { key: "check-in", locale: "en", brand };

  test("has a version that is its content: same content, same version; another brand, another version", async () => {
    const once = await compileTemplate(templates, wish);
    expect((await compileTemplate(templates, wish)).version).toBe(once.version);
    expect((await compileTemplate(templates, { ...wish, brand: { ...brand, color: "#aa2200" } })).version).not.toBe(once.version);
    expect((await compileTemplate(templates, { ...wish, locale: "zh-CN" })).version).not.toBe(once.version);
    expect(once.version).toMatch(/^[0-9a-f]{32}$/);
  });

  test("survives being kept as JSON, and nothing else is taken for one", async () => {
    const mail = await compileTemplate(templates, wish);
    expect(compiledFromJson(JSON.parse(JSON.stringify(mail)))).toEqual(mail);
    for (const other of [null, 5, "x", [], {}, { ...mail, html: 7 }]) expect(compiledFromJson(other)).toBeNull();
  });

  test("is compiled once per template, locale and brand, and forgotten when too many are kept", async () => {
    const compiler = mailCompiler(templates, { max: 2 });
    const first = compiler.compile(wish);
    expect(compiler.compile({ ...wish, brand: { ...brand } })).toBe(first);
    await Promise.all(["#111111", "#222222"].map((color) => compiler.compile({ ...wish, brand: { ...brand, color } })));
    expect(compiler.compile(wish)).not.toBe(first);
    await first;
  });

  test("that failed is tried again, not remembered", async () => {
    const compiler = mailCompiler(templates);
    await expect(compiler.compile({ ...wish, locale: "tlh" })).rejects.toThrow();
    await expect(compiler.compile({ ...wish, locale: "tlh" })).rejects.toThrow();
    expect(compiler.localesOf("check-in").slice(0, 1)).toEqual(["en"]);
  });

  test("takes a shop's name for a name, whatever it holds", async () => {
    const mail = await compileTemplate(templates, { ...wish, brand: { ...brand, name: '{{evil}} [[x]] <script>"' } });
    expect(mail.html).not.toContain("<script>");
    expect(mail.html).not.toContain("{{evil}}");
    const logo = await compileTemplate(templates, { ...wish, brand: { ...brand, logoUrl: 'https://x.example/a.png" onerror="b' } });
    expect(logo.html).not.toContain("onerror");
  });
});

describe("a brand's colour", () => {
  test.each(["#ffffff", "#000000", "#ffff00", "#ff0000", "#00ff88", "#1c1c1e", "#7f7f7f", "#0f766e", "nonsense", null])(
    "%s can be read wherever it is put",
    (color) => {
      const palette = paletteOf(color);
      expect(contrast(palette.link, "#ffffff")).toBeGreaterThanOrEqual(4.5);
      expect(contrast(palette.darkLink, "#1b1c1f")).toBeGreaterThanOrEqual(4.5);
      expect(contrast(palette.button, palette.onButton)).toBeGreaterThanOrEqual(4.5);
      expect(contrast(palette.darkButton, palette.onDarkButton)).toBeGreaterThanOrEqual(4.5);
      expect(contrast(palette.button, "#ffffff")).toBeGreaterThanOrEqual(3);
      expect(contrast(palette.darkButton, "#1b1c1f")).toBeGreaterThanOrEqual(3);
    },
  );

  test("that can be read is used as it is", () => {
    expect(paletteOf("#0F766E")).toMatchObject({ button: "#0f766e", link: "#0f766e", onButton: "#ffffff" });
  });
});
