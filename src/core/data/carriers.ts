import type { LaneKey } from "./transit-lanes.ts";

/** A carrier as buyers know it. */
export interface Carrier {
  /** Stable: part of what operators may write in a schedule. */
  readonly id: string;
  /** For buyers. */
  readonly name: string;
  /** How shops and tracking services write it: lower case, words parted by one blank, no punctuation, no accents. */
  readonly aliases: readonly string[];
  /** How its parcels usually travel, where that does not depend on the service. */
  readonly lane?: LaneKey;
  /** Its tracking page, `{n}` the number; `null` when it has none that takes a number in the address. */
  readonly page: string | null;
  /** The same page in other languages, by ISO 639-1. */
  readonly pages?: Readonly<Record<string, string>>;
}

/** Takes the number of any postal item, in the buyer's language where `seventeenTrackLanguages` has it. */
export const seventeenTrackPage = "https://t.17track.net/{lang}#nums={n}";
export const seventeenTrackLanguages: ReadonlySet<string> = new Set("de en es fr it ja ko nl pl pt ru tr".split(" "));

/**
 * The carriers that are not one country's: those out of China, and the world's couriers. The rest is in `carriers-national.ts`.
 *
 * Tracking pages are those the carriers answer with today; one that needs more than the number (a
 * postal code, a captcha's session) is left out rather than guessed.
 */
export const worldCarriers: readonly Carrier[] = [
  // Out of China
  {
    id: "china-post",
    name: "China Post",
    aliases: ["china post", "chinapost", "中国邮政", "china post group", "cn post", "eub", "邮宝", "邮政小包"],
    page: null,
  },
  {
    id: "ems",
    name: "China Post EMS",
    aliases: [
      "ems",
      "china ems",
      "china post ems",
      "ems china",
      "中国邮政速递物流",
      "中国邮政速递",
      "ems international",
      "国际ems",
      "express mail service",
    ],
    lane: "EMS",
    page: null,
  },
  {
    id: "yunexpress",
    name: "YunExpress",
    aliases: ["yunexpress", "yun express", "yuntu", "yuntrack", "yun track", "yunexpres", "yun expess", "云途", "云途物流"],
    lane: "standard-line",
    page: "https://www.yuntrack.com/parcelTracking?id={n}",
  },
  {
    id: "4px",
    name: "4PX",
    aliases: ["4px", "4 px", "4px express", "4px worldwide express", "fourpx", "递四方"],
    lane: "standard-line",
    page: "https://track.4px.com/#/result/0/{n}",
  },
  {
    id: "cainiao",
    name: "Cainiao",
    aliases: [
      "cainiao",
      "cainiao express",
      "cainiaoexpress",
      "aliexpress",
      "aliexpress standard shipping",
      "ali express",
      "aliexpress standard",
      "aliexpres",
      "cai niao",
      "菜鸟",
      "菜鸟网络",
      "速卖通",
    ],
    lane: "standard-line",
    page: "https://global.cainiao.com/newDetail.htm?mailNoList={n}",
  },
  {
    id: "yanwen",
    name: "Yanwen",
    aliases: ["yanwen", "yanwen express", "yan wen", "yanwen logistics", "燕文", "燕文物流"],
    lane: "standard-line",
    page: "https://track.yw56.com.cn/en/querydel?nums={n}",
  },
  {
    id: "sf-express",
    name: "SF Express",
    aliases: ["sf", "sf express", "sfexpress", "sf international", "shunfeng", "shun feng", "顺丰", "顺丰速运", "顺丰国际"],
    lane: "express",
    page: "https://t.17track.net/en#nums={n}",
    pages: seventeenTrackPages(),
  },
  // Everywhere
  {
    id: "dhl-express",
    name: "DHL Express",
    aliases: ["dhl express", "dhlexpress", "dhl express worldwide", "dhl worldwide express", "dhl international"],
    lane: "express",
    page: "https://www.dhl.com/global-en/home/tracking.html?tracking-id={n}&submit=1",
    pages: dhlPages(),
  },
  {
    id: "dhl-ecommerce",
    name: "DHL eCommerce",
    aliases: ["dhl ecommerce", "dhl e commerce", "dhl global mail", "dhlglobalmail", "dhl packet", "dhl parcel"],
    page: "https://www.dhl.com/global-en/home/tracking.html?tracking-id={n}&submit=1",
    pages: dhlPages(),
  },
  {
    id: "dhl-paket",
    name: "DHL Paket",
    aliases: ["dhl paket", "dhl germany", "dhl deutschland", "dhl de", "deutsche post dhl", "dhl parcel germany"],
    page: "https://www.dhl.de/en/privatkunden/pakete-empfangen/verfolgen.html?piececode={n}",
    pages: { de: "https://www.dhl.de/de/privatkunden/pakete-empfangen/verfolgen.html?piececode={n}" },
  },
  {
    id: "dhl",
    name: "DHL",
    aliases: ["dhl", "d h l", "dlh", "敦豪"],
    lane: "express",
    page: "https://www.dhl.com/global-en/home/tracking.html?tracking-id={n}&submit=1",
    pages: dhlPages(),
  },
  {
    id: "fedex",
    name: "FedEx",
    aliases: ["fedex", "fed ex", "fedx", "federal express", "联邦快递"],
    lane: "express",
    page: "https://www.fedex.com/fedextrack/?trknbr={n}",
  },
  {
    id: "ups",
    name: "UPS",
    aliases: ["ups", "u p s", "united parcel service", "联合包裹"],
    lane: "express",
    page: "https://www.ups.com/track?loc=en_US&tracknum={n}",
    pages: upsPages(),
  },
  {
    id: "tnt",
    name: "TNT",
    aliases: ["tnt", "tnt express"],
    lane: "express",
    page: "https://www.tnt.com/express/en_gc/site/shipping-tools/tracking.html?searchType=con&cons={n}",
  },
  { id: "aramex", name: "Aramex", aliases: ["aramex"], lane: "express", page: "https://www.aramex.com/track/results?ShipmentNumber={n}" },
];

/** For carriers whose own page wants more than the number. */
function seventeenTrackPages(): Record<string, string> {
  return Object.fromEntries([...seventeenTrackLanguages].map((language) => [language, seventeenTrackPage.replace("{lang}", language)]));
}

function dhlPages(): Record<string, string> {
  const sites = { de: "de-de", es: "es-es", fr: "fr-fr", it: "it-it", nl: "nl-nl", pl: "pl-pl" };
  return mapValues(sites, (site) => `https://www.dhl.com/${site}/home/tracking.html?tracking-id={n}&submit=1`);
}

function upsPages(): Record<string, string> {
  const places = { de: "de_DE", es: "es_ES", fr: "fr_FR", it: "it_IT", ja: "ja_JP", nl: "nl_NL", pl: "pl_PL", zh: "zh_CN" };
  return mapValues(places, (place) => `https://www.ups.com/track?loc=${place}&tracknum={n}`);
}

function mapValues(values: Readonly<Record<string, string>>, to: (value: string) => string): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, to(value)]));
}
