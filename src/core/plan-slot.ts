import { addBusinessDays } from "./business-days.ts";
import { addDays, type CivilDay } from "./civil-day.ts";
import type { HolidayCalendar } from "./holidays.ts";
import { type Instant, instant, minute, plus } from "./instant.ts";
import { endOfDay, localDay, startOfDay, toInstant, toLocal } from "./local-time.ts";
import { dateText, timeText } from "./plain-time.ts";
import { datesWord, movedWords, rangeChoice, spreadWords, waitWords } from "./plan-words.ts";
import type { Wait } from "./schedule-step.ts";
import { type Hours, nextOpen, openOn, primary, searchDays } from "./slots.ts";
import { type Interval, spreadIn } from "./spread.ts";
import type { Because, Slots } from "./timetable.ts";

/** What a slot is looked for by. */
export interface SlotWish {
  /** When the wait begins. */
  readonly anchor: Instant;
  /** What happened then, as `the order was paid`. */
  readonly what: string;
  readonly wait: Wait;
  /** The first date allowed beside the wait (delivered scan, transit window); `null`: any. */
  readonly bound: DateBound | null;
  readonly hours: Hours;
  readonly calendar: HolidayCalendar;
  readonly seed: number;
}

export interface DateBound {
  readonly day: CivilDay;
  readonly because: Because;
}

export interface FoundSlot {
  readonly dueAt: Instant;
  readonly slots: Slots;
  readonly because: readonly Because[];
}

/**
 * Finds when a message goes, or `null` when 30 days hold no hour for it (SCH-05).
 *
 * A wait in days means a date: the anchor's date in the first zone plus so many days. With a window the slot lies on that date at a minute
 * chosen by the seed, or on the next date the window allows; without one it is the same time by the clock (SCH-02). Hours are exact, moved
 * to the next opening when the window is shut. Of a range the best dates are chosen among by the seed (P7).
 */
export function findSlot(wish: SlotWish): FoundSlot | null {
  const { wait } = wish;
  if (wait.kind === "none") return byTheHour(wish, 0);
  if (wait.kind === "hours") {
    if (!wait.range) return byTheHour(wish, wait.fromMs);
    return fromRange(wish, plus(wish.anchor, wait.fromMs), plus(wish.anchor, wait.toMs));
  }
  const first = dateAfter(wish, wait.kind, wait.from);
  if (!wait.range) return onDate(wish, first);
  const zone = primary(wish.hours);
  return fromRange(wish, startOfDay(zone, first), endOfDay(zone, dateAfter(wish, wait.kind, wait.to)));
}

function dateAfter({ anchor, hours, calendar }: SlotWish, unit: "days" | "business-days", count: number): CivilDay {
  const day = localDay(primary(hours), anchor);
  return unit === "days" ? addDays(day, count) : addBusinessDays(day, count, [calendar]);
}

function byTheHour(wish: SlotWish, waitMs: number): FoundSlot | null {
  const { anchor, hours, bound, seed } = wish;
  const zone = primary(hours);
  const ready = plus(anchor, waitMs);
  const boundAt = bound === null ? ready : startOfDay(zone, bound.day);
  const earliest = laterOf(boundAt, ready);
  const dueAt = nextOpen(hours, earliest, seed);
  if (dueAt === null) return null;
  const because: Because[] = [waitWords(wish, timeText(zone, ready))];
  if (bound !== null && boundAt > ready) because.push(bound.because);
  if (dueAt !== earliest) because.push(...movedWords(hours, localDay(zone, earliest), dueAt), spreadWords(hours, dueAt));
  return { dueAt, slots: { ...hours, earliest, latest: null }, because };
}

function onDate(wish: SlotWish, date: CivilDay): FoundSlot | null {
  const { anchor, hours, bound, seed } = wish;
  const zone = primary(hours);
  const bounded = bound !== null && bound.day > date;
  const target = bounded ? bound.day : date;
  const because: Because[] = [waitWords(wish, dateText(date))];
  if (bounded) because.push(bound.because);
  if (hours.window === null && hours.holidays === null) {
    const dueAt = sameTimeOn(zone, target, anchor);
    return { dueAt, slots: { ...hours, earliest: dueAt, latest: null }, because };
  }
  const earliest = laterOf(startOfDay(zone, target), anchor);
  for (let day = target; day <= target + searchDays; day = addDays(day, 1)) {
    const open = openOn(hours, day, earliest);
    if (open === null) continue;
    const dueAt = hours.window === null ? laterOf(sameTimeOn(zone, day, anchor), earliest) : spreadIn(open, seed);
    because.push(...(day > target ? movedWords(hours, target, dueAt) : []), spreadWords(hours, dueAt));
    return { dueAt, slots: { ...hours, earliest, latest: null }, because };
  }
  return null;
}

