import { html } from "hono/html";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { instantOf, plus } from "../../../src/core/instant.ts";
import type { Shop } from "../../../src/store/shops.ts";
import { actButton, confirmButton, copyField, mailFrame, progress } from "../../../src/web/console/parts/act.ts";
import { categoryBadge, mark, stateBadge } from "../../../src/web/console/parts/badge.ts";
import { choiceField, emptyForm, readForm, selectField, textField, ticked, tickField } from "../../../src/web/console/parts/form.ts";
import { dataTable, sortOf, type Table } from "../../../src/web/console/parts/table.ts";
import { clockTime, number, shortDay, when } from "../../../src/web/console/parts/time.ts";
import type { Visit } from "../../../src/web/console/route.ts";
import blns from "../../fixtures/robustness/blns.json" with { type: "json" };

const now = instantOf("2026-02-12T10:00:00Z");
const shop = { timeZone: "Asia/Shanghai" } as Shop;

/** As much of a visit as parts look at. */
function visitAt(address = "/console/shops/s/orders", language: Visit["language"] = "en"): Visit {
  const url = new URL(address, "http://afterword.test");
  const here = (query: Readonly<Record<string, string | null>>) => {
    const next = new URLSearchParams(url.searchParams);
    for (const [name, value] of Object.entries(query)) value === null ? next.delete(name) : next.set(name, value);
    return `${url.pathname}?${next}`;
  };
  const visit = {
    url,
    language,
    now,
    shop,
    here,
    say: (words: Record<string, unknown>) => words[language],
    formFields: () => html`<i></i>`,
  };
  return visit as unknown as Visit;
}

const text = (markup: { toString(): string }) => String(markup).replaceAll(/\s+/g, " ");

describe("times", () => {
  test("are relative within a day, and else in the shop's zone, with the buyer's own on hover", () => {
    expect(text(when(visitAt(), plus(now, 3 * 3_600_000)))).toContain(">in 3h<");
    expect(text(when(visitAt(), plus(now, -5 * 60_000)))).toContain(">5m ago<");
    const far = when(visitAt(), instantOf("2026-02-20T02:40:00Z"), { buyerZone: "America/Los_Angeles" });
    expect(text(far)).toMatch(/>20 Feb,? 10:40</);
    expect(text(far)).toContain("Thursday, 19 February 2026 at 18:40 (America/Los_Angeles)");
    expect(text(when(visitAt(undefined, "zh-CN"), instantOf("2025-12-31T16:00:00Z")))).toContain("2026年1月1日");
  });

  test("a day and a number are written in the reader's way", () => {
    expect([shortDay(visitAt(), "2026-02-12"), shortDay(visitAt(undefined, "zh-CN"), "2026-02-12")]).toEqual(["12 Feb", "2月12日"]);
    expect([clockTime(visitAt(), now), number(visitAt(), 12_345)]).toEqual(["18:00", "12,345"]);
  });
});

describe("badges", () => {
  test("say a state in a word and a shape, not by colour alone", () => {
    expect(text(stateBadge(visitAt(), "unsure"))).toMatch(/>\?<\/span>Unsure</);
    expect(text(categoryBadge(visitAt(undefined, "zh-CN"), "review"))).toContain(">评价<");
    expect(text(mark("warn", "silent"))).toContain("▲");
  });
});

