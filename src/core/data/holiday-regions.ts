/**
 * How shops name subdivisions that date-holidays knows by another code: country → code there → codes and names as shops write them.
 *
 * Spain's provinces belong to autonomous communities (Royal Decree 1397/2007); German states have English names; South Tyrol is a province.
 */
export const holidayRegions: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  ES: {
    AN: "AL Almeria/CA Cadiz/CO Cordoba/GR Granada/H Huelva/J Jaen/MA Malaga/SE Sevilla/Seville/Andalusia",
    AR: "HU Huesca/TE Teruel/Z Zaragoza",
    AS: "O Asturias/Principado de Asturias",
    CB: "S Cantabria",
    CE: "Ceuta",
    CL: "AV Avila/BU Burgos/LE Leon/P Palencia/SA Salamanca/SG Segovia/SO Soria/VA Valladolid/ZA Zamora/Castilla y Leon",
    CM: "AB Albacete/CR Ciudad Real/CU Cuenca/GU Guadalajara/TO Toledo/Castilla La Mancha",
    CN: "GC Las Palmas/TF Santa Cruz de Tenerife/Canarias",
    CT: "B Barcelona/GI Girona/L Lleida/T Tarragona/Catalunya/Cataluna",
    EX: "BA Badajoz/CC Caceres",
    GA: "C A Coruna/LU Lugo/OR Ourense/PO Pontevedra",
    IB: "PM Balears/Illes Balears/Islas Baleares/Baleares",
    MC: "MU Murcia/Region de Murcia",
    MD: "M Madrid",
    ML: "Melilla",
    NC: "NA Navarra/Navarre",
    PV: "VI Alava/SS Gipuzkoa/BI Vizcaya/Bizkaia/Pais Vasco/Euskadi",
    RI: "LO La Rioja",
    VC: "A Alicante/CS Castellon/V Valencia/Comunidad Valenciana",
  },
  DE: {
    BY: "Bavaria",
    HB: "Bremen",
    HE: "Hesse",
    HH: "Hamburg",
    MV: "Mecklenburg Western Pomerania",
    NI: "Lower Saxony",
    NW: "North Rhine Westphalia",
    RP: "Rhineland Palatinate",
    SN: "Saxony",
    ST: "Saxony Anhalt",
    TH: "Thuringia",
  },
  AT: { "2": "Karnten", "3": "Niederosterreich", "4": "Oberosterreich", "6": "Steiermark", "7": "Tirol", "9": "Wien" },
  IT: { "32": "BZ Bolzano/Bozen/South Tyrol/Alto Adige" },
  GB: { NIR: "NI", SCT: "SC", WLS: "WA" },
};

/**
 * Days on which a country rests each week, where it is not Saturday and Sunday: ISO weekdays.
 *
 * From CLDR's week data, with Bangladesh and the Maldives (Friday and Saturday).
 */
export const weekends: Readonly<Record<string, readonly number[]>> = {
  AF: [4, 5],
  IR: [4, 5],
  ...Object.fromEntries("BD BH DZ EG IL IQ JO KW LY MV OM PS QA SA SD SY YE".split(" ").map((country) => [country, [5, 6]])),
};

/** Days by which a rule of date-holidays 3.37.0 is off: Korea's New Year lasts from the eve to the second day, not from the first to the third. */
export const shiftedRules: Readonly<Record<string, number>> = { "korean 01-0-01 P3D": -1 };
