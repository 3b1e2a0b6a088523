/** How a parcel travels: decides how long it usually takes and when it is decent to ask after it. Stable: operators write these in schedules. */
export const laneKeys = ["express", "EMS", "ePacket", "standard-line", "registered-small-packet", "air-mail", "sea", "unknown"] as const;
export type LaneKey = (typeof laneKeys)[number];

export interface TransitRange {
  readonly unit: "days" | "businessDays";
  /** From hand-over to delivery, at best and as a rule at worst. */
  readonly earliest: number;
  readonly latest: number;
}

/**
 * Usual transit, counted from hand-over (standards 4.3: handbooks' figures, defaults only; operators edit them).
 *
 * "About 30 business days" of postal air mail is given as a range that ends there. `unknown` ends on day 20, so that with the default
 * waits (check-in on day 10, reminder 10–15 days later) a reminder is not held back by a service nobody could name (LAW-04).
 */
export const transitRanges: Readonly<Record<LaneKey, TransitRange>> = {
  express: { unit: "businessDays", earliest: 3, latest: 7 },
  EMS: { unit: "businessDays", earliest: 5, latest: 10 },
  ePacket: { unit: "days", earliest: 7, latest: 20 },
  "standard-line": { unit: "days", earliest: 10, latest: 45 },
  "registered-small-packet": { unit: "days", earliest: 14, latest: 39 },
  "air-mail": { unit: "businessDays", earliest: 15, latest: 30 },
  sea: { unit: "days", earliest: 30, latest: 60 },
  unknown: { unit: "days", earliest: 5, latest: 20 },
};

/** Days after dispatch at which the check-in goes by default (messages sheet, "Timing"). */
export const defaultCheckInDays: Readonly<Record<LaneKey, number>> = {
  express: 10,
  EMS: 10,
  ePacket: 14,
  "standard-line": 25,
  "registered-small-packet": 30,
  "air-mail": 30,
  sea: 60,
  unknown: 10,
};

/**
 * What in a service's or carrier's name tells the lane, the first that matches. Read against lower case with single blanks.
 *
 * The order matters: an ePacket is run by EMS, a registered packet goes by air mail, an unregistered one is no registered one, and
 * "AliExpress Standard" holds the word express.
 */
export const lanePatterns: readonly { readonly pattern: RegExp; readonly lane: LaneKey }[] = [
  { pattern: /\be ?packet\b|\beub\b|邮宝/, lane: "ePacket" },
  { pattern: /\bems\b|\bexpress mail service\b|特快/, lane: "EMS" },
  { pattern: /\b(mail innovations|sure ?post|smart ?post|ground economy)\b/, lane: "unknown" },
  { pattern: /\b(sea|ocean|surface|rail|railway)\b|海运|铁路/, lane: "sea" },
  { pattern: /\b(unregistered|ordinary|untracked)\b.*\b(mail|packet|parcel)\b|平邮|平常/, lane: "air-mail" },
  { pattern: /\bregistered\b|\bsmall packet\b|挂号|小包/, lane: "registered-small-packet" },
  { pattern: /\bair ?mail\b|\bpar avion\b|航空/, lane: "air-mail" },
  { pattern: /\b(aliexpress|cainiao|yun ?express|4px|yanwen)\b|\b(standard|special|dedicated|economy) line\b|专线/, lane: "standard-line" },
  { pattern: /\b(express|expedited|courier|overnight)\b|快递/, lane: "express" },
];

/** The first letter of a UPU S10 number says the service (UPU S10-12); others say nothing of the lane. */
export const s10Lanes: Readonly<Record<string, { readonly lane: LaneKey; readonly name: string }>> = {
  C: { lane: "unknown", name: "a parcel" },
  E: { lane: "EMS", name: "EMS" },
  L: { lane: "ePacket", name: "a tracked packet" },
  R: { lane: "registered-small-packet", name: "a registered item" },
  U: { lane: "air-mail", name: "an untracked letter or packet" },
};
