import { addDays } from "./civil-day.ts";
import { day24, type Instant, instant, minute, plus } from "./instant.ts";
import { localDay } from "./local-time.ts";
import type { LedgerMessage } from "./message.ts";
import { timeText } from "./plain-time.ts";
import { type Hours, isOpen, nextOpen, openOn, primary } from "./slots.ts";
import { type Interval, seedOf } from "./spread.ts";
import type { Because, PlannedEntry, Rule, Timetable } from "./timetable.ts";

/** Where a message lies in time once the present has had its say. */
export interface Placed {
  readonly dueAt: Instant;
  readonly staleAt: Instant;
  /** What moved it from the slot that the facts give. */
  readonly because: readonly Because[];
  /** Whether it is where the ledger has it. */
  readonly kept: boolean;
}

/** Rules that only the present speaks by: sentences of theirs belong to the row and outlive planning again. */
export const rulesOfThePresent: ReadonlySet<Rule> = new Set(["late", "retime", "cap", "attempt"]);

/**
 * Places a message that is not in the ledger yet, or comes back (P5): at its slot, or, when that has passed while the message is still of use,
 * at the next slot allowed. Staleness counts from the slot (P8, first messages). `null` when no slot is allowed within 30 days.
 */
export function placeAnew(entry: PlannedEntry, timetable: Timetable, now: Instant): Placed | null {
  const { dueAt, staleAt } = entry;
  if (dueAt >= now || staleAt <= now || entry.sendNow || entry.held !== null) return { dueAt, staleAt, because: [], kept: false };
  const next = nextOpen(entry.slots, now, seedFor(entry, timetable));
  if (next === null) return null;
  return { dueAt: next, staleAt, because: [lateSentence(entry, next)], kept: false };
}

/**
 * Places a message whose slot has changed: at the new one, unless that has passed.
 *
 * A slot chosen from a range is kept while the range still allows it (P7). What a late fact moves into the past goes at the next slot allowed and
 * is of use for as long as ever from there (P8); what a new schedule version moves there is spread over the next 24 hours (P4).
 */
export function placeMoved(entry: PlannedEntry, row: LedgerMessage, timetable: Timetable, now: Instant): Placed | null {
  const { slots, staleAfterMs } = entry;
  if (entry.sendNow) return { dueAt: entry.dueAt, staleAt: entry.staleAt, because: [], kept: false };
  if (row.dueAt >= now && inRange(entry, row.dueAt)) {
    const words = `kept at ${timeText(primary(slots), row.dueAt)}, which the range still allows`;
    const because: Because[] = row.dueAt === entry.dueAt ? [] : [{ rule: "retime", detail: words }];
    return { dueAt: row.dueAt, staleAt: plus(row.dueAt, staleAfterMs), because, kept: true };
  }
  if (entry.dueAt >= now) return { dueAt: entry.dueAt, staleAt: entry.staleAt, because: [], kept: false };
  // At no slot as long as it is held: it is placed once it is let go.
  if (entry.held !== null) return { dueAt: now, staleAt: usefulUntil(entry, now), because: [lateSentence(entry, now)], kept: false };
  const seed = seedFor(entry, timetable);
  const retimed = row.scheduleVersion !== timetable.scheduleVersion;
  const next = retimed ? withinADay(slots, now, seed) : nextOpen(slots, now, seed);
  if (next === null) return null;
  const because: Because = retimed
    ? { rule: "retime", detail: `version ${timetable.scheduleVersion} of the schedule puts it in the past: spread over 24 hours` }
    : lateSentence(entry, next);
  return { dueAt: next, staleAt: usefulUntil(entry, next), because: [because], kept: false };
}

/**
 * Leaves a message where the ledger has it, be that later than its slot (a retry, an earlier move); only what would now go at an hour
 * that is not allowed is moved to the next one that is, still counting as before (SCH-06).
 */
export function placeKept(entry: PlannedEntry, row: LedgerMessage, timetable: Timetable, now: Instant): Placed | null {
  const staleAt = row.dueAt === entry.dueAt ? entry.staleAt : row.staleAt;
  const because = row.because.filter(({ rule }) => rulesOfThePresent.has(rule));
  const goesAt = row.dueAt > now ? row.dueAt : now;
  // What is held does not go, whatever the hour, and is looked at again when it is let go.
  if (entry.sendNow || entry.held !== null || isOpen(entry.slots, goesAt)) return { dueAt: row.dueAt, staleAt, because, kept: true };
  const next = nextOpen(entry.slots, goesAt, seedFor(entry, timetable));
  if (next === null) return null;
  return { dueAt: next, staleAt, because: [...because.filter(({ rule }) => rule !== "late"), lateSentence(entry, next)], kept: false };
}

/** Another message took the buyer's share (P10): not before then, and of use for as long as ever from there. */
export function placeDeferred(entry: PlannedEntry, placed: Placed, until: Instant, timetable: Timetable): Placed | null {
  const next = nextOpen(entry.slots, until, seedFor(entry, timetable));
  if (next === null) return null;
  const zone = primary(entry.slots);
  const sentence: Because = { rule: "cap", detail: `${enough} ${timeText(zone, until)}` };
  // Which mail it waits for was said when it was put off, and is said as long as it waits.
  const because = [...placed.because.filter(({ rule, detail }) => rule !== "cap" || !detail.startsWith(enough)), sentence];
  const staleAt = laterOf(usefulUntil(entry, next), placed.staleAt);
  return { ...placed, dueAt: placed.dueAt >= until ? placed.dueAt : next, staleAt, because };
}

const enough = "the buyer has had mail enough until";

/** Some minute of the open hours of the next 24, each as likely as the other; the next opening when they have none. */
function withinADay(hours: Hours, now: Instant, seed: number): Instant | null {
  const end = plus(now, day24);
  const today = localDay(primary(hours), now);
  const open: Interval[] = [];
  for (const ahead of [-1, 0, 1, 2]) {
    const interval = openOn(hours, addDays(today, ahead), now);
    if (interval !== null && interval.from < end) open.push({ from: interval.from, to: instant(Math.min(interval.to, end)) });
  }
  let left =
    seed %
    Math.max(
      1,
      open.reduce((sum, { from, to }) => sum + minutesOf(from, to), 0),
    );
  for (const { from, to } of open) {
    if (left < minutesOf(from, to)) return plus(from, left * minute);
    left -= minutesOf(from, to);
  }
  return nextOpen(hours, end, seed);
}

function minutesOf(from: Instant, to: Instant): number {
  return Math.floor((to - from) / minute);
}

function inRange({ slots }: PlannedEntry, at: Instant): boolean {
  return slots.latest !== null && at >= slots.earliest && at <= slots.latest && isOpen(slots, at);
}

function usefulUntil({ staleAt, staleAfterMs }: PlannedEntry, dueAt: Instant): Instant {
  return laterOf(plus(dueAt, staleAfterMs), staleAt);
}

function laterOf(a: Instant, b: Instant): Instant {
  return a > b ? a : b;
}

function seedFor({ step, occurrence }: PlannedEntry, { orderId }: Timetable): number {
  return seedOf(orderId, step, occurrence);
}

function lateSentence({ slots, dueAt }: PlannedEntry, next: Instant): Because {
  const zone = primary(slots);
  return { rule: "late", detail: `its slot, ${timeText(zone, dueAt)}, has passed: it goes on ${timeText(zone, next)}` };
}
