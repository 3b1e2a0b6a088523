/**
 * Countries in which a language the mails are written in is an official one or the usual one of trade, by language (BCP 47).
 *
 * It answers for buyers who have not said which language they read. A country may stand under several: its most spoken one is
 * asked for first (CLDR), these after it, in this order. A country of which none of the nine is a fair guess is not here: there
 * the shop's own language is better than a neighbour's.
 */
export const countryLanguages: Readonly<Record<string, string>> = {
  de: "DE AT CH LI",
  fr: "FR MC LU BE CH BL GF GP MF MQ NC PF PM RE WF YT BF BI BJ CD CF CG CI CM DJ GA GN GQ HT KM MG ML NE RW SC SN TD TG VU",
  es: "ES AR BO CL CO CR CU DO EC GQ GT HN MX NI PA PE PR PY SV UY VE AD",
  pt: "BR PT AO CV GW MZ ST TL",
  ru: "RU BY KZ KG",
  ja: "JP",
  ar: "AE BH DZ EG IQ JO KM KW LB LY MA MR OM PS QA SA SD SY TN YE DJ TD",
  zh: "CN",
  en: "US GB CA AU NZ IE ZA IN SG HK PH MT NG GH KE UG TZ ZM ZW BW NA MW SZ LS LR SL GM RW SS MU SC PK LK BD FJ PG WS TO VU SB KI NR TV FM MH PW AG AI BB BM BS BZ DM FK GD GG GI GU GY IM JE JM KN KY LC MP MS SH TC TT VC VG VI AS CX CC CK NF NU PN TK",
};
