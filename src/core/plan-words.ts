import { type CivilDay, weekdayOf } from "./civil-day.ts";
import { hour, type Instant } from "./instant.ts";
import { toLocal } from "./local-time.ts";
import { clockText, dateText, dayText, timeText, windowText } from "./plain-time.ts";
import type { SlotWish } from "./plan-slot.ts";
import type { Wait } from "./schedule-step.ts";
import { type Hours, primary } from "./slots.ts";
import type { Because } from "./timetable.ts";

/* The sentences that explain a slot. Dates and times are those of the first zone; nothing in them tells who the buyer is. */

/** `10 days after parcel EE123456785CN was dispatched on 2026-01-20 → 2026-01-30`. */
export function waitWords({ wait, what, anchor, hours }: SlotWish, result: string): Because {
  const zone = primary(hours);
  if (wait.kind === "none") return { rule: "anchor", detail: `${what} on ${timeText(zone, anchor)}` };
  const when = wait.kind === "hours" ? timeText(zone, anchor) : dayText(zone, anchor);
  return { rule: wait.range ? "range" : "wait", detail: `${lengthText(wait)} after ${what} on ${when} → ${result}` };
}

function lengthText(wait: Exclude<Wait, { kind: "none" }>): string {
  const [from, to, unit] =
    wait.kind === "hours"
      ? [wait.fromMs / hour, wait.toMs / hour, "hour"]
      : [wait.from, wait.to, wait.kind === "days" ? "day" : "business day"];
  return wait.range ? `${from}–${to} ${unit}s` : `${from} ${unit}${from === 1 ? "" : "s"}`;
}

/** `2026-02-09 to 2026-02-14`. */
export function datesWord(zone: string, from: Instant, to: Instant): string {
  return `${dayText(zone, from)} to ${dayText(zone, to)}`;
}

const rests = ["working day", "public holiday, as no working day is allowed,", "weekend day, as no other is allowed,"] as const;

export function rangeChoice(day: CivilDay, best: number, allowed: number, rank: 0 | 1 | 2): Because {
  const detail = `${dateText(day)}: a ${rests[rank]} chosen among ${best} equally good of ${allowed} allowed dates`;
  return { rule: rank === 0 ? "weekday" : rank === 1 ? "holiday" : "weekday", detail };
}

/** Why the slot is not on the first date, or not at the first time, it could be. */
export function movedWords(hours: Hours, wanted: CivilDay, dueAt: Instant): readonly Because[] {
  const { window, holidays } = hours;
  const zone = primary(hours);
  const moved = `moved to ${timeText(zone, dueAt)}`;
  if (window?.days != null && !window.days.includes(weekdayOf(wanted))) {
    return [{ rule: "weekday", detail: `no mail on that weekday (${dateText(wanted)}), ${moved}` }];
  }
  const holiday = holidays?.nameOf(wanted) ?? null;
  if (holiday !== null) return [{ rule: "holiday", detail: `${dateText(wanted)} is ${holiday}, ${moved}` }];
  if (window === null) return [];
  const both = hours.zones.length > 1 ? ` in ${hours.zones.join(" and ")}` : "";
  return [{ rule: "window", detail: `mail goes ${windowText(window)}${both}, ${moved}` }];
}

/** `09:12 of 09:00–18:00, so that not all mail goes out at once`. */
export function spreadWords(hours: Hours, dueAt: Instant): Because {
  const time = clockText(toLocal(primary(hours), dueAt).minute);
  const within = hours.window === null ? "" : ` of ${windowText(hours.window)}`;
  return { rule: "spread", detail: `${time}${within}, so that not all mail goes out at once` };
}
