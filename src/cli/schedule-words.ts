import type { FieldDiff, ScheduleDiff } from "../core/schedule-diff.ts";
import type { SimulationAnswer } from "./answers.ts";
import { fields, table, wrapped } from "./table.ts";
import { plain, type Terminal, toned } from "./terminal.ts";
import { when } from "./times.ts";

/** How a file differs from version `version`, a line a difference. */
export function diffText(terminal: Terminal, diff: ScheduleDiff, version: number): string {
  if (diff.same) return `It says the same as version ${version}, which is in force.\n`;
  const lines = [
    `Against version ${version}, which is in force:`,
    ...(diff.name === null ? [] : [`  name: ${diff.name.before} → ${diff.name.after}`]),
    ...diff.added.map((step) => toned(terminal, "good", `+ ${step}`)),
    ...diff.removed.map((step) => toned(terminal, "bad", `- ${step}`)),
    ...diff.changed.flatMap(({ step, fields: changes }) => [
      toned(terminal, "warning", `~ ${step}`),
      ...changes.map((change) => `    ${fieldText(change)}`),
    ]),
    ...(diff.reordered ? ["  The steps stand in another order, which only changes how they are listed."] : []),
  ];
  return `${lines.join("\n")}\n`;
}

function fieldText(change: FieldDiff): string {
  const shown = (side: "before" | "after"): string => (side in change ? plain(JSON.stringify(change[side])) : "(absent)");
  return `${change.field}: ${shown("before")} → ${shown("after")}`;
}

/** A simulation as people read it. Times are in the shop's zone. */
export function simulationText(terminal: Terminal, simulated: SimulationAnswer, zone: string): string {
  const { orders, messages, added, removed, moved, earlier, later, beforeDelivery, steps, samples } = simulated;
  if (orders === 0) return "No orders were placed in that time, so there is nothing to compare. Another time: --from, --to.\n";
  const sums = fields(terminal, [
    ["orders", String(orders)],
    ["mails", `${messages.before} → ${messages.after}`],
    ["added", String(added)],
    ["removed", String(removed)],
    ["moved", moved === 0 ? "0" : `${moved} (${earlier} earlier, ${later} later)`],
    [
      "before delivery",
      { text: `${beforeDelivery.before} → ${beforeDelivery.after}`, tone: beforeDelivery.after > beforeDelivery.before ? "warning" : null },
    ],
  ]);
  const byStep = table(
    terminal,
    ["step", "mails", "added", "removed", "moved"],
    steps.map((step) => [step.step, `${step.before} → ${step.after}`, String(step.added), String(step.removed), String(step.moved)]),
  );
  const shown = samples.map(({ number, step, change, before, after, because }) => {
    const times = [before, after].map((at) => (at === null ? "not sent" : when(at, zone))).join(" → ");
    const why = because[0] === undefined ? "" : wrapped(terminal, because[0].detail, "      ");
    return `  ${toned(terminal, "strong", plain(number))}  ${step}, ${change}: ${times}\n${why}`;
  });
  const examples = shown.length === 0 ? "" : `\nFor example (times in ${zone}):\n${shown.join("")}`;
  return `${sums}\n${byStep}${examples}`;
}
