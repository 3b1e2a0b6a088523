/** The people and parcels of the tour: buyers in five countries, parcels in three lanes, and what happens to them in 60 days. */
export interface Guest {
  readonly number: string;
  readonly name: string;
  readonly email: string;
  readonly locale: string;
  readonly place: {
    readonly country: string;
    readonly region: string;
    readonly city: string;
    readonly zip: string;
    readonly latitude?: number;
    readonly longitude?: number;
  };
  readonly placedAt: string;
  readonly parcels: readonly Parcel[];
}

export interface Parcel {
  readonly id: number;
  readonly dispatchedAt: string;
  readonly carrier: string;
  readonly trackingNumber: string;
  /** Which lines of the order are in it; absent: all. */
  readonly lines?: readonly number[];
}

export const begins = "2026-09-07T08:00:00Z";
export const ends = "2026-11-06T08:00:00Z";

export const guests: readonly Guest[] = [
  {
    number: "1001",
    name: "Maya O'Neill",
    email: "maya@buyer.example",
    locale: "en-US",
    place: { country: "US", region: "OR", city: "Portland", zip: "97201", latitude: 45.52, longitude: -122.68 },
    placedAt: "2026-09-07T17:20:00Z",
    parcels: [{ id: 7001, dispatchedAt: "2026-09-08T02:00:00Z", carrier: "China Post EMS", trackingNumber: "EE123456785CN" }],
  },
  {
    number: "1002",
    name: "João Prado",
    email: "joao@buyer.example",
    locale: "pt-BR",
    place: { country: "BR", region: "SP", city: "São Paulo", zip: "01310-100" },
    placedAt: "2026-09-07T19:05:00Z",
    parcels: [{ id: 7002, dispatchedAt: "2026-09-09T02:30:00Z", carrier: "China Post", trackingNumber: "RR473124829CN" }],
  },
  {
    number: "1003",
    name: "Sophie Laurent",
    email: "sophie@buyer.example",
    locale: "fr-FR",
    place: { country: "FR", region: "", city: "Lyon", zip: "69002" },
    placedAt: "2026-09-08T10:40:00Z",
    parcels: [
      { id: 7003, dispatchedAt: "2026-09-09T03:00:00Z", carrier: "China Post ePacket", trackingNumber: "LK473124829CN", lines: [0] },
      { id: 7004, dispatchedAt: "2026-09-12T03:00:00Z", carrier: "China Post ePacket", trackingNumber: "LK473124832CN", lines: [1, 2] },
    ],
  },
  {
    number: "1004",
    name: "Chen Jia",
    email: "jia@buyer.example",
    locale: "zh-CN",
    place: { country: "SG", region: "", city: "Singapore", zip: "049483" },
    placedAt: "2026-09-10T04:15:00Z",
    parcels: [{ id: 7005, dispatchedAt: "2026-09-10T09:00:00Z", carrier: "DHL Express", trackingNumber: "4512345678" }],
  },
  {
    number: "1005",
    name: "Tom Baker",
    email: "tom@buyer.example",
    locale: "en-GB",
    place: { country: "GB", region: "", city: "Leeds", zip: "LS1 4DY" },
    placedAt: "2026-09-14T15:00:00Z",
    parcels: [{ id: 7006, dispatchedAt: "2026-09-15T02:00:00Z", carrier: "China Post EMS", trackingNumber: "EE473124829CN" }],
  },
  {
    number: "1006",
    name: "Ana Ruiz",
    email: "ana@buyer.example",
    locale: "en-US",
    place: { country: "US", region: "NM", city: "Santa Fe", zip: "87501" },
    placedAt: "2026-09-27T20:00:00Z",
    parcels: [{ id: 7007, dispatchedAt: "2026-10-08T03:00:00Z", carrier: "China Post EMS", trackingNumber: "EE473124846CN" }],
  },
];
