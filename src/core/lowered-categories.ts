import { placed, type ScheduleError } from "./schedule-errors.ts";
import { type Category, categories } from "./timetable.ts";

/**
 * Steps that would send a template as less than it is: a review request as mail about the order, say, past consent, caps and the way out (LAW-01).
 * As more than it is, with more asked of it, is fine. Templates that are not in `own` are not judged.
 */
export function loweredCategories(
  steps: readonly { readonly template: string; readonly category: Category }[],
  own: ReadonlyMap<string, Category>,
): readonly ScheduleError[] {
  return steps.flatMap(({ template, category }, index) => {
    const least = own.get(template);
    // what is asked of a mail grows in the order in which the categories are listed
    if (least === undefined || categories.indexOf(category) >= categories.indexOf(least)) return [];
    return [placed(["steps", index, "category"], `${template} is ${least} mail, and can't be sent as ${category}`)];
  });
}
