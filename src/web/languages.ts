import { chooseLocale } from "../core/locale.ts";
import type { WebContext } from "./caller.ts";
import { type BuyerWords, pageLocales, wordsIn } from "./words/words.ts";

/** The words for a page about which we know no buyer: the language the browser asks for first among those there are, else English. */
export function wordsForBrowser(c: WebContext): BuyerWords {
  const wished = c.req.query("lang") ?? browserLanguages(c.req.header("accept-language") ?? "").find(isSpoken) ?? null;
  return wordsIn(chooseLocale({ buyer: wished, country: null, shop: null }, pageLocales));
}

/** The words for a buyer's page: those asked for in the address, else the buyer's own, as in the mails. */
export function wordsForBuyer(c: WebContext, wish: Parameters<typeof chooseLocale>[0]): BuyerWords {
  const asked = c.req.query("lang");
  return wordsIn(asked !== undefined && pageLocales.includes(asked) ? asked : chooseLocale(wish, pageLocales));
}

function isSpoken(tag: string): boolean {
  return pageLocales.some((locale) => locale.split("-")[0] === tag.split("-")[0]?.toLowerCase());
}

/** `zh-CN,zh;q=0.9,en;q=0.5` in the order of preference. */
function browserLanguages(header: string): readonly string[] {
  return header
    .slice(0, 500)
    .split(",")
    .map((part) => {
      const [tag = "", quality = "q=1"] = part.trim().split(";");
      return { tag: tag.trim(), weight: Number(/q=([\d.]+)/.exec(quality)?.[1] ?? 1) };
    })
    .filter(({ tag }) => /^[A-Za-z]{2,3}(-[A-Za-z0-9]+)*$/.test(tag))
    .toSorted((a, b) => b.weight - a.weight)
    .map(({ tag }) => tag);
}
