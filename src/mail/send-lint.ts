import { blocks, type Finding, lintWords } from "../core/lint/lint-mail.ts";
import { lintText } from "../core/lint/lint-text.ts";
import { ruleWords } from "../core/lint/rules.ts";
import type { CompiledMail } from "./compile.ts";
import type { MailData } from "./mail-data.ts";
import { allBranches } from "./template-lint.ts";

/**
 * Says why a mail must not go out, in one sentence, or `null` when it may: the last look, at what was not there when its template was published.
 *
 * A template is judged once for each version, and each text from outside (a shop's name, a closure's, an operator's proposal, titles of items) once
 * for as long as it is remembered, so that ordinary mail costs a few look-ups. Dates, numbers and links are ours and are passed over.
 */
export function forbiddenInMail(compiled: CompiledMail, data: MailData): string | null {
  const template = once(templates, `${compiled.version} ${data.isOrderMail}`, () => {
    const findings = lintWords(allBranches(compiled), data.isOrderMail);
    return blocks(findings) ? sentence(findings) : null;
  });
  if (template !== null) return `its template says what no mail may say: ${template}`;
  const { shop, order, review, shipment, replacement, closure, disruption, proposal, returning, case: opened, refund } = data;
  const others = [shop, review, closure, disruption, proposal, returning, opened, refund, shipment, replacement];
  const offence = offenceIn(others, 1) ?? offenceIn(order.items, fewestWordsOfTitle);
  return offence === null ? null : `a text that was filled in says what no mail may say: ${offence}`;
}

/** Titles of things for sale are names: "Gift card for your review" on a shelf asks nobody. Only what is as long as a sentence is looked at. */
const fewestWordsOfTitle = 7;

const templates = new Map<string, string | null>();
const texts = new Map<string, string | null>();

/** Emptied when full: cheaper than remembering what was used last, and titles and dates are soon there again. */
function once(judged: Map<string, string | null>, key: string, judge: () => string | null): string | null {
  const known = judged.get(key);
  if (known !== undefined) return known;
  if (judged.size >= 20_000) judged.clear();
  const verdict = judge();
  judged.set(key, verdict);
  return verdict;
}

/** The first offence in the texts of some data, however deep. */
function offenceIn(value: unknown, fewestWords: number): string | null {
  if (typeof value === "string") return longEnough(value, fewestWords) ? once(texts, value, () => judge(value)) : null;
  if (typeof value !== "object" || value === null) return null;
  for (const one of Object.values(value)) {
    const offence = offenceIn(one, fewestWords);
    if (offence !== null) return offence;
  }
  return null;
}

function longEnough(text: string, fewestWords: number): boolean {
  // numbers, codes and links are one word
  if (!text.includes(" ") && !/[^\x20-\x7e]/.test(text)) return false;
  // no offence is shorter than 求好评; Chinese has no blanks to count words by
  return text.length >= 3 && (fewestWords === 1 || /[\u4e00-\u9fff]{3}/.test(text) || text.split(" ", fewestWords).length >= fewestWords);
}

function judge(text: string): string | null {
  if (text.startsWith("https://")) return null;
  const worst = lintText(text).find(({ rule }) => ruleWords[rule].severity === "block");
  return worst === undefined ? null : `“${worst.words}” (${worst.rule}). ${ruleWords[worst.rule].wrong}`;
}

function sentence(findings: readonly Finding[]): string | null {
  const worst = findings.find(({ severity }) => severity === "block");
  return worst === undefined ? null : `“${worst.words}” (${worst.rule}). ${worst.wrong}`;
}
