import type { Folded } from "./folding.ts";

/** A sentence's place in the folded text; `paragraph` counts the empty lines before it. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly paragraph: number;
}

/** A sentence is cut here at the latest: what is longer is read in pieces, so that no input costs more than its length. */
const maxSentence = 1_500;

/**
 * Cuts a folded text into sentences. A line break ends one, unless the next line goes on in lower case or in Chinese: a break within an
 * offence hides nothing. A full stop before lower case (`neg. feedback`), in a date (`12. März`) or within a word does not.
 */
export function sentencesOf({ text, at }: Folded, original: string): readonly Span[] {
  const spans: Span[] = [];
  let start = 0;
  let paragraph = 0;
  const cut = (end: number) => {
    if (end - start > 2 && /[\p{L}\d]/u.test(text.slice(start, end))) spans.push({ start, end, paragraph });
    start = end;
  };
  for (let i = 0; i < text.length; i += 1) {
    const letter = text.charAt(i);
    if (letter === "\n") {
      const next = nextLetter(text, i + 1);
      const empty = text.slice(i + 1, next).includes("\n");
      if (empty || next >= text.length) {
        cut(i + 1);
        paragraph += 1;
        i = next - 1;
      } else if (!goesOn(text, original, at, i, next)) cut(i + 1);
    } else if ("!?。".includes(letter) || (letter === "." && endsSentence(text, original, at, i))) {
      let end = i + 1;
      while (end < text.length && "!?。.\"”’')".includes(text.charAt(end))) end += 1;
      // signs within a word: n!ce
      if (letter === "!" && end === i + 1 && /[a-z]/.test(text.charAt(end)) && /[a-z]/.test(text.charAt(i - 1))) continue;
      cut(end);
      i = end - 1;
    } else if (i - start > maxSentence && /\s/.test(letter)) cut(i + 1);
    else if (i - start > 2 * maxSentence) cut(i + 1);
  }
  cut(text.length);
  return spans;
}

function nextLetter(text: string, from: number): number {
  let i = from;
  while (i < text.length && /\s/.test(text.charAt(i))) i += 1;
  return i;
}

function goesOn(text: string, original: string, at: Int32Array, before: number, next: number): boolean {
  const last = text.slice(start(before), before).trimEnd().at(-1) ?? "";
  if (/[.!?。:]/.test(last)) return false;
  const following = original.charAt(at[next] ?? 0);
  if (/\p{Ll}/u.test(following)) return true;
  return /\p{Script=Han}/u.test(following) && /[\p{Script=Han},]/u.test(last);
}

const start = (before: number) => Math.max(0, before - 5);

function endsSentence(text: string, original: string, at: Int32Array, dot: number): boolean {
  const after = text.charAt(dot + 1);
  if (after !== "" && !/[\s"”’)]/.test(after)) return false;
  const next = nextLetter(text, dot + 1);
  if (/\d/.test(text.charAt(dot - 1)) && germanMonth.test(text.slice(next, next + 4))) return false;
  return !/\p{Ll}/u.test(original.charAt(at[next] ?? 0));
}

const germanMonth = /^(jan|feb|maer|apr|mai|jun|jul|aug|sep|okt|nov|dez|und|bis)/;
