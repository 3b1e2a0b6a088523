import { clean, text } from "../fields.ts";

/** Prose as WordPress stores it, with HTML's entities made letters: `Ship Your Idea &ndash; Black` is an item's real name there. */
export const plainText = text.overwrite((value) => clean(decodeEntities(value), 5_000));

/**
 * Makes letters of the entities that WordPress writes, numeric ones included. Others, and those of no letter, stay as they are.
 *
 * Once only: `&amp;lt;` is `&lt;`. What comes out is still a stranger's text, `<` included.
 */
export function decodeEntities(value: string): string {
  if (!value.includes("&")) return value;
  return value.replace(/&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([A-Za-z]{2,8}));/g, (whole, decimal, hex, name) => {
    if (name !== undefined) return letters.get(String(name)) ?? whole;
    const point = decimal === undefined ? Number.parseInt(String(hex), 16) : Number(decimal);
    const isLetter = point >= 0x20 && point <= 0x10ffff && !(point >= 0x7f && point < 0xa0) && !(point >= 0xd800 && point <= 0xdfff);
    return isLetter ? String.fromCodePoint(point) : whole;
  });
}

const letters: ReadonlyMap<string, string> = new Map(
  Object.entries({
    amp: "&",
    lt: "<",
    gt: ">",
    quot: '"',
    apos: "'",
    nbsp: "\u00a0",
    ndash: "–",
    mdash: "—",
    hellip: "…",
    lsquo: "‘",
    rsquo: "’",
    sbquo: "‚",
    ldquo: "“",
    rdquo: "”",
    bdquo: "„",
    laquo: "«",
    raquo: "»",
    times: "×",
    deg: "°",
    trade: "™",
    reg: "®",
    copy: "©",
    bull: "•",
    middot: "·",
    frac12: "½",
    prime: "′",
    Prime: "″",
    szlig: "ß",
    auml: "ä",
    ouml: "ö",
    uuml: "ü",
    Auml: "Ä",
    Ouml: "Ö",
    Uuml: "Ü",
    eacute: "é",
    egrave: "è",
    ccedil: "ç",
    ntilde: "ñ",
  }),
);
