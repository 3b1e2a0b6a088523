import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { carrierName, carrierOf, isS10, plainWords, trackingLink } from "../../src/core/carriers.ts";
import { worldCarriers } from "../../src/core/data/carriers.ts";
import { easternCarriers } from "../../src/core/data/carriers-eastern.ts";
import { nationalCarriers } from "../../src/core/data/carriers-national.ts";
import { postsByCountry } from "../../src/core/data/posts.ts";

const carriers = [...worldCarriers, ...nationalCarriers, ...easternCarriers];
const link = (parcel: Partial<Parameters<typeof trackingLink>[0]>): string | null =>
  trackingLink({ carrier: null, service: null, trackingNumber: null, trackingUrl: null, locale: null, ...parcel });

describe("carriers", () => {
  test.each([
    ["China Post", "china-post"],
    ["China Post EMS", "ems"],
    ["dhl-express", "dhl-express"],
    ["DHL", "dhl"],
    ["DHL eCommerce Asia", "dhl-ecommerce"],
    ["Deutsche Post DHL", "dhl-paket"],
    ["Yun Express (US)", "yunexpress"],
    ["YUNEXPRESS", "yunexpress"],
    ["Colissimo", "la-poste"],
    ["La Poste Suisse", "swiss-post"],
    ["Österreichische Post", "austrian-post"],
    ["Zásilkovna", "packeta"],
    ["ヤマト運輸", "yamato"],
    ["Hermes UK", "evri"],
    ["DPD UK", "dpd-uk"],
    ["Почта России", "russian-post"],
    ["Deutsche Post", "deutsche-post"],
    ["KOREA  POST", "korea-post"],
    ["SingPost", "singapore-post"],
    ["СДЭК", "cdek"],
    ["SMSA-Express", "smsa"],
    ["Fedx Home", "fedex"],
    ["U.P.S.", "ups"],
    ["顺丰速运（国际）", "sf-express"],
    ["云途物流全球专线挂号", "yunexpress"],
    ["深圳燕文", "yanwen"],
    ["中国邮政速递物流", "ems"],
    ["中国邮政挂号小包", "china-post"],
    ["香港郵政", "hongkong-post"],
  ])("%s is %s", (text, id) => {
    expect(carrierOf(text)?.id).toBe(id);
  });

  test.each(["", "Groups", "Upsala Kurir", "Postal", "manual", "Seaexpress"])("%j is none we know", (text) => {
    expect(carrierOf(text)).toBeNull();
  });

  test("a carrier is called by its own name, an unknown one as the shop calls it", () => {
    expect(carrierName({ carrier: "usps", service: null })).toBe("USPS");
    expect(carrierName({ carrier: "DHL", service: "Paket" })).toBe("DHL Paket");
    expect(carrierName({ carrier: "China Post", service: "EMS" })).toBe("China Post EMS");
    expect(carrierName({ carrier: null, service: "Colissimo" })).toBe("La Poste");
    expect(carrierName({ carrier: " Kurier Meyer ", service: null })).toBe("Kurier Meyer");
    expect(carrierName({ carrier: null, service: null })).toBeNull();
    expect(carrierName({ carrier: "", service: null })).toBeNull();
  });

  test("the table is sound: ids and aliases lead to one carrier, aliases are in plain form, pages are https and take the number", () => {
    expect(carriers.length).toBeGreaterThanOrEqual(40);
    const owner = new Map<string, string>();
    for (const { id, aliases, page, pages } of carriers) {
      for (const alias of new Set([plainWords(id), ...aliases.map(plainWords)])) {
        expect(owner.get(alias) ?? id, alias).toBe(id);
        owner.set(alias, id);
      }
      expect(carrierOf(id)?.id).toBe(id);
      for (const address of [page, ...Object.values(pages ?? {})]) {
        if (address === null) continue;
        expect(new URL(address).protocol).toBe("https:");
        expect(address.split("{n}")).toHaveLength(2);
      }
    }
  });
});

describe("the post of the destination", () => {
  const number = "RR473124829FI";

  test("is where a postal number leads whose carrier nobody knows, in the buyer's language where it has that", () => {
    expect(link({ trackingNumber: number, destination: "US" })).toContain("tools.usps.com");
    expect(link({ carrier: "Fast Turtle", trackingNumber: number, destination: "FR", locale: "fr-FR" })).toContain(
      "suivre-vos-envois?code=RR473124829FI",
    );
    expect(link({ trackingNumber: number, destination: "MX", locale: "es" })).toBe("https://t.17track.net/es#nums=RR473124829FI");
    expect(link({ trackingNumber: number })).toBe("https://t.17track.net/en#nums=RR473124829FI");
  });

  test("is not for numbers that are none of the post's, nor for carriers that are known", () => {
    expect(link({ trackingNumber: "RR473124828FI", destination: "US" }), "a wrong check digit").toBeNull();
    expect(link({ trackingNumber: "123456789", destination: "US" })).toBeNull();
    expect(link({ carrier: "China Post", trackingNumber: number, destination: "US" })).toContain("17track");
  });

  test("is known and has a page in every country of the table", () => {
    for (const id of Object.values(postsByCountry)) expect(carriers.find((one) => one.id === id)?.page, id).toMatch(/^https:/);
  });
});