/** The same time by the clock of `zone` on another day, to the millisecond. */
function sameTimeOn(zone: string, day: CivilDay, anchor: Instant): Instant {
  const at = plus(toInstant(zone, day, toLocal(zone, anchor).minute), anchor - Math.floor(anchor / minute) * minute);
  return laterOf(at, anchor);
}

interface Candidate {
  readonly day: CivilDay;
  readonly open: Interval;
}

function fromRange(wish: SlotWish, from: Instant, to: Instant): FoundSlot | null {
  const { anchor, hours, bound, calendar, seed } = wish;
  const zone = primary(hours);
  const boundAt = bound === null ? from : startOfDay(zone, bound.day);
  const earliest = laterOf(laterOf(from, boundAt), anchor);
  const because: Because[] = [waitWords(wish, datesWord(zone, from, to))];
  if (bound !== null && boundAt > from) because.push(bound.because);

  const inside = openDays(hours, earliest, to);
  const best = bestOf(inside, calendar);
  // The seed's low bits choose the minute, higher ones the date, so that the two choices are independent.
  const chosen = best[(seed >>> 9) % Math.max(1, best.length)];
  if (chosen !== undefined) {
    const dueAt = timeIn(wish, chosen);
    because.push(rangeChoice(chosen.day, best.length, inside.length, restRank(calendar, chosen.day)), spreadWords(hours, dueAt));
    return { dueAt, slots: { ...hours, earliest, latest: to }, because };
  }
  const after = laterOf(earliest, plus(to, 1));
  const beyond = openDays(hours, after, plus(startOfDay(zone, addDays(localDay(zone, after), searchDays + 1)), -1));
  const next = beyond.find(({ day }) => restRank(calendar, day) === 0) ?? beyond[0];
  if (next === undefined) return null;
  const dueAt = timeIn(wish, next);
  because.push({ rule: "range", detail: `no slot inside the range is allowed: the first one after it, ${dateText(next.day)}` });
  because.push(spreadWords(hours, dueAt));
  return { dueAt, slots: { ...hours, earliest: after, latest: null }, because };
}

/** Without a window a range in days keeps the time of day at which the wait began. */
function timeIn({ hours, wait, anchor, seed }: SlotWish, { day, open }: Candidate): Instant {
  if (hours.window !== null || wait.kind === "hours") return spreadIn(open, seed);
  return laterOf(sameTimeOn(primary(hours), day, anchor), open.from);
}

function openDays(hours: Hours, from: Instant, to: Instant): readonly Candidate[] {
  const zone = primary(hours);
  const last = localDay(zone, to);
  const found: Candidate[] = [];
  for (let day = localDay(zone, from); day <= last; day = addDays(day, 1)) {
    const open = openOn(hours, day, from);
    if (open !== null && open.from <= to) found.push({ day, open: open.to > to ? { from: open.from, to: plus(to, 1) } : open });
  }
  return found;
}

/** Working days before holidays on weekdays, those before weekends: as good as the range has them (P7). */
function bestOf(candidates: readonly Candidate[], calendar: HolidayCalendar): readonly Candidate[] {
  const ranks = candidates.map(({ day }) => restRank(calendar, day));
  const best = Math.min(...ranks);
  return candidates.filter((_, index) => ranks[index] === best);
}

/** 0: a working day there; 1: a holiday; 2: a weekend. */
function restRank(calendar: HolidayCalendar, day: CivilDay): 0 | 1 | 2 {
  if (calendar.isWorkday(day)) return 0;
  return calendar.isHoliday(day) ? 1 : 2;
}

function laterOf(a: Instant, b: Instant): Instant {
  return instant(Math.max(a, b));
}
