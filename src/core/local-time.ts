import { IANAZone } from "luxon";
import { addDays, type CivilDay, civilDayAt } from "./civil-day.ts";
import { day24, type Instant, instant, minute } from "./instant.ts";

/** What a clock on the wall of a zone shows. */
export interface LocalTime {
  readonly day: CivilDay;
  /** Minutes after midnight as the clock shows them, 0 … 1439; seconds are dropped. */
  readonly minute: number;
}

/**
 * Finds the instant at which the clocks of `zone` show `minuteOfDay` on `day`: the one way from wall-clock time to an instant.
 *
 * A time that a clock change skips becomes as much later as the clock jumped (02:30 → 03:30), also when a whole day is skipped;
 * a time that comes twice is its first coming (SCH-03, `compatible` in the words of Temporal). The result depends on the
 * arguments and the zone database alone: Luxon's own local → UTC resolves an overlap by the offset of today, hence not used.
 * `minuteOfDay` may lie outside 0 … 1439 and then counts on into other days. Throws when `isZone(zone)` is false.
 */
export function toInstant(zone: string, day: CivilDay, minuteOfDay: number): Instant {
  const local = day * day24 + minuteOfDay * minute;
  const clock = clockOf(zone);
  // No zone is more than 15 h from UTC, so the true offset is one of these two, and no zone changes twice in two days.
  const before = offsetAt(clock, local - day24);
  const after = offsetAt(clock, local + day24);
  if (before === after) return instant(local - before);
  const first = local - before;
  if (offsetAt(clock, first) === before) return instant(first);
  const second = local - after;
  if (offsetAt(clock, second) === after) return instant(second);
  return instant(first);
}

/** Says what the clocks of `zone` show at an instant. Throws when `isZone(zone)` is false. */
export function toLocal(zone: string, at: Instant): LocalTime {
  const local = at + offsetAt(clockOf(zone), at);
  const day = Math.floor(local / day24);
  return { day: civilDayAt(day), minute: Math.floor((local - day * day24) / minute) };
}

/** The day an instant falls on in `zone`. */
export function localDay(zone: string, at: Instant): CivilDay {
  return civilDayAt(Math.floor((at + offsetAt(clockOf(zone), at)) / day24));
}

/** Minutes by which the clocks of `zone` are ahead of UTC at an instant; may be a fraction before 1972. */
export function offsetMinutes(zone: string, at: Instant): number {
  return offsetAt(clockOf(zone), at) / minute;
}

/** The first instant of a day in `zone`: not always midnight, since some zones change their clocks then (Cairo, Havana, Beirut, Santiago). */
export function startOfDay(zone: string, day: CivilDay): Instant {
  return toInstant(zone, day, 0);
}

/** The last millisecond of a day in `zone`. */
export function endOfDay(zone: string, day: CivilDay): Instant {
  return instant(toInstant(zone, addDays(day, 1), 0) - 1);
}

/**
 * Says whether `text` names a zone by place (`Europe/Berlin`) or is `UTC`.
 *
 * Refused, although runtimes take them: offsets (`+08:00`, `Etc/GMT-8`, which know no clock changes and whose signs mislead),
 * abbreviations (`EST`, `CET`), names by country (`US/Eastern`), and any other spelling of case.
 */
export function isZone(text: string): boolean {
  if (text === "UTC" || text === "Etc/UTC") return true;
  if (knownZones.has(text)) return true;
  if (!area.test(text) || !alias.test(text) || text.length > 40) return false;
  try {
    // An alias (`Asia/Kolkata`) answers with its target; the same name in another case answers with itself.
    const resolved = new Intl.DateTimeFormat("en-US", { timeZone: text }).resolvedOptions().timeZone;
    return resolved === text || resolved.toLowerCase() !== text.toLowerCase();
  } catch {
    return false;
  }
}

const area = /^(Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific)\//;
const alias = /^[A-Za-z]+(\/([A-Z][a-z]+)+([-_][A-Za-z][a-z]+)*){1,2}$/;
const knownZones: ReadonlySet<string> = new Set(Intl.supportedValuesOf("timeZone").filter((name) => area.test(name)));

/*
 * Asking Intl for an offset takes some 5 µs, and the planner asks several times a step. So the changes of a zone's clock are found
 * once per span of about 13 months, by probing every 3 days and halving between two probes that differ, and kept. That
 * finds every change, because no zone has changed twice within 6 days since 1970. Zones are few (`isZone`), spans are bounded.
 */
const spanMs = 2 ** 35;
const probeMs = 2 ** 28;
const spansKept = 64;

/** From `from` (ms, inclusive) to `to` (exclusive) the clocks of a zone are `offset` ms ahead of UTC. */
interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly offset: number;
}

interface Clock {
  readonly zone: IANAZone;
  readonly spans: Map<number, readonly Stretch[]>;
  /** The stretch that was asked for last: most questions are about the same few months. */
  last: Stretch;
}

const clocks = new Map<string, Clock>();
const nowhere: Stretch = { from: 0, to: 0, offset: 0 };

function clockOf(zone: string): Clock {
  const known = clocks.get(zone);
  if (known !== undefined) return known;
  if (!isZone(zone)) throw new RangeError(`not a time zone: ${JSON.stringify(zone)}; wanted a place, as "Europe/Berlin"`);
  const clock: Clock = { zone: IANAZone.create(zone), spans: new Map(), last: nowhere };
  clocks.set(zone, clock);
  return clock;
}

function offsetAt(clock: Clock, at: number): number {
  const { last } = clock;
  if (at >= last.from && at < last.to) return last.offset;
  const stretch = stretchAt(clock, at);
  clock.last = stretch;
  return stretch.offset;
}

function stretchAt(clock: Clock, at: number): Stretch {
  const index = Math.floor(at / spanMs);
  let span = clock.spans.get(index);
  if (span === undefined) {
    if (clock.spans.size >= spansKept) clock.spans.clear();
    span = readSpan(clock.zone, index * spanMs);
    clock.spans.set(index, span);
  }
  const stretch = span.find(({ to }) => at < to);
  if (stretch === undefined) throw new RangeError(`not a point in time: ${at}`);
  return stretch;
}

function readSpan(zone: IANAZone, start: number): readonly Stretch[] {
  const stretches: Stretch[] = [];
  let from = start;
  let offset = readOffset(zone, start);
  for (let probe = start + probeMs; probe <= start + spanMs; probe += probeMs) {
    const next = readOffset(zone, probe);
    if (next === offset) continue;
    const change = firstOf(zone, probe - probeMs, probe, next);
    stretches.push({ from, to: change, offset });
    from = change;
    offset = next;
  }
  stretches.push({ from, to: start + spanMs, offset });
  return stretches.filter((stretch) => stretch.from < stretch.to);
}

/** The first millisecond in `(before, at]` from which `offset` holds. */
function firstOf(zone: IANAZone, before: number, at: number, offset: number): number {
  let low = before;
  let high = at;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (readOffset(zone, middle) === offset) high = middle;
    else low = middle;
  }
  return high;
}

function readOffset(zone: IANAZone, at: number): number {
  return Math.round(zone.offset(at) * minute);
}
