import { placed, type ScheduleError } from "./schedule-errors.ts";
import type { WrittenSchedule, WrittenStep } from "./schedule-shape.ts";
import { conditionFacts, numberFacts, perOf, sentimentFacts } from "./schedule-words.ts";

/** Says what is wrong between the fields and steps of a well-shaped schedule: all of it, each with its place. */
export function checkSchedule(schedule: WrittenSchedule): readonly ScheduleError[] {
  const byKey = new Map(schedule.steps.map((step) => [step.key, step]));
  return schedule.steps.flatMap((step, index) => {
    const at = ["steps", index];
    const complaints = [
      ...(schedule.steps.findIndex(({ key }) => key === step.key) < index ? [placed([...at, "key"], `${step.key} is there twice`)] : []),
      ...checkStart(step, byKey, at),
      ...checkWait(step, at),
      ...checkWindow(step, at),
      ...checkOnly(step, at),
      ...checkGating(step, byKey, at),
    ];
    if (step.on === "review.posted" && step.unless?.includes("review.posted")) {
      complaints.push(placed([...at, "unless"], "review.posted both starts and withdraws this step: it could never be sent"));
    }
    return complaints;
  });
}

type Path = readonly PropertyKey[];
type Steps = ReadonlyMap<string, WrittenStep>;

function checkStart(step: WrittenStep, byKey: Steps, at: Path): ScheduleError[] {
  if (step.on !== undefined && step.after !== undefined)
    return [placed([...at, "after"], "wanted exactly one of on and after, found both")];
  if (step.on !== undefined) {
    const allowed = perOf(step.on);
    if (step.per === undefined || allowed.includes(step.per)) return [];
    return [placed([...at, "per"], `${step.on} can be told once per ${allowed.join(" or ")}, not per ${step.per}`)];
  }
  if (step.after === undefined) return [placed([...at, "on"], "wanted exactly one of on and after, found neither")];
  const prior = byKey.get(step.after);
  if (prior === undefined) return [placed([...at, "after"], `there is no step ${step.after}`)];
  const chain = chainOf(step, byKey);
  if (chain === "circle") return [placed([...at, "after"], `${step.key} waits for itself, through ${step.after}`)];
  const first = chain.at(-1);
  const per = first === undefined ? undefined : (first.per ?? (first.on === undefined ? undefined : perOf(first.on)[0]));
  if (step.per === undefined || per === undefined || step.per === per) return [];
  return [placed([...at, "per"], `${step.after} is sent once per ${per}, so what follows it is too`)];
}

function checkWait(step: WrittenStep, at: Path): ScheduleError[] {
  const { wait } = step;
  if (wait === undefined) return [];
  const place = [...at, "wait"];
  const [unit, value] =
    "days" in wait ? ["days", wait.days] : "hours" in wait ? ["hours", wait.hours] : ["businessDays", wait.businessDays];
  const complaints: ScheduleError[] = [];
  if (Array.isArray(value) && Number(value[0]) > Number(value[1])) {
    complaints.push(placed([...place, unit], `a range runs from the shorter wait to the longer, found [${value.join(", ")}]`));
  }
  if (typeof value === "number" && value < 0 && step.on !== "closure") {
    complaints.push(placed([...place, unit], "only a closure is known beforehand, so only its notice can go earlier: wanted 0 or more"));
  }
  if (step.on === "closure" && (unit !== "days" || Array.isArray(value))) {
    complaints.push(placed([...place, unit], "a closure's notice waits a number of days from its first day: wanted days, one number"));
  }
  if ("days" in wait && wait.byService !== undefined && (step.on === undefined || !step.on.startsWith("shipment."))) {
    complaints.push(placed([...place, "byService"], "only steps that a shipment starts know how the parcel travels"));
  }
  return complaints;
}

function checkWindow(step: WrittenStep, at: Path): ScheduleError[] {
  const { window } = step;
  if (window === undefined) return [];
  const complaints: ScheduleError[] = [];
  if (window.from === window.to) complaints.push(placed([...at, "window", "to"], "the window is empty: from and to are the same time"));
  if (window.from === "24:00") complaints.push(placed([...at, "window", "from"], "a day begins at 00:00"));
  return complaints;
}

function checkOnly(step: WrittenStep, at: Path): ScheduleError[] {
  return (step.only ?? []).flatMap((condition, index) => {
    const place = [...at, "only", index];
    const { fact, atLeast, atMost, is } = condition;
    if (atLeast === undefined && atMost === undefined && is === undefined) return [placed(place, "wanted one of atLeast, atMost, is")];
    if (numberFacts.has(fact) && is !== undefined) return [placed([...place, "is"], `${fact} is a number: wanted atLeast or atMost`)];
    if (!numberFacts.has(fact) && is === undefined) return [placed(place, `${fact} is no number: wanted is`)];
    const family = fact.split(".")[0];
    if (family === "case" && !step.on?.startsWith("case."))
      return [placed([...place, "fact"], "only steps that a case starts know its type")];
    return [];
  });
}

/** Review gating by logic is the same offence as by words: whom a review request reaches must not depend on how happy they are. */
function checkGating(step: WrittenStep, byKey: Steps, at: Path): ScheduleError[] {
  if (step.category !== "review" && !asksForReview.has(step.template)) return [];
  const chain = chainOf(step, byKey);
  if (chain === "circle") return [];
  const gate = chain.find(gatedOn);
  if (gate === undefined) return [];
  const what = `a review request may not depend on ${[...gatedFacts(gate)].join(", ")}: that asks happy buyers only (review gating)`;
  return gate === step ? [placed([...at, "only"], what)] : [placed([...at, "after"], `${gate.key} decides by it, and ${what}`)];
}

/** Templates that ask for a review whatever category a step gives them. */
const asksForReview: ReadonlySet<string> = new Set(["feedback-reminder"]);

function gatedOn(step: WrittenStep): boolean {
  return gatedFacts(step).length > 0;
}

function gatedFacts(step: WrittenStep): readonly string[] {
  const used = new Set((step.only ?? []).map(({ fact }) => fact));
  return conditionFacts.filter((fact) => used.has(fact) && sentimentFacts.has(fact));
}

/** The step and those it follows, up to the one that a fact starts; as far as they exist. */
function chainOf(step: WrittenStep, byKey: Steps): readonly WrittenStep[] | "circle" {
  const chain = [step];
  for (let next = priorOf(step, byKey); next !== undefined; next = priorOf(next, byKey)) {
    if (chain.includes(next)) return "circle";
    chain.push(next);
  }
  return chain;
}

function priorOf(step: WrittenStep, byKey: Steps): WrittenStep | undefined {
  return step.after === undefined ? undefined : byKey.get(step.after);
}
