/**
 * Makes a state as WooCommerce writes it one that is understood elsewhere.
 *
 * Its codes are ISO 3166-2's (`CA`, `DE-BY`), but for Mexico, where it has two letters of its own; only there does a state tell the
 * hour. Names, which it keeps for countries without a list, stay as they are.
 */
export function stateCode(country: string | null, state: string | null): string | null {
  return country === "MX" && state !== null ? (mexico.get(state.toUpperCase()) ?? state) : state;
}

const mexico: ReadonlyMap<string, string> = new Map(
  (
    "DF CMX,JA JAL,NL NLE,AG AGU,BC BCN,BS BCS,CM CAM,CS CHP,CH CHH,CO COA,CL COL,DG DUR,GT GUA,GR GRO,HG HID,MX MEX," +
    "MI MIC,MO MOR,NA NAY,OA OAX,PU PUE,QT QUE,QR ROO,SL SLP,SI SIN,SO SON,TB TAB,TM TAM,TL TLA,VE VER,YU YUC,ZA ZAC"
  )
    .split(",")
    .map((pair) => [pair.slice(0, 2), pair.slice(3)]),
);
