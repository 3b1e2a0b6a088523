import type { ParsedSchedule } from "../core/schedule.ts";
import { endReplanning, publishSchedule } from "../store/schedules.ts";
import type { PlanCounts, WebDeps } from "./deps.ts";
import type { FieldError } from "./problem.ts";

export interface Published extends PlanCounts {
  readonly version: number;
}

/**
 * Publishes the next version of a shop's schedule; with `retime` open orders move to it and are all planned anew before this answers, and
 * what changed is counted. `null`: there is no such shop. `also` is written with it, in one transaction.
 */
export async function publishAndPlan(
  deps: Pick<WebDeps, "db" | "now" | "replanShop">,
  shopId: string,
  parsed: Extract<ParsedSchedule, { ok: true }>,
  queued: "retime" | "keep",
  also?: Parameters<typeof publishSchedule>[2],
): Promise<Published | null> {
  const version = await publishOnly(deps, shopId, parsed, queued, also);
  if (version === null) return null;
  if (queued === "keep") return { version, retimed: 0, cancelled: 0, added: 0 };
  try {
    return { version, ...(await deps.replanShop(shopId)) };
  } finally {
    await endReplanning(deps.db, shopId);
  }
}

/**
 * Publishes the next version and answers its number; `null`: there is no such shop. With `retime` the plan job keeps off the shop for some minutes: the
 * caller plans its orders, and says so by `endReplanning`.
 */
export function publishOnly(
  deps: Pick<WebDeps, "db" | "now">,
  shopId: string,
  { schedule, written }: Extract<ParsedSchedule, { ok: true }>,
  queued: "retime" | "keep",
  also?: Parameters<typeof publishSchedule>[2],
): Promise<number | null> {
  const stepKeys = schedule.steps.map((step) => step.key);
  return publishSchedule(deps.db, { shopId, schedule: written, stepKeys, queued, now: deps.now() }, also);
}

/** Steps whose template this installation does not have. */
export function unknownTemplates(
  steps: readonly { readonly template: string }[],
  known: ReadonlySet<string> | undefined,
): readonly FieldError[] {
  if (known === undefined) return [];
  return steps.flatMap(({ template }, index) =>
    known.has(template)
      ? []
      : [
          {
            pointer: `/steps/${index}/template`,
            detail: `steps[${index}].template: there is no template ${template}; there are ${[...known].join(", ")}`,
          },
        ],
  );
}
