/**
 * Which zone the people of a subdivision live by, for countries that have several.
 *
 * Facts from ISO 3166-2 and the IANA time zone database. `regions`: zone → subdivisions, each `CODE/OTHER CODE Name/Other name`, separated by
 * commas (an entry without a code begins with `-`). `split`: codes of subdivisions that lie in more than one zone; theirs is the one
 * with more inhabitants, and a postal code may say better. `rest`: the zone of every subdivision that is not listed; `null`
 * when all are listed and an unlisted one is unknown. `postal`: zone → leading characters of postal codes, ranges with a dash.
 */
export interface RegionZones {
  readonly rest: string | null;
  readonly regions: Readonly<Record<string, string>>;
  readonly split?: string;
  readonly postal?: Readonly<Record<string, string>>;
}

export const regionZones: Readonly<Record<string, RegionZones>> = {
  US: {
    rest: null,
    regions: {
      "America/New_York":
        "CT Connecticut, DC District of Columbia/Washington DC, DE Delaware, FL Florida, GA Georgia, IN Indiana, KY Kentucky, MA Massachusetts, MD Maryland, ME Maine, NC North Carolina, NH New Hampshire, NJ New Jersey, NY New York, OH Ohio, PA Pennsylvania, RI Rhode Island, SC South Carolina, VA Virginia, VT Vermont, WV West Virginia",
      "America/Detroit": "MI Michigan",
      "America/Chicago":
        "AL Alabama, AR Arkansas, IA Iowa, IL Illinois, KS Kansas, LA Louisiana, MN Minnesota, MO Missouri, MS Mississippi, ND North Dakota, NE Nebraska, OK Oklahoma, SD South Dakota, TN Tennessee, TX Texas, WI Wisconsin",
      "America/Denver": "CO Colorado, MT Montana, NM New Mexico, UT Utah, WY Wyoming",
      "America/Boise": "ID Idaho",
      "America/Phoenix": "AZ Arizona",
      "America/Los_Angeles": "CA California, NV Nevada, OR Oregon, WA Washington",
      "America/Anchorage": "AK Alaska",
      "Pacific/Honolulu": "HI Hawaii",
      "America/Puerto_Rico": "PR Puerto Rico",
      "America/St_Thomas": "VI Virgin Islands/U S Virgin Islands/US Virgin Islands",
      "Pacific/Guam": "GU Guam",
      "Pacific/Saipan": "MP Northern Mariana Islands",
      "Pacific/Pago_Pago": "AS American Samoa",
    },
    split: "AK FL ID IN KS KY MI ND NE OR SD TN TX",
    postal: {
      "America/New_York": "010-089 100-323 326-339 341-342 344 346-347 349 373-374 376-379 398-418 425-427 430-462 465-475 478-479 569",
      "America/Detroit": "480-499",
      "America/Chicago": "324-325 350-372 375 380-397 420-424 463-464 476-477 500-567 570-576 580-585 587-588 600-692 700-797",
      "America/Denver": "577 586 590-599 693 799 800-831 840-847 870-885",
      "America/Boise": "832-834 836-837 979",
      "America/Phoenix": "850-865",
      "America/Los_Angeles": "835 838 889-961 970-978 980-994",
      "America/Anchorage": "995-999",
      "Pacific/Honolulu": "967-968",
      "America/Puerto_Rico": "006-007 009",
      "America/St_Thomas": "008",
    },
  },
  CA: {
    rest: null,
    regions: {
      "America/Toronto": "ON Ontario, QC/PQ Quebec",
      "America/Vancouver": "BC British Columbia/Colombie Britannique",
      "America/Edmonton": "AB Alberta, NT Northwest Territories/Territoires du Nord Ouest",
      "America/Winnipeg": "MB Manitoba",
      "America/Regina": "SK Saskatchewan",
      "America/Halifax": "NS Nova Scotia/Nouvelle Ecosse, PE Prince Edward Island/Ile du Prince Edouard",
      "America/Moncton": "NB New Brunswick/Nouveau Brunswick",
      "America/St_Johns": "NL/NF Newfoundland and Labrador/Newfoundland/Terre Neuve et Labrador",
      "America/Whitehorse": "YT/YK Yukon/Yukon Territory",
      "America/Iqaluit": "NU Nunavut",
    },
    split: "BC NL NU ON QC",
    postal: {
      "America/St_Johns": "A",
      "America/Halifax": "B C",
      "America/Moncton": "E",
      "America/Toronto": "G H J K L M N P",
      "America/Winnipeg": "R",
      "America/Regina": "S",
      "America/Edmonton": "T",
      "America/Vancouver": "V",
      "America/Whitehorse": "Y",
    },
  },
  AU: {
    rest: null,
    regions: {
      "Australia/Sydney": "NSW New South Wales, ACT Australian Capital Territory",
      "Australia/Melbourne": "VIC Victoria",
      "Australia/Brisbane": "QLD Queensland",
      "Australia/Adelaide": "SA South Australia",
      "Australia/Perth": "WA Western Australia",
      "Australia/Hobart": "TAS Tasmania",
      "Australia/Darwin": "NT Northern Territory",
    },
    postal: {
      "Australia/Sydney": "02 1 2",
      "Australia/Broken_Hill": "2880",
      "Australia/Melbourne": "3 8",
      "Australia/Brisbane": "4 9",
      "Australia/Adelaide": "5",
      "Australia/Perth": "6",
      "Australia/Hobart": "7",
      "Australia/Darwin": "08 09",
    },
  },
  BR: {
    rest: null,
    regions: {
      "America/Sao_Paulo":
        "AL Alagoas, AP Amapa, BA Bahia, CE Ceara, DF Distrito Federal, ES Espirito Santo, GO Goias, MA Maranhao, MG Minas Gerais, PA Para, PB Paraiba, PE Pernambuco, PI Piaui, PR Parana, RJ Rio de Janeiro, RN Rio Grande do Norte, RS Rio Grande do Sul, SC Santa Catarina, SE Sergipe, SP Sao Paulo, TO Tocantins",
      "America/Cuiaba": "MT Mato Grosso",
      "America/Campo_Grande": "MS Mato Grosso do Sul",
      "America/Manaus": "AM Amazonas",
      "America/Porto_Velho": "RO Rondonia",
      "America/Boa_Vista": "RR Roraima",
      "America/Rio_Branco": "AC Acre",
    },
    split: "AM PE",
  },
  MX: {
    rest: null,
    regions: {
      "America/Mexico_City":
        "AGU/AGS Aguascalientes, CMX/DF/CDMX Ciudad de Mexico/Mexico City/Distrito Federal, CAM/CAMP Campeche, CHP/CHIS Chiapas, COL Colima, DUR/DGO Durango, GUA/GTO Guanajuato, GRO Guerrero, HID/HGO Hidalgo, JAL Jalisco, MEX Mexico/Estado de Mexico/Mexico State, MIC/MICH Michoacan/Michoacan de Ocampo, MOR Morelos, OAX Oaxaca, PUE Puebla, QUE/QRO Queretaro, SLP San Luis Potosi, TAB Tabasco, TLA/TLAX Tlaxcala, VER Veracruz/Veracruz de Ignacio de la Llave, YUC Yucatan, ZAC Zacatecas",
      "America/Monterrey": "COA/COAH Coahuila/Coahuila de Zaragoza, NLE/NL Nuevo Leon, TAM/TAMPS Tamaulipas",
      "America/Chihuahua": "CHH/CHIH Chihuahua",
      "America/Mazatlan": "SIN Sinaloa, NAY Nayarit, BCS Baja California Sur",
      "America/Hermosillo": "SON Sonora",
      "America/Tijuana": "BCN/BC Baja California",
      "America/Cancun": "ROO/QROO Quintana Roo/Q ROO",
    },
    split: "CHH COA NAY NLE TAM",
  },
  RU: {
    rest: null,
    regions: {
      "Europe/Kaliningrad": "KGD Kaliningrad Oblast/Kaliningrad",
      "Europe/Moscow":
        "MOW Moscow/Moskva, MOS Moscow Oblast, SPE Saint Petersburg/St Petersburg/Sankt Peterburg, LEN Leningrad Oblast/Leningrad, AD Adygea Republic/Adygea, ARK Arkhangelsk Oblast/Arkhangelsk, BEL Belgorod Oblast/Belgorod, BRY Bryansk Oblast/Bryansk, CE Chechen Republic/Chechnya, CU Chuvash Republic/Chuvashia, DA Republic of Dagestan/Dagestan, IN Republic of Ingushetia/Ingushetia, IVA Ivanovo Oblast/Ivanovo, KB Kabardino Balkarian Republic, KC Karachay Cherkess Republic, KDA Krasnodar Krai/Krasnodar, KIR Kirov Oblast/Kirov, KL Republic of Kalmykia/Kalmykia, KLU Kaluga Oblast/Kaluga, KO Komi Republic/Komi, KOS Kostroma Oblast/Kostroma, KR Republic of Karelia/Karelia, KRS Kursk Oblast/Kursk, LIP Lipetsk Oblast/Lipetsk, ME Mari El Republic/Mari El, MO Republic of Mordovia/Mordovia, MUR Murmansk Oblast/Murmansk, NEN Nenets Autonomous Okrug, NGR Novgorod Oblast/Novgorod, NIZ Nizhny Novgorod Oblast/Nizhny Novgorod, ORL Oryol Oblast/Oryol, PNZ Penza Oblast/Penza, PSK Pskov Oblast/Pskov, ROS Rostov Oblast/Rostov, RYA Ryazan Oblast/Ryazan, SE Republic of North Ossetia Alania/North Ossetia, SMO Smolensk Oblast/Smolensk, STA Stavropol Krai/Stavropol, TA Republic of Tatarstan/Tatarstan, TAM Tambov Oblast/Tambov, TUL Tula Oblast/Tula, TVE Tver Oblast/Tver, VGG Volgograd Oblast/Volgograd, VLA Vladimir Oblast/Vladimir, VLG Vologda Oblast/Vologda, VOR Voronezh Oblast/Voronezh, YAR Yaroslavl Oblast/Yaroslavl",
      "Europe/Samara": "SAM Samara Oblast/Samara, UD Udmurt Republic/Udmurtia",
      "Europe/Astrakhan": "AST Astrakhan Oblast/Astrakhan",
      "Europe/Saratov": "SAR Saratov Oblast/Saratov",
      "Europe/Ulyanovsk": "ULY Ulyanovsk Oblast/Ulyanovsk",
      "Asia/Yekaterinburg":
        "SVE Sverdlovsk Oblast/Sverdlovsk, BA Republic of Bashkortostan/Bashkortostan, CHE Chelyabinsk Oblast/Chelyabinsk, KGN Kurgan Oblast/Kurgan, KHM Khanty Mansi Autonomous Okrug/Khanty Mansi, ORE Orenburg Oblast/Orenburg, PER Perm Krai/Perm, TYU Tyumen Oblast/Tyumen, YAN Yamalo Nenets Autonomous Okrug/Yamalo Nenets",
      "Asia/Omsk": "OMS Omsk Oblast/Omsk",
      "Asia/Novosibirsk": "NVS Novosibirsk Oblast/Novosibirsk",
      "Asia/Barnaul": "ALT Altai Krai, AL Altai Republic",
      "Asia/Tomsk": "TOM Tomsk Oblast/Tomsk",
      "Asia/Novokuznetsk": "KEM Kemerovo Oblast/Kemerovo",
      "Asia/Krasnoyarsk": "KYA Krasnoyarsk Krai/Krasnoyarsk, KK Republic of Khakassia/Khakassia, TY Tuva Republic/Tuva",
      "Asia/Irkutsk": "IRK Irkutsk Oblast/Irkutsk, BU Republic of Buryatia/Buryatia",
      "Asia/Chita": "ZAB Zabaykalsky Krai",
      "Asia/Yakutsk": "AMU Amur Oblast/Amur, SA Sakha Republic Yakutia/Sakha Republic/Sakha/Yakutia",
      "Asia/Vladivostok": "PRI Primorsky Krai/Primorye, KHA Khabarovsk Krai/Khabarovsk, YEV Jewish Autonomous Oblast",
      "Asia/Magadan": "MAG Magadan Oblast/Magadan",
      "Asia/Sakhalin": "SAK Sakhalin Oblast/Sakhalin",
      "Asia/Kamchatka": "KAM Kamchatka Krai/Kamchatka",
      "Asia/Anadyr": "CHU Chukotka Autonomous Okrug/Chukotka",
    },
    split: "SA",
  },
  ID: {
    rest: null,
    regions: {
      "Asia/Jakarta":
        "AC Aceh, BB Bangka Belitung/Kepulauan Bangka Belitung, BE Bengkulu, BT Banten, JA Jambi, JB Jawa Barat/West Java, JI Jawa Timur/East Java, JK Jakarta/DKI Jakarta, JT Jawa Tengah/Central Java, KR Kepulauan Riau/Riau Islands, LA Lampung, RI Riau, SB Sumatera Barat/West Sumatra, SS Sumatera Selatan/South Sumatra, SU Sumatera Utara/North Sumatra, YO Yogyakarta/Daerah Istimewa Yogyakarta",
      "Asia/Pontianak": "KB Kalimantan Barat/West Kalimantan, KT Kalimantan Tengah/Central Kalimantan",
      "Asia/Makassar":
        "BA Bali, GO Gorontalo, KI Kalimantan Timur/East Kalimantan, KS Kalimantan Selatan/South Kalimantan, KU Kalimantan Utara/North Kalimantan, NB Nusa Tenggara Barat/West Nusa Tenggara, NT Nusa Tenggara Timur/East Nusa Tenggara, SA Sulawesi Utara/North Sulawesi, SG Sulawesi Tenggara/South East Sulawesi, SN Sulawesi Selatan/South Sulawesi, SR Sulawesi Barat/West Sulawesi, ST Sulawesi Tengah/Central Sulawesi",
      "Asia/Jayapura":
        "MA Maluku, MU Maluku Utara/North Maluku, PA Papua, PB Papua Barat/West Papua, PD Papua Barat Daya, PE Papua Pegunungan, PS Papua Selatan, PT Papua Tengah",
    },
  },
  ES: {
    rest: "Europe/Madrid",
    regions: {
      "Atlantic/Canary":
        "CN Canarias/Canary Islands/Islas Canarias, GC Las Palmas/Gran Canaria, TF Santa Cruz de Tenerife/Tenerife, - Lanzarote/Fuerteventura/La Palma",
    },
    postal: { "Atlantic/Canary": "35 38", "Europe/Madrid": "01-34 36-37 39-52" },
  },
  PT: {
    rest: "Europe/Lisbon",
    regions: {
      "Atlantic/Azores": "20 Acores/Azores/Regiao Autonoma dos Acores",
      "Atlantic/Madeira": "30 Madeira/Regiao Autonoma da Madeira",
    },
    postal: { "Atlantic/Azores": "95-99", "Atlantic/Madeira": "90-94", "Europe/Lisbon": "1-8" },
  },
  MN: {
    rest: "Asia/Ulaanbaatar",
    regions: { "Asia/Hovd": "043 Hovd/Khovd, 046 Uvs, 071 Bayan Olgii/Bayan Ulgii" },
  },
  CL: {
    rest: "America/Santiago",
    regions: {
      "America/Punta_Arenas": "MA Magallanes/Magallanes y de la Antartica Chilena/Magallanes Region",
      "America/Coyhaique": "AI Aysen/Aisen/Aisen del General Carlos Ibanez del Campo",
      "Pacific/Easter": "- Isla de Pascua/Easter Island/Rapa Nui",
    },
  },
  EC: { rest: "America/Guayaquil", regions: { "Pacific/Galapagos": "W Galapagos" } },
  NZ: { rest: "Pacific/Auckland", regions: { "Pacific/Chatham": "CIT Chatham Islands/Chatham Islands Territory" } },
  FR: {
    rest: "Europe/Paris",
    regions: {
      "America/Guadeloupe": "GP/971 Guadeloupe",
      "America/Martinique": "MQ/972 Martinique",
      "America/Cayenne": "GF/973 Guyane/Guyane francaise/French Guiana",
      "Indian/Reunion": "RE/974 La Reunion/Reunion",
      "Indian/Mayotte": "YT/976 Mayotte",
    },
    postal: {
      "America/Guadeloupe": "971",
      "America/Martinique": "972",
      "America/Cayenne": "973",
      "Indian/Reunion": "974",
      "Indian/Mayotte": "976",
      "Pacific/Tahiti": "987",
      "Pacific/Noumea": "988",
    },
  },
};

/**
 * Countries that `zone.tab` gives several zones, and that are treated as one: all their people share one clock, or so nearly all that
 * an unnamed region is theirs (Galápagos, Chatham, Magallanes and Aysén, Greenland's outposts hold 3 % or less).
 */
export const oneClock: ReadonlySet<string> = new Set("AR CL CN CY DE EC GL KZ MH MY NZ PS UA UZ".split(" "));
