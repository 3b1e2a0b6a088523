import type { Carrier } from "./carriers.ts";

/** Posts and parcel services from the east of Europe to the Pacific, as `worldCarriers`. */
export const easternCarriers: readonly Carrier[] = [
  // Europe's east
  {
    id: "cdek",
    name: "CDEK",
    aliases: ["cdek", "cdek express", "sdek", "сдэк"],
    page: "https://www.cdek.ru/ru/tracking?order_id={n}",
  },
  {
    id: "czech-post",
    name: "Česká pošta",
    aliases: ["czech post", "ceska posta", "czechpost"],
    page: "https://www.postaonline.cz/en/trackandtrace/-/zasilka/cislo?parcelNumbers={n}",
    pages: { cs: "https://www.postaonline.cz/trackandtrace/-/zasilka/cislo?parcelNumbers={n}" },
  },
  {
    id: "slovak-post",
    name: "Slovenská pošta",
    aliases: ["slovak post", "slovenska posta", "slovakia post"],
    page: "https://tandt.posta.sk/en/items/{n}",
    pages: { sk: "https://tandt.posta.sk/zasielky/{n}" },
  },
  {
    id: "ukrposhta",
    name: "Ukrposhta",
    aliases: ["ukrposhta", "ukraine post", "ukrainian post", "укрпошта"],
    page: "https://track.ukrposhta.ua/tracking_EN.html?barcode={n}",
    pages: { uk: "https://track.ukrposhta.ua/tracking_UA.html?barcode={n}" },
  },
  {
    id: "nova-poshta",
    name: "Nova Poshta",
    aliases: ["nova poshta", "nova post", "nova pochta", "нова пошта"],
    page: "https://novaposhta.ua/en/tracking/?cargo_number={n}",
    pages: { uk: "https://novaposhta.ua/tracking/?cargo_number={n}" },
  },
  { id: "omniva", name: "Omniva", aliases: ["omniva", "estonian post", "eesti post"], page: "https://www.omniva.ee/track?barcode={n}" },
  // The Near East
  {
    id: "ptt",
    name: "PTT",
    aliases: ["ptt", "ptt kargo", "turkish post", "turkey post"],
    page: "https://gonderitakip.ptt.gov.tr/Track/Verify?q={n}",
  },
  {
    id: "israel-post",
    name: "Israel Post",
    aliases: ["israel post", "israelpost"],
    page: "https://mypost.israelpost.co.il/itemtrace?itemcode={n}",
  },
  {
    id: "smsa",
    name: "SMSA Express",
    aliases: ["smsa", "smsa express", "smsaexpress", "سمسا"],
    lane: "express",
    page: "https://www.smsaexpress.com/trackingdetails?tracknumbers={n}",
  },
  { id: "saudi-post", name: "Saudi Post", aliases: ["saudi post", "spl", "splonline", "البريد السعودي"], page: null },
  { id: "emirates-post", name: "Emirates Post", aliases: ["emirates post", "emiratespost", "uae post", "بريد الإمارات"], page: null },
  // Asia and the Pacific
  {
    id: "korea-post",
    name: "Korea Post",
    aliases: ["korea post", "koreapost", "korean post", "우체국"],
    page: "https://service.epost.go.kr/trace.RetrieveEmsRigiTraceList.comm?POST_CODE={n}",
  },
  {
    id: "hongkong-post",
    name: "Hongkong Post",
    aliases: ["hongkong post", "hong kong post", "hk post", "hkpost", "香港邮政", "香港郵政"],
    page: "https://www.hongkongpost.hk/en/mail_tracking/index.html?trackcode={n}",
    pages: { zh: "https://www.hongkongpost.hk/sc/mail_tracking/index.html?trackcode={n}" },
  },
  {
    id: "singapore-post",
    name: "Singapore Post",
    aliases: ["singapore post", "singpost", "sing post", "speedpost", "新加坡邮政"],
    page: null,
  },
  { id: "taiwan-post", name: "Chunghwa Post", aliases: ["taiwan post", "chunghwa post", "中華郵政", "台湾邮政"], page: null },
  {
    id: "pos-malaysia",
    name: "Pos Malaysia",
    aliases: ["pos malaysia", "poslaju", "pos laju", "malaysia post", "马来西亚邮政"],
    page: "https://tracking.pos.com.my/tracking/{n}",
  },
  { id: "india-post", name: "India Post", aliases: ["india post", "indiapost", "indian post"], page: null },
  { id: "vietnam-post", name: "Vietnam Post", aliases: ["vietnam post", "vnpost", "viet nam post"], page: null },
  {
    id: "sunyou",
    name: "SUNYOU",
    aliases: ["sunyou", "sun you", "sypost", "顺友", "顺友物流"],
    lane: "standard-line",
    page: "https://www.sypost.net/search?orderNo={n}",
  },
];
