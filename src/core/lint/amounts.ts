import type { Word } from "./words.ts";

const currencies = /^(points|punkte|punkten|积分|点|[$€£¥元块]|usd|eur|gbp|rmb|cny|euros?|dollars?|bucks?|pounds?|yuan|prozent|percent)$/;

/** Sums of money and shares of a price: `$5`, `10 €`, `15 %`, `5美元`; never 100 %. */
export function amounts(words: readonly Word[]): [number, number][] {
  const found: [number, number][] = [];
  words.forEach((word, i) => {
    const isNumber = word.kind === "number" || numberWords.test(word.text) || /^\d[\doil]+$/.test(word.text);
    if (!isNumber) return;
    // five points are a verdict, fifty are a present
    if (/^(points|punkte|punkten|点)$/.test(words[i + 1]?.text ?? "") && !(Number(word.text) > 10)) return;
    const [before, after] = [words[i - 1], words[i + 1]];
    const share = after?.text === "%" || after?.text === "percent" || after?.text === "prozent";
    if (share && word.text !== "100") found.push([i, i + 1]);
    else if (before !== undefined && /^([$€£¥]|usd|eur|gbp|rmb)$/.test(before.text)) found.push([i - 1, i]);
    else if (after !== undefined && !share && currencies.test(after.text)) found.push([i, i + 1]);
    else if (after?.text === "折") found.push([i, i + 1]);
    else if (after !== undefined && /^[美欧]$/.test(after.text) && /^[元]$/.test(words[i + 2]?.text ?? "")) found.push([i, i + 2]);
    else if (after?.text === "." && words[i + 2]?.kind === "number" && currencies.test(words[i + 3]?.text ?? "")) found.push([i, i + 3]);
  });
  return found;
}

const numberWords = /^(five|ten|fifteen|twenty|fifty|fuenf|zehn|zwanzig|[一二两三四五六七八九十百]+)$/;
