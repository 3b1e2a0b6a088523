import type { WrittenStep } from "../../../core/schedule-shape.ts";

type Condition = NonNullable<WrittenStep["only"]>[number];

/** A condition as one line: `review.rating >= 4`, `order.country = US, CA`. */
export function lineOf({ fact, atLeast, atMost, is }: Condition): string {
  const parts = [
    ...(atLeast === undefined ? [] : [`>= ${atLeast}`]),
    ...(atMost === undefined ? [] : [`<= ${atMost}`]),
    ...(is === undefined ? [] : [`= ${Array.isArray(is) ? is.join(", ") : is}`]),
  ];
  return `${fact} ${parts.join(" ")}`;
}

/** Reads such a line; what it does not understand is left for the schedule's own check to complain about. */
export function readLine(line: string): object {
  const [, fact = line, rest = ""] = /^(\S+)\s*(.*)$/.exec(line) ?? [];
  const least = /(?:>=|≥)\s*(-?\d+(?:\.\d+)?)/.exec(rest)?.[1];
  const most = /(?:<=|≤)\s*(-?\d+(?:\.\d+)?)/.exec(rest)?.[1];
  const equal = /(?:^|\s)=\s*(.+)$/.exec(rest)?.[1];
  const words = equal?.split(",").map((word) => word.trim());
  return {
    fact,
    ...(least === undefined ? {} : { atLeast: Number(least) }),
    ...(most === undefined ? {} : { atMost: Number(most) }),
    ...(words === undefined ? {} : { is: words.length === 1 ? words[0] : words }),
  };
}