describe("UPU S10 numbers (standards 4.3)", () => {
  test.each(["RR473124829FI", "rr473124829fi", "RR 473 124 829 FI", "EA123456785CN", "LK000000005CN"])("%s is one", (number) => {
    expect(isS10(number)).toBe(true);
  });

  test.each(["RR473124828FI", "RR473124829F", "R473124829FI", "RR47312482FI", "RR473124829FII", "RR4731A4829FI", "", "1Z1234512345123456"])(
    "%j is none",
    (number) => {
      expect(isS10(number)).toBe(false);
    },
  );

  test("of the ten check digits exactly one is right, and one wrong digit is always noticed", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 99_999_999 }),
        fc.integer({ min: 0, max: 7 }),
        fc.integer({ min: 1, max: 9 }),
        (serial, place, by) => {
          const digits = String(serial).padStart(8, "0");
          const right = [..."0123456789"].filter((check) => isS10(`RR${digits}${check}CN`));
          expect(right).toHaveLength(1);
          const changed = [...digits].map((digit, index) => (index === place ? String((Number(digit) + by) % 10) : digit)).join("");
          // 10 → 0 and 11 → 5 share their digits with other remainders: only those cases may slip through.
          if (right[0] !== "0" && right[0] !== "5") expect(isS10(`RR${changed}${right[0]}CN`)).toBe(false);
        },
      ),
    );
  });
});

describe("tracking links", () => {
  test("the shop's own https address wins", () => {
    const trackingUrl = "https://shop.example/track?n=1";
    expect(link({ carrier: "UPS", trackingNumber: "1Z1234512345123456", trackingUrl })).toBe(trackingUrl);
  });

  test.each([
    "http://shop.example/1",
    "javascript:alert(1)",
    "not a url",
    "https://user:pass@shop.example/",
    "//shop.example",
    `https://shop.example/${"a".repeat(3_000)}`,
  ])("an address like %.40s is not passed on", (trackingUrl) => {
    expect(link({ carrier: "UPS", trackingNumber: "1Z1234512345123456", trackingUrl })).toBe(
      "https://www.ups.com/track?loc=en_US&tracknum=1Z1234512345123456",
    );
    expect(link({ trackingUrl })).toBeNull();
  });

  test("the carrier's page is in the buyer's language where there is one", () => {
    const paket = { carrier: "DHL", service: "Paket", trackingNumber: "00340434161094042557" };
    expect(link({ ...paket, locale: "de-AT" })).toBe(
      "https://www.dhl.de/de/privatkunden/pakete-empfangen/verfolgen.html?piececode=00340434161094042557",
    );
    expect(link({ ...paket, locale: "fr" })).toBe(
      "https://www.dhl.de/en/privatkunden/pakete-empfangen/verfolgen.html?piececode=00340434161094042557",
    );
    expect(link({ carrier: "La Poste", trackingNumber: "6A12345678901", locale: "fr-FR" })).toContain(
      "suivre-vos-envois?code=6A12345678901",
    );
  });

  test("17TRACK stands in for posts without a page of their own, in the buyer's language", () => {
    expect(link({ carrier: "China Post", trackingNumber: "RR473124829CN", locale: "de" })).toBe(
      "https://t.17track.net/de#nums=RR473124829CN",
    );
    expect(link({ carrier: "Unheard-of Post", trackingNumber: "RR 473124829 CN", locale: "sv" })).toBe(
      "https://t.17track.net/en#nums=RR473124829CN",
    );
    expect(link({ trackingNumber: "RR473124829CN" })).toBe("https://t.17track.net/en#nums=RR473124829CN");
  });

  test("a postal number with a wrong check digit gets no link, whoever the carrier is", () => {
    expect(link({ carrier: "China Post", trackingNumber: "RR473124828CN" })).toBeNull();
    expect(link({ carrier: "USPS", trackingNumber: "RR473124828US" })).toBeNull();
    expect(link({ carrier: "USPS", trackingNumber: "RR473124829US" })).not.toBeNull();
  });

  test("an unknown carrier's own number gets no link, nor does no number", () => {
    expect(link({ carrier: "Kurier Meyer", trackingNumber: "12345678" })).toBeNull();
    expect(link({ carrier: "UPS" })).toBeNull();
    expect(link({ carrier: "UPS", trackingNumber: "   " })).toBeNull();
  });

  test("a number is encoded, and what cannot be one is refused", () => {
    expect(link({ carrier: "UPS", trackingNumber: "1Z/99#1" })).toBe("https://www.ups.com/track?loc=en_US&tracknum=1Z%2F99%231");
    for (const trackingNumber of ['1Z"><script>', "1Z99&x=1", "\ud800\ud800\ud800\ud800", "$&$&$&", "{n}{n}", "9".repeat(60)]) {
      expect(link({ carrier: "UPS", trackingNumber })).toBeNull();
    }
  });

  test("whatever a shop sends, there is no link or a sound https link", () => {
    const text = fc.option(
      fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("UPS", "DHL", "China Post", "RR473124829CN", "https://a.example/x")),
    );
    fc.assert(
      fc.property(text, text, text, text, text, (carrier, service, trackingNumber, trackingUrl, locale) => {
        const made = link({ carrier, service, trackingNumber, trackingUrl, locale });
        if (made === null) return;
        expect(new URL(made).protocol).toBe("https:");
        expect(made).toMatch(/^[\x21-\x7e]+$/);
        expect(made).not.toMatch(/["<>]/);
      }),
      { numRuns: 500 },
    );
  });
});
