import { z } from "zod";
import { conditionFacts, exits, triggers, weekdayNames } from "./schedule-words.ts";
import { categories, occurrenceKinds } from "./timetable.ts";

/*
 * A schedule as operators write it. Unknown keys are errors: a misspelt `unles` that is ignored would send mail nobody wants.
 * Descriptions go into `docs/schedule.schema.json`, which editors show.
 */

const longestDays = 730;
const kebab = z.string().regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, "wanted a name such as feedback-reminder: lower case, digits, dashes");
const name = kebab.max(60);

const count = z.number().int().min(0).max(longestDays);
const range = z.tuple([count, count]);
const countOrRange = z.union([count, range]);
const signed = z.number().int().min(-longestDays).max(longestDays);

const waitShape = z.union([
  z.strictObject({
    days: z
      .union([signed, range])
      .describe("calendar days where the buyer lives; [a, b] picks the best date from a to b; negative only for closures"),
    byService: z
      .record(z.string().min(1).max(80), count)
      .optional()
      .describe("other waits for parcels of a carrier service, of a lane (ePacket, sea, …) or of a carrier, in this order"),
  }),
  z.strictObject({ businessDays: countOrRange.describe("working days where the buyer lives") }),
  z.strictObject({
    hours: z.union([
      z
        .number()
        .min(0)
        .max(24 * longestDays),
      z.tuple([
        z.number().min(0),
        z
          .number()
          .min(0)
          .max(24 * longestDays),
      ]),
    ]),
  }),
]);

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'wanted a time such as "09:00"');

const windowShape = z.strictObject({
  from: timeOfDay.describe("first minute of the day at which mail may go"),
  to: timeOfDay.describe("no mail from this minute on; earlier than `from`: the window ends on the next day"),
  zone: z.enum(["buyer", "shop"]).optional().describe("whose clock; the buyer's when absent"),
  days: z.array(z.enum(weekdayNames)).min(1).max(7).optional().describe("days on which the window opens; every day when absent"),
  holidays: z
    .enum(["avoid", "ignore"])
    .optional()
    .describe(
      "avoid: never on a public holiday there, as care, review and offer mail has it when absent; ignore: also then, though ranges prefer other days",
    ),
});

const conditionShape = z.strictObject({
  fact: z.enum(conditionFacts),
  atLeast: z.number().optional(),
  atMost: z.number().optional(),
  is: z.union([z.string(), z.array(z.string()).min(1)]).optional(),
});

const stepShape = z.strictObject({
  key: name.describe("the step's identity for good: a renamed step is a new step"),
  template: name,
  category: z.enum(categories),
  on: z.enum(triggers).optional().describe("what starts the wait; exactly one of on and after"),
  after: name.optional().describe("the step whose sending starts the wait; exactly one of on and after"),
  per: z
    .enum(occurrenceKinds)
    .optional()
    .describe("one message per order (when absent), shipment, quiet-spell, review, case, refund, closure, disruption or action"),
  wait: waitShape.optional(),
  window: windowShape.optional().describe("09:00–18:00 at the buyer's when absent; any hour for category order"),
  unless: z.array(z.enum(exits)).optional().describe("what withdraws the message"),
  only: z.array(conditionShape).optional().describe("all of these must hold"),
  notBefore: z
    .strictObject({
      delivered: z
        .union([z.number().int().min(0).max(longestDays), z.null()])
        .optional()
        .describe("never earlier than this many days after the delivered scan, once there is one; null: no such bound"),
      transitEnd: z
        .boolean()
        .optional()
        .describe("never before the transit window has ended, unless delivered; always so for category review"),
    })
    .optional()
    .describe("2 days after the delivered scan when absent, for care and review steps that a dispatch starts, and for all review steps"),
  staleAfter: z
    .union([z.strictObject({ hours: z.number().min(1) }), z.strictObject({ days: z.number().min(1) })])
    .optional()
    .describe("how long after its slot it is still of use; 48 hours for category order (delivered, refunded: 72), else 5 days"),
  enabled: z.boolean().optional(),
});

export const scheduleShape = z.strictObject({
  name: z.string().min(1).max(120),
  steps: z.array(stepShape).min(1).max(60),
});

/** A schedule as written: JSON or YAML read into an object, every field of the right shape. */
export type WrittenSchedule = z.infer<typeof scheduleShape>;
export type WrittenStep = z.infer<typeof stepShape>;

/** The JSON Schema of a written schedule, as `docs/schedule.schema.json` holds it. */
export function scheduleJsonSchema(): unknown {
  return { title: "Afterword schedule", ...z.toJSONSchema(scheduleShape, { target: "draft-2020-12" }) };
}
