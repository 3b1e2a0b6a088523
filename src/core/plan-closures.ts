import { addDays } from "./civil-day.ts";
import { type Closure, touches } from "./closure.ts";
import { wholeOrder } from "./conditions.ts";
import type { Instant } from "./instant.ts";
import { startOfDay, toInstant } from "./local-time.ts";
import { dateText, timeText } from "./plain-time.ts";
import type { Scene } from "./plan-scene.ts";
import type { FoundSlot } from "./plan-slot.ts";
import { begun, orderOccurrence, type Start } from "./plan-starts.ts";
import type { Step } from "./schedule-step.ts";
import { nextOpen } from "./slots.ts";
import type { Because } from "./timetable.ts";

/** Nine in the morning where the shop is: when the notices of a closure go out. */
const noticeMinute = 9 * 60;

/**
 * The closures that concern an order, one start each, or one that says that none does. `at` is when a closure began to concern
 * the order.
 */
export function closureStarts(step: Step, scene: Scene): readonly (Start & { readonly closure: Closure | null })[] {
  const { order, input } = scene;
  const zone = input.shop.timeZone;
  const found: (Start & { readonly closure: Closure | null })[] = [];
  if (!order.nothingShips) {
    for (const closure of input.closures) {
      const touch = touches(order, closure, zone, noticeDue(step, closure, zone), (shipment) => scene.arrivesBy(shipment).day);
      const start = { occurrence: { kind: "closure", id: closure.id } as const, subject: wholeOrder, closure };
      if (touch.kind === "touches") {
        found.push({ ...start, state: begun(touch.at, `${closure.name} concerns the order: ${touch.why}`) });
      } else if (touch.kind === "spared") {
        const because: Because = { rule: "closure", detail: `${closure.name} (${datesOf(closure)}): ${touch.why}` };
        found.push({ ...start, state: { kind: "over", reason: touch.reason, because } });
      }
    }
  }
  if (found.length > 0) return found.sort((a, b) => compareClosures(a.closure, b.closure));
  const none = order.nothingShips
    ? ({ reason: "nothing-ships", because: { rule: "closure", detail: "nothing of this order is sent as a parcel" } } as const)
    : ({ reason: "no-closure", because: { rule: "closure", detail: "no closure of the shop concerns this order" } } as const);
  return [{ occurrence: orderOccurrence(order), subject: wholeOrder, closure: null, state: { kind: "over", ...none } }];
}

/**
 * When the notice of a closure goes: at nine on its first day plus the step's (negative) wait, in the shop's zone, or as soon as the
 * order is concerned, if later. It is of use until the closure's last day has ended, and moving it does not make it useful for longer.
 */
export function closureSlot(
  step: Step,
  scene: Scene,
  closure: Closure,
  touchedAt: Instant,
  seed: number,
): (FoundSlot & { staleAt: Instant }) | null {
  const zone = scene.input.shop.timeZone;
  const hours = scene.hoursOf(step);
  const notice = noticeDue(step, closure, zone);
  const wanted = notice > touchedAt ? notice : touchedAt;
  const dueAt = nextOpen(hours, wanted, seed);
  if (dueAt === null) return null;
  const because: Because[] = [
    { rule: "closure", detail: `${closure.name}, ${datesOf(closure)}; parcels leave again on ${dateText(closure.resumes)}` },
  ];
  if (touchedAt > notice)
    because.push({ rule: "anchor", detail: `at once: it has concerned the order only since ${timeText(zone, touchedAt)}` });
  else because.push({ rule: "wait", detail: `${daysBefore(step)} → ${timeText(zone, notice)} (${zone})` });
  if (dueAt !== wanted) because.push({ rule: "window", detail: `moved to ${timeText(zone, dueAt)} (${zone}), when the window is open` });
  return { dueAt, slots: { ...hours, earliest: wanted, latest: null }, because, staleAt: startOfDay(zone, addDays(closure.ends, 1)) };
}

function noticeDue({ wait }: Step, closure: Closure, zone: string): Instant {
  return toInstant(zone, addDays(closure.starts, wait.kind === "days" ? wait.from : 0), noticeMinute);
}

function daysBefore({ wait }: Step): string {
  const days = wait.kind === "days" ? wait.from : 0;
  if (days === 0) return "on its first day";
  return days < 0 ? `${-days} days before it starts` : `${days} days after it starts`;
}

function datesOf({ starts, ends }: Closure): string {
  return `${dateText(starts)} to ${dateText(ends)}`;
}

function compareClosures(a: Closure | null, b: Closure | null): number {
  if (a === null || b === null) return 0;
  return a.starts - b.starts || (a.id < b.id ? -1 : 1);
}
