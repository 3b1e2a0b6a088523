import { z } from "@hono/zod-openapi";
import type { Instant } from "../../core/instant.ts";
import { switchSteps } from "../../core/platform-mails.ts";
import { parseSchedule } from "../../core/schedule.ts";
import type { Database } from "../../store/database.ts";
import { setPlatformSends } from "../../store/platform-sends.ts";
import { endReplanning } from "../../store/schedules.ts";
import type { WebDeps } from "../deps.ts";

/** Which mails the shop's platform sends itself. */
export const platformSends = z
  .array(
    z
      .string()
      .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, "is not the key of a template such as dispatch-notice")
      .max(60),
  )
  .max(40)
  .openapi({
    description: "templates of mails that the platform sends itself, as order-confirmed; the schedule's steps with these are switched off",
    example: ["order-confirmed", "dispatch-notice"],
  });

const keys = z.array(z.string());
export const switchedSchema = z
  .object({ off: keys, on: keys, version: z.int(), cancelled: z.int(), how: z.string() })
  .nullable()
  .openapi({ description: "steps that a new version of the schedule switches off or on because of it; null when none had to be" });

/** What was switched in the schedule, as `switchedSchema` describes it. */
export interface Switched {
  readonly off: readonly string[];
  readonly on: readonly string[];
  readonly version: number;
}

/** What is wrong with a list of templates, if anything: those that are not there. */
export function unknownOnes(templates: readonly string[], { templateKeys }: WebDeps): readonly { pointer: string; detail: string }[] {
  if (templateKeys === undefined) return [];
  return templates.flatMap((template, index) => {
    if (templateKeys.has(template)) return [];
    const detail = `platformSends[${index}]: there is no template ${template}; there are ${[...templateKeys].join(", ")}`;
    return [{ pointer: `/platformSends/${index}`, detail }];
  });
}

/** Stores the list and publishes the schedule that follows from it, in the caller's transaction. `null`: the schedule stays. */
export async function applyPlatformSends(
  trx: Database,
  source: { readonly sourceId: string; readonly shopId: string; readonly now: Instant },
  templates: readonly string[],
): Promise<Switched | null> {
  let switched = { off: [] as readonly string[], on: [] as readonly string[] };
  const version = await setPlatformSends(trx, source, ({ schedule, sentByOthers, switchedOff }) => {
    const parsed = parseSchedule(schedule);
    if (!parsed.ok) return { templates, switchedOff, publish: null };
    const made = switchSteps(parsed.written, { sent: templates, stillSent: [...templates, ...sentByOthers], wereOn: switchedOff });
    switched = made;
    const stepKeys = parsed.schedule.steps.map((step) => step.key);
    return {
      templates: [...new Set(templates)],
      switchedOff: [...new Set([...switchedOff, ...made.off])].filter((key) => stepKeys.includes(key) && !made.on.includes(key)),
      publish: made.off.length + made.on.length === 0 ? null : { schedule: made.schedule, stepKeys },
    };
  });
  return version === null ? null : { ...switched, version };
}

/** Plans the shop's open orders by the new version, and says what was done and how it is undone. */
export async function switchedView(deps: WebDeps, shopId: string, switched: Switched | null): Promise<z.output<typeof switchedSchema>> {
  if (switched === null) return null;
  try {
    const { cancelled } = await deps.replanShop(shopId);
    const how =
      switched.off.length === 0
        ? "they go out again as the schedule has them"
        : "PATCH /api/v1/sources/{id} with a platformSends that lacks the mail switches its step on again; so does a schedule whose step has not enabled: false";
    return { off: [...switched.off], on: [...switched.on], version: switched.version, cancelled, how };
  } finally {
    await endReplanning(deps.db, shopId);
  }
}
