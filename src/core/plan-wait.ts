import { addDays, type CivilDay, formatCivilDay } from "./civil-day.ts";
import type { Subject } from "./conditions.ts";
import { laneKeys } from "./data/transit-lanes.ts";
import type { Instant } from "./instant.ts";
import { localDay } from "./local-time.ts";
import { type DispatchedShipment, deliveredAt, dispatchedOf } from "./order-state.ts";
import { addOpenDays, type Pause, pausesBetween } from "./pauses.ts";
import type { Scene } from "./plan-scene.ts";
import { parcelName } from "./plan-starts.ts";
import { awaitedOf } from "./replacement.ts";
import type { Step, Wait } from "./schedule-step.ts";
import type { Because } from "./timetable.ts";
import { forService, sameService } from "./transit.ts";
import { nameOfLane, type TransitLane } from "./transit-lanes.ts";

export interface ChosenWait {
  readonly wait: Wait;
  readonly because: readonly Because[];
}

type DaysWait = Extract<Wait, { kind: "days" }>;

/**
 * The wait of a step for the parcels it is about: `byService` or the shop's transit lanes where an entry fits how one travels, else the plain one;
 * and without the days of a closure through which the parcel is on its way, for steps that a dispatch starts.
 *
 * For a whole order the longest wait of the parcels still on their way counts, once all have arrived that of the last one dispatched.
 */
export function waitFor(step: Step, scene: Scene, { shipment }: Subject, anchor: Instant): ChosenWait {
  const { wait } = step;
  const dispatchStarts = step.start.kind === "on" && step.start.trigger === "shipment.dispatched";
  if (wait.kind !== "days" || (!dispatchStarts && Object.keys(wait.byService).length === 0)) return { wait, because: [] };
  const dispatched = awaitedOf(scene.order);
  const travelling = dispatched.filter((parcel) => deliveredAt(parcel) === null);
  const about = shipment === null ? null : (dispatchedOf(scene.order).find(({ id }) => id === shipment.id) ?? null);
  const parcels = about !== null ? [about] : travelling.length > 0 ? travelling : dispatched.slice(-1);
  let longest: ChosenWait & { readonly days: number } = { wait, because: [], days: Number.NEGATIVE_INFINITY };
  for (const parcel of parcels) {
    const asked = dispatchStarts && step.category === "care" && !wait.range;
    const own = waitOf(wait, parcel, asked ? scene.ownLaneOf(parcel) : null);
    const whole = dispatchStarts ? throughClosures(own, parcel, scene, anchor) : own;
    if (whole.wait.to > longest.days) longest = { ...whole, days: whole.wait.to };
  }
  return { wait: longest.wait, because: longest.because };
}

interface DaysChosen extends ChosenWait {
  readonly wait: DaysWait;
}

/**
 * What the operator said of this parcel: in the schedule or, for the check-in, in the shop's transit lanes. These go first, unless the schedule
 * names the very service and they only a whole lane.
 */
function waitOf(wait: DaysWait, parcel: DispatchedShipment, own: TransitLane | null): DaysChosen {
  const written = forService(wait.byService, parcel);
  const days = own?.checkInDays ?? null;
  const closer = written !== null && own?.service === null && namesService(written.name, parcel);
  if (own !== null && days !== null && !closer) {
    const detail = `${parcelName(parcel)} travels as ${nameOfLane(own)}: the shop's transit lanes say ${days} days`;
    return { wait: exactly(wait, days), because: [{ rule: "lane", detail }] };
  }
  if (written === null) return { wait, because: [] };
  const detail = `${parcelName(parcel)} travels as ${written.name}: ${written.value} days`;
  return { wait: exactly(wait, written.value), because: [{ rule: "lane", detail }] };
}

function namesService(name: string, { carrier, service }: DispatchedShipment): boolean {
  if (service === null || laneKeys.some((lane) => sameService(lane, name))) return false;
  return sameService(name, service) || (carrier !== null && sameService(name, `${carrier} ${service}`));
}

function exactly(wait: DaysWait, days: number): DaysWait {
  return { ...wait, from: days, to: days, range: false };
}

/** Days of a closure do not count while the parcel is on its way; those after it has arrived do. */
function throughClosures(chosen: DaysChosen, parcel: DispatchedShipment, scene: Scene, anchor: Instant): DaysChosen {
  const { wait } = chosen;
  const pauses = scene.pausesOf(parcel);
  if (pauses.length === 0 || wait.to <= 0) return chosen;
  const zone = scene.input.shop.timeZone;
  const from = localDay(zone, anchor);
  const arrived = deliveredAt(parcel);
  const until = arrived === null ? null : localDay(zone, arrived);
  const to = dayAfter(from, wait.to, pauses, until);
  const more = to - from - wait.to;
  if (more <= 0) return chosen;
  const earlier = dayAfter(from, wait.from, pauses, until) - from;
  const names = pausesBetween(from, to, pauses).map(
    ({ name, starts, ends }) => `${name} (${formatCivilDay(starts)} to ${formatCivilDay(ends)})`,
  );
  const detail = `${parcelName(parcel)} is on its way through ${names.join(" and ")}: ${more} ${more === 1 ? "day" : "days"} more`;
  return { wait: { ...wait, from: earlier, to: wait.to + more }, because: [...chosen.because, { rule: "closure", detail }] };
}

/** `count` days after `from`, days of pauses not counted up to the day of arrival. */
function dayAfter(from: CivilDay, count: number, pauses: readonly Pause[], arrived: CivilDay | null): CivilDay {
  const day = addOpenDays(from, count, pauses);
  if (arrived === null || day <= arrived) return day;
  const clipped = pauses.flatMap((pause) =>
    pause.starts > arrived ? [] : [{ ...pause, ends: pause.ends > arrived ? arrived : pause.ends }],
  );
  return clipped.length === 0 ? addDays(from, count) : addOpenDays(from, count, clipped);
}