describe("a table", () => {
  const table: Table<{ id: string; name: string }> = {
    caption: "Orders",
    columns: [
      { key: "name", head: "Name", sorts: true, kind: "main", cell: ({ name }) => name },
      { key: "id", head: "Id", kind: "number", cell: ({ id }) => id },
    ],
    rows: [{ id: "7", name: "<script>alert(1)</script>" }],
    keyOf: ({ id }) => id,
    hrefOf: ({ id }) => `/o/${id}`,
    next: "c2",
    empty: html`<p>Nothing yet.</p>`,
  };

  test("keeps sorting and place in the address, and begins anew when the order changes", () => {
    const visit = visitAt("/console/shops/s/orders?q=x&sort=-name&cursor=c1");
    const markup = text(dataTable(visit, table)).replaceAll("&amp;", "&");
    expect(markup).toContain('href="/console/shops/s/orders?q=x&sort=name"');
    expect(markup).toContain('href="/console/shops/s/orders?q=x&sort=-name&cursor=c2"');
    expect(markup).toContain('aria-sort="descending"');
    expect(sortOf(visit, ["id", "name"])).toEqual({ key: "name", down: true });
    expect(sortOf(visitAt("/x?sort=evil"), ["id", "name"])).toEqual({ key: "id", down: true });
  });

  test("shows what will be there while it is empty; a selection is a form", () => {
    expect(text(dataTable(visitAt(), { ...table, rows: [], next: null }))).toContain("Nothing yet.");
    expect(text(dataTable(visitAt(), { ...table, bulk: html`<button>Cancel</button>` }))).toContain('name="id" value="7"');
  });

  test("whatever is in it, it is only shown (SEC-02)", () => {
    const tagsOf = (name: string) =>
      text(dataTable(visitAt(), { ...table, rows: [{ id: name, name }] })).match(/<[^>]*?(?=[\s>])|[ ]on\w+="/g);
    for (const name of blns as string[]) expect(tagsOf(name)).toEqual(tagsOf("plain"));
  });
});

describe("a form", () => {
  const schema = z.object({ name: z.string().min(2, "must not be shorter than 2 characters"), site: z.string().optional(), on: ticked });

  test("keeps what was typed and says beside each field what is wrong, in the reader's language", () => {
    const form = new URLSearchParams({ name: "<", site: "", on: "on", _form: "t" });
    const read = readForm({ form, language: "zh-CN" }, schema);
    if (read.ok) throw new Error("it has a wrong field");
    expect(read.errors).toEqual({ name: "不能少于 2 个字符。" });
    const field = text(textField(read, { name: "name", label: "Name", hint: "a hint" }));
    expect(field).toContain('value="&lt;"');
    expect(field).toContain('aria-describedby="f-name-error f-name-hint" aria-invalid="true"');
    expect(text(tickField(read, { name: "on", label: "On", checked: false }))).toContain(" checked");
  });

  test("takes an empty field for an absent one, and reads tick boxes", () => {
    const read = readForm({ form: new URLSearchParams({ name: "Lin", site: " " }), language: "en" }, schema);
    expect(read).toEqual({ ok: true, value: { name: "Lin", on: false } });
  });

  test("a password is never written back", () => {
    expect(text(textField({ values: { p: "secret" }, errors: {} }, { name: "p", label: "P", type: "password" }))).not.toContain("secret");
  });

  test("offers choices", () => {
    const options = [
      { value: "a", label: "A" },
      { value: "b", label: "B" },
    ];
    expect(text(selectField(emptyForm, { name: "s", label: "S", value: "b", options }))).toContain('value="b" selected');
    expect(text(choiceField(emptyForm, { name: "s", label: "S", value: "b", options }))).toContain('value="b" checked');
  });
});

describe("acts", () => {
  test("carry their fields and the form's token; a confirmation names how much it does", () => {
    const act = { action: "/x", label: "Cancel…", fields: { id: "1" } };
    expect(text(actButton(visitAt(), act))).toContain('name="id" value="1"');
    const confirm = text(confirmButton(visitAt(), { ...act, question: "Sure?", confirm: "Cancel 312 mails" }));
    expect(confirm).toMatch(/<details.*Cancel 312 mails/);
  });

  test("a text to copy, work that goes on, and a mail in a frame without rights", () => {
    expect(text(copyField(visitAt(), { id: "u", label: "Address", value: '"><b>' }))).toContain("&quot;&gt;&lt;b&gt;");
    expect(text(progress({ label: "Planning", done: 3, total: 9, from: "/x" }))).toContain('max="9" value="3"');
    expect(text(mailFrame({ src: "/m", title: "Mail" }))).toContain('sandbox="allow-popups allow-popups-to-escape-sandbox"');
  });
});
