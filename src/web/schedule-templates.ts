import { loweredCategories } from "../core/lowered-categories.ts";
import { problemLine } from "../core/override.ts";
import { placed } from "../core/schedule-errors.ts";
import type { WrittenStep } from "../core/schedule-shape.ts";
import { currentSchedule } from "../store/schedules.ts";
import { overridesInForce } from "../store/template-overrides.ts";
import type { WebDeps } from "./deps.ts";
import type { FieldError } from "./problem.ts";
import { unknownTemplates } from "./publishing.ts";
import { judgeFiles } from "./template-publishing.ts";
import type { TemplateSamples } from "./template-samples.ts";

/**
 * What keeps a schedule from being published for what its steps send: a template there is none of, one sent as less than it is, one that must not go out
 * as it is. What a shop has made its own is judged in all it changed; what is built in, which the product's tests hold, only when a step brings it anew.
 */
export async function templateErrors(
  deps: Pick<WebDeps, "db" | "templateKeys" | "samples">,
  shopId: string,
  steps: readonly WrittenStep[],
): Promise<readonly FieldError[]> {
  const unknown = unknownTemplates(steps, deps.templateKeys);
  const samples = deps.samples?.();
  if (samples === undefined) return unknown;
  const lowered = loweredCategories(steps, new Map(samples.list.map(({ key, category }) => [key, category])));
  return [...unknown, ...lowered, ...(await blockedTemplates(deps, samples, shopId, steps))];
}

async function blockedTemplates(
  { db }: Pick<WebDeps, "db">,
  samples: TemplateSamples,
  shopId: string,
  steps: readonly WrittenStep[],
): Promise<readonly FieldError[]> {
  const inForce = await overridesInForce(db, shopId);
  const before = JSON.stringify((await currentSchedule(db, shopId))?.schedule ?? null);
  const reasons = new Map<string, string | null>();
  for (const key of new Set(steps.map(({ template }) => template))) {
    const known = samples.list.find((one) => one.key === key);
    const own = inForce.get(key);
    if (own !== undefined) {
      const blocking = (await judgeFiles(samples, key, own.files, inForce)).find(({ severity }) => severity === "block");
      reasons.set(key, blocking === undefined ? null : problemLine(blocking));
    } else if (known !== undefined && !before.includes(JSON.stringify(key))) {
      const blocking = (await samples.lint(key, "en")).find(({ severity }) => severity === "block");
      reasons.set(key, blocking === undefined ? null : `“${blocking.words}” (${blocking.rule}). ${blocking.wrong}`);
    }
  }
  return steps.flatMap(({ template }, index) => {
    const reason = reasons.get(template);
    return reason == null ? [] : [placed(["steps", index, "template"], `${template} can't be sent as it is: ${reason}`)];
  });
}
