import { lintText } from "./lint-text.ts";
import { type Rule, ruleWords } from "./rules.ts";
import { type BuiltMail, checkStructure } from "./structure.ts";
import { deceives } from "./subject.ts";

export type MailPart = "subject" | "preheader" | "text" | "html";

/** One thing that is wrong with a mail, for whoever writes it. */
export interface Finding {
  readonly rule: Rule;
  readonly severity: "block" | "warn";
  readonly part: MailPart;
  /** Line within the part, from 1. */
  readonly line: number;
  /** The words it is about, as they stand there; or what is missing. */
  readonly words: string;
  readonly wrong: string;
  readonly instead: string;
}

/** What of a mail has words. `null`: there is no such part. */
export interface MailWords {
  readonly subject: string;
  readonly preheader: string | null;
  readonly text: string;
  readonly html: string;
}

/** Whether any of the findings keeps a mail from being published and sent. */
export function blocks(findings: readonly Finding[]): boolean {
  return findings.some(({ severity }) => severity === "block");
}

/**
 * Lints what a mail says. The same words in two parts are reported once, where they come first. Promotion (R12) is wrong only in mail about the
 * order itself, which needs no consent.
 */
export function lintWords(mail: MailWords, aboutOrder: boolean): readonly Finding[] {
  const seen = new Set<string>();
  const parts: readonly (readonly [MailPart, string | null])[] = [
    ["subject", mail.subject],
    ["preheader", mail.preheader],
    ["text", mail.text],
    ["html", mail.html],
  ];
  const pretence = deceives(mail.subject);
  const found = pretence === null ? [] : [findingOf("R13", "subject", mail.subject, 0, pretence)];
  for (const [part, content] of parts) {
    if (content === null) continue;
    for (const { rule, words, offset } of lintText(content)) {
      const key = `${rule} ${words.replace(/[^\p{L}\d]+/gu, " ").toLowerCase()}`;
      if ((rule === "R12" && !aboutOrder) || seen.has(key)) continue;
      seen.add(key);
      found.push(findingOf(rule, part, content, offset, words));
    }
  }
  return found;
}

/** Lints how a rendered mail is built. */
export function lintStructure(mail: BuiltMail): readonly Finding[] {
  return checkStructure(mail).map(({ rule, part, words, offset, severity }) => ({
    ...findingOf(rule, part, mail[part], offset, words),
    ...(severity === undefined ? {} : { severity }),
  }));
}

/**
 * The rules that a plain text offends, each once, as if it stood in a published mail about an order: as its body, and as its subject when it is
 * no longer than one.
 */
export function rulesOffended(text: string): readonly Rule[] {
  const rules = new Set<Rule>(lintText(text).map(({ rule }) => rule));
  if (text.length <= 200 && deceives(text) !== null) rules.add("R13");
  return [...rules].sort();
}

/** A finding with what its rule says. */
export function findingOf(rule: Rule, part: MailPart, content: string, offset: number, words: string): Finding {
  const line = content.slice(0, offset).split("\n").length;
  const { severity, wrong, instead } = ruleWords[rule];
  return { rule, severity, part, line, words, wrong, instead };
}
