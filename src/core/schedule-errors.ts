import type { z } from "zod";

export interface ScheduleError {
  /** JSON Pointer to the place, as `/steps/2/wait/days`; empty for the whole. */
  readonly pointer: string;
  /** One sentence that names the place too: `steps[2].wait.days: …`. */
  readonly detail: string;
}

type Path = readonly PropertyKey[];

/** What zod has to say, place by place. Of a union that fits in no way, the complaints of the nearest member: the one that gets furthest before it fails. */
export function errorsOf(issue: z.core.$ZodIssue, at: Path): ScheduleError[] {
  const path = [...at, ...issue.path];
  if (issue.code === "invalid_union" && issue.errors.length > 0) {
    const known = issue.errors.filter((member) => !member.some((inner) => inner.path.length === 0));
    const nearest = known.toSorted((a, b) => depthOf(b) - depthOf(a) || a.length - b.length)[0];
    if (nearest !== undefined) return nearest.flatMap((inner) => errorsOf(inner, path));
    const unknownKeys = issue.errors.flat().find((inner) => inner.code === "unrecognized_keys" && inner.path.length === 0);
    const wrongType = issue.errors.flat().find((inner) => inner.code !== "unrecognized_keys");
    return [placed(path, (unknownKeys ?? wrongType ?? issue).message)];
  }
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => placed([...path, key], "there is no such field"));
  return [placed(path, issue.message)];
}

function depthOf(issues: readonly z.core.$ZodIssue[]): number {
  return Math.max(...issues.map((issue) => issue.path.length));
}

/** An error at a place: pointer for machines, the same place in words for people. */
export function placed(path: Path, what: string): ScheduleError {
  const pointer = path.map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
  const words = path.map((part, index) => (typeof part === "number" ? `[${part}]` : `${index > 0 ? "." : ""}${String(part)}`)).join("");
  return { pointer, detail: words === "" ? what : `${words}: ${what}` };
}
