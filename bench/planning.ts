import { systemClock } from "../src/clock.ts";
import { defaultSchedule } from "../src/core/default-schedule.ts";
import { iso } from "../src/core/instant.ts";
import { type PlanInput, plan } from "../src/core/plan.ts";
import { parseSchedule } from "../src/core/schedule.ts";
import { loadForPlanning } from "../src/store/planning.ts";
import { compare, perSecond, type Row } from "./measure.ts";
import { dispatched, orderCreated } from "./payloads.ts";
import type { Stage } from "./stage.ts";
import { openWorkshop } from "./workshop.ts";

export interface PlanningSize {
  readonly rounds: number;
  /** Different orders. */
  readonly orders: number;
  /** How often each is planned in one run. */
  readonly times: number;
}

/** `plan` alone on one core: orders with a parcel each, a schedule of eight steps. */
export async function benchPlanning(stage: Stage, { rounds, orders, times }: PlanningSize): Promise<Row> {
  const workshop = await openWorkshop((await stage.database()).url, eightSteps);
  const at = iso(systemClock.now());
  await workshop.store(Array.from({ length: orders }, (_, n) => [orderCreated(n, at), dispatched(n, at)]).flat());
  await workshop.takeInAndPlan();
  const ids = (await workshop.deps.db.selectFrom("orders").select("id").execute()).map(({ id }) => id);
  const cases = await loadForPlanning(workshop.deps.db, workshop.deps.keys, { orderIds: ids, lock: false });
  await workshop.close();
  const inputs = cases.map(({ input }) => input);
  const run = (work: (input: PlanInput) => unknown) =>
    perSecond(orders * times, async () => {
      for (let time = 0; time < times; time += 1) for (const input of inputs) work(input);
    });
  const copy = (input: PlanInput) => JSON.parse(JSON.stringify(input));

  await run(plan);
  await run(copy);
  return compare({
    key: "plan",
    name: "plan() alone on one core, eight steps",
    unit: "orders",
    limitedBy: "the same input written and read once as JSON",
    target: null,
    rounds,
    limit: () => run(copy),
    ours: () => run(plan),
  });
}

const five: readonly string[] = ["dispatch-notice", "check-in", "feedback-reminder", "review-thanks", "holiday-delay"];

/** The five steps that every order meets and three more. */
const eightSteps = {
  name: "Eight steps",
  steps: [
    ...defaultSchedule.steps.filter(({ key }) => five.includes(key)),
    { key: "paid-note", template: "dispatch-notice", category: "order", on: "order.paid", wait: { hours: 1 } },
    {
      key: "second-check-in",
      template: "check-in",
      category: "care",
      after: "check-in",
      wait: { days: 7 },
      unless: ["review.posted", "case.open"],
    },
    { key: "late-check-in", template: "check-in", category: "care", on: "shipment.dispatched", wait: { businessDays: 30 } },
  ],
} as const;

const checked = parseSchedule(eightSteps);
if (!checked.ok) throw new Error(`the schedule of the benchmark is wrong: ${JSON.stringify(checked)}`);
