/**
 * Letters of other scripts that pass for Latin ones, by the Latin letter (Unicode's confusables, those a reader would not notice).
 * Cyrillic and Greek ones are mapped as they stand: whether a word really is Russian or Greek, `words.ts` looks at the whole of it.
 */
const byLatin: Readonly<Record<string, string>> = {
  a: "ɑᴀａ",
  b: "ʙ",
  c: "ᴄƈ",
  d: "ᴅɗԁ",
  e: "ᴇɛə℮",
  f: "ꜰƒ",
  g: "ɢɡ",
  h: "ʜһ",
  i: "ɪıɩ",
  j: "ᴊϳ",
  k: "ᴋ",
  l: "ʟӏɭ",
  m: "ᴍ",
  n: "ɴ",
  o: "ᴏօ",
  p: "ᴘ",
  q: "ԛ",
  r: "ʀ",
  s: "ꜱʂ",
  t: "ᴛ",
  u: "ᴜʋս",
  v: "ᴠ",
  w: "ᴡԝ",
  x: "ⅹ",
  y: "ʏ",
  z: "ᴢ",
};

export const latinOfLookAlike: ReadonlyMap<string, string> = new Map(
  Object.entries(byLatin).flatMap(([latin, alike]) => [...alike].map((letter): [string, string] => [letter, latin])),
);

const cyrillicAndGreek: Readonly<Record<string, string>> = {
  а: "a",
  в: "b",
  с: "c",
  е: "e",
  ё: "e",
  ѕ: "s",
  і: "i",
  ї: "i",
  ј: "j",
  к: "k",
  м: "m",
  н: "h",
  о: "o",
  р: "p",
  т: "t",
  у: "y",
  х: "x",
  г: "r",
  п: "n",
  ь: "b",
  α: "a",
  β: "b",
  ε: "e",
  η: "n",
  ι: "i",
  κ: "k",
  ν: "v",
  ο: "o",
  ρ: "p",
  τ: "t",
  υ: "u",
  χ: "x",
  ω: "w",
  γ: "y",
};

/** A word of Latin letters and strangers among them as it is meant to be read. */
export function asLatin(word: string): string {
  return [...word].map((letter) => cyrillicAndGreek[letter] ?? letter).join("");
}
