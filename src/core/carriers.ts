import { type Carrier, seventeenTrackLanguages, seventeenTrackPage, worldCarriers } from "./data/carriers.ts";
import { easternCarriers } from "./data/carriers-eastern.ts";
import { nationalCarriers } from "./data/carriers-national.ts";
import { postsByCountry } from "./data/posts.ts";

/** What is known of how a parcel travels; a `Shipment` will do. */
export interface Carriage {
  readonly carrier: string | null;
  readonly service: string | null;
  readonly trackingNumber: string | null;
}

/**
 * Recognises a carrier in what a shop wrote: `China Post EMS`, `dhl-express`, `YunExpress (standard)`.
 *
 * Whole words only, the longest name wins, then the first. Returns `null` when none is known.
 */
export function carrierOf(text: string | null): Carrier | null {
  if (text === null || text === "") return null;
  const known = recognised.get(text);
  if (known !== undefined) return known;
  const found = findIn(plainWords(text).split(" "));
  if (recognised.size >= namesKept) recognised.clear();
  if (text.length <= 200) recognised.set(text, found);
  return found;
}

/** A parcel whose page is looked for. */
interface Tracked extends Carriage {
  readonly trackingUrl: string | null;
  readonly locale: string | null;
  readonly destination?: string | null;
}

/** The carrier's name for buyers: as it calls itself, else as the shop wrote it; `null` when the shop wrote nothing. */
export function carrierName({ carrier, service }: Pick<Carriage, "carrier" | "service">): string | null {
  const known = carrierOf(carrier === null ? service : joined(carrier, service)) ?? carrierOf(carrier);
  return known?.name ?? (carrier?.trim() || null);
}

/**
 * The page where a buyer can follow a parcel, always `https`; `null` when there is none.
 *
 * The shop's own address if it gave one, else the carrier's page in the language of `locale` (BCP 47) where it has one. Postal numbers of carriers
 * that have none lead to 17TRACK, those of carriers nobody knows to the post of the destination (ISO 3166-1 alpha-2), which delivers them. A number of the
 * shape of UPU S10 whose check digit is wrong gets no link (standards 4.3).
 */
export function trackingLink(parcel: Tracked): string | null {
  const own = httpsOnly(parcel.trackingUrl);
  if (own !== null) return own;
  const number = parcel.trackingNumber?.replace(/\s+/g, "") ?? "";
  if (!/^[A-Za-z0-9][A-Za-z0-9._/#-]{3,49}$/.test(number)) return null;
  if (s10Shape.test(number) && !isS10(number)) return null;
  const language = (parcel.locale ?? "en").slice(0, 2).toLowerCase();
  const carrier = carrierOf(parcel.carrier === null ? parcel.service : joined(parcel.carrier, parcel.service)) ?? carrierOf(parcel.carrier);
  const page = carrier?.pages?.[language] ?? carrier?.page ?? null;
  if (page !== null) return filled(page, number);
  if (!isS10(number)) return null;
  const post = carrier === null ? postOf(parcel.destination ?? null) : null;
  const postsPage = post?.pages?.[language] ?? post?.page ?? null;
  if (postsPage !== null) return filled(postsPage, number);
  return filled(seventeenTrackPage.replace("{lang}", seventeenTrackLanguages.has(language) ? language : "en"), number);
}

/**
 * Whether `text` is a postal item number of UPU standard S10 with a right check digit, as `RR473124829FI`. Blanks and case do not matter.
 *
 * Check digit: weights 8, 6, 4, 2, 3, 5, 9, 7; 11 − sum mod 11, where 10 is written 0 and 11 is written 5.
 */
export function isS10(text: string): boolean {
  const number = text.replace(/\s+/g, "");
  if (!s10Shape.test(number)) return false;
  let sum = 0;
  for (const [index, weight] of [8, 6, 4, 2, 3, 5, 9, 7].entries()) sum += weight * Number(number[index + 2]);
  const check = 11 - (sum % 11);
  return Number(number[10]) === (check === 10 ? 0 : check === 11 ? 5 : check);
}

/** Lower case, no accents, words parted by one blank: the form in which names are compared. */
export function plainWords(text: string): string {
  return text
    .slice(0, 120)
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

const s10Shape = /^[A-Z]{2}\d{9}[A-Z]{2}$/i;
const byAlias: ReadonlyMap<string, Carrier> = new Map(
  [...worldCarriers, ...nationalCarriers, ...easternCarriers].flatMap((carrier) =>
    [carrier.id, ...carrier.aliases].map((alias) => [plainWords(alias), carrier] as const),
  ),
);
const longestAlias = Math.max(...[...byAlias.keys()].map((alias) => alias.split(" ").length));
const recognised = new Map<string, Carrier | null>();
const namesKept = 5_000;

function findIn(words: readonly string[]): Carrier | null {
  for (let length = Math.min(longestAlias, words.length); length > 0; length--) {
    for (let from = 0; from + length <= words.length; from++) {
      const found = byAlias.get(words.slice(from, from + length).join(" "));
      if (found !== undefined) return found;
    }
  }
  // Chinese and Japanese part no words: there a name may stand within others.
  return words.some((word) => unparted.test(word))
    ? (byAlias.get(unpartedAliases.find((alias) => words.join(" ").includes(alias)) ?? "") ?? null)
    : null;
}

const unparted = /[\p{Script=Han}\p{Script=Katakana}\p{Script=Thai}]/u;
const unpartedAliases = [...byAlias.keys()].filter((alias) => unparted.test(alias)).sort((a, b) => b.length - a.length);

function postOf(country: string | null): Carrier | null {
  const id = country === null ? undefined : postsByCountry[country];
  return id === undefined ? null : (byAlias.get(plainWords(id)) ?? null);
}

/** "DHL" and "Paket" name one carrier together; a service that the carrier's name already holds adds nothing. */
function joined(carrier: string, service: string | null): string {
  return service === null ? carrier : `${carrier} ${service}`;
}

function httpsOnly(url: string | null): string | null {
  if (url === null || url.length > 2_000 || !URL.canParse(url)) return null;
  const parsed = new URL(url);
  return parsed.protocol === "https:" && parsed.username === "" && parsed.password === "" ? parsed.href : null;
}

function filled(page: string, number: string): string {
  return page.replace("{n}", encodeURIComponent(number));
}
