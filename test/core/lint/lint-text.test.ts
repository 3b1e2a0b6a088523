import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lintWords, rulesOffended } from "../../../src/core/lint/lint-mail.ts";
import { lintText } from "../../../src/core/lint/lint-text.ts";

const plain = "Please do not leave negative feedback.";

describe("what hides an offence from people's eyes no less than from programs", () => {
  test.each([
    ["tags", "Please <b>do not</b> leave <span class='x'>neg</span>ative feedback."],
    ["comments", "Please do not leave nega<!-- x -->tive feedback."],
    ["entities", "Please do not leave &#110;egative feed&#x62;ack."],
    ["a line break", "please do\nnot leave negative\nfeedback"],
    ["no-break blanks", "Please do not leave negative feedback."],
    ["zero-width letters", "Please do n\u200bot leave nega\u200dtive feed\u2060back."],
    ["soft hyphens", "Please do not leave nega\u00adtive feed\u00adback."],
    ["Cyrillic look-alikes", "Please dо nоt lеave nеgаtivе fееdback."],
    ["Greek look-alikes", "Please dο nοt leave negαtive feedbαck."],
    ["full-width letters", "Ｐｌｅａｓｅ ｄｏ ｎｏｔ ｌｅａｖｅ ｎｅｇａｔｉｖｅ ｆｅｅｄｂａｃｋ"],
    ["mathematical letters", "Please do not leave 𝗻𝗲𝗴𝗮𝘁𝗶𝘃𝗲 𝐟𝐞𝐞𝐝𝐛𝐚𝐜𝐤"],
    ["circled letters", "Please do not leave ⓝⓔⓖⓐⓣⓘⓥⓔ feedback"],
    ["small capitals", "Please do not leave ɴᴇɢᴀᴛɪᴠᴇ feedback"],
    ["accents", "Pléase do nòt leave nĕgative fëedback"],
    ["letters apart", "Please do not leave n e g a t i v e feedback"],
    ["hyphens", "Please do not leave n-e-g-a-t-i-v-e feed-back"],
    ["dots", "Please do not leave n.e.g.a.t.i.v.e feed.back"],
    ["numbers for letters", "Pl3ase d0 n0t leave n3gat1ve f33dback"],
    ["signs for letters", "Please do not leave neg@tive feedb@ck"],
    ["stars over letters", "Please do not leave n*gative feedback"],
    ["a word in two", "Please do not leave nega tive feed back"],
    ["misspellings", "Plese do not leav negitive feeback"],
    ["capitals", plain.toUpperCase()],
  ])("%s", (_, text) => {
    expect(rulesOffended(text)).toContain("R01");
  });

  test.each([
    ["stars", "Please give us ⭐⭐⭐⭐⭐!"],
    ["stars with a number", "Please give us 5⭐!"],
    ["black stars", "Please rate us ★★★★★"],
    ["letters apart", "Please give us f i v e s t a r s, 5 s t a r s!"],
    ["Traditional Chinese", "請給我們五顆星的評價。"],
    ["sounds alike", "请给我们好苹。"],
    ["signs between characters", "请给我们好-评。"],
    ["umlauts written out", "Bitte geben Sie uns fuenf Sterne."],
  ])("%s, where praise is asked for", (_, text) => {
    expect(rulesOffended(text)).toContain("R05");
  });
});

test("Japanese is not read as Chinese, a kana within Chinese hides nothing", () => {
  expect(rulesOffended("良い点も悪い点も、率直なひとことで十分です。")).toEqual([]);
  expect(rulesOffended("请给我们好の评。五星好评！")).toContain("R05");
});

test("a finding names the words and the place, also within HTML", () => {
  const html = "<p>Your lamp is on its way.</p>\n<p>Please <b>do not</b> leave negative feedback.</p>";
  const findings = lintWords({ subject: "Your lamp", preheader: null, text: "Your lamp is on its way.\n", html }, true);
  expect(findings).toMatchObject([{ rule: "R01", severity: "block", part: "html", line: 2, words: "do not</b> leave negative feedback" }]);
  expect(findings[0]?.wrong).toMatch(/^This asks buyers/);
});

test("what is said in both parts is reported once", () => {
  const findings = lintWords({ subject: "Hello", preheader: null, text: `${plain}\n`, html: `<p>${plain}</p>` }, true);
  expect(findings.map(({ rule, part }) => [rule, part])).toEqual([["R01", "text"]]);
});

test("R12 is wrong in mail about the order, and what offers are for", () => {
  const mail = { subject: "Hello", preheader: null, text: "Use code SAVE10 for 10% off your next order.", html: "" };
  expect(lintWords(mail, true).map(({ rule, severity }) => [rule, severity])).toEqual([["R12", "warn"]]);
  expect(lintWords(mail, false)).toEqual([]);
});

test("R13 looks at the subject alone", () => {
  const mail = { subject: "Re: your order", preheader: null, text: "Re: your order\n", html: "" };
  expect(lintWords(mail, true).map(({ rule, part }) => [rule, part])).toEqual([["R13", "subject"]]);
});

test("a happy half and an unhappy half may stand in two sentences, not in two paragraphs", () => {
  expect(rulesOffended("Happy? Leave a review. Unhappy? Tell us.")).toContain("R06");
  expect(rulesOffended("Are you still happy with the size?\n\nYou can write a review on your order page, good or bad.")).toEqual([]);
});

test("a megabyte of anything is read to its end", () => {
  const size = 1_000_000;
  const units = [
    "a",
    "a ",
    "\n",
    " ",
    "<",
    "&",
    "&#",
    "评",
    "no ",
    "n-",
    "s t a r s ",
    "5 stars ",
    "please do not leave ",
    "评价返现",
    "d.i.",
    "*a",
    "<b",
    ". ",
    "中。",
    "⭐",
    "a\n",
    "''",
  ];
  for (const unit of units) {
    const text = unit.repeat(Math.ceil(size / unit.length));
    const began = performance.now();
    lintText(text);
    expect(performance.now() - began, JSON.stringify(unit)).toBeLessThan(20_000); // quadratic would be hours
  }
}, 120_000);

test("whatever is written, it is read without an error, and every place lies within the text", () => {
  const piece = fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.constantFrom("review", " five stars", "请", "差评", "<b>", "&amp;", "don't ", "\n", "$5 ", "。"),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const text = pieces.join("");
      for (const { offset } of lintText(text)) expect(offset).toBeLessThanOrEqual(text.length);
    }),
    { numRuns: 300 },
  );
});
