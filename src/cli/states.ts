import type { Cell } from "./table.ts";
import type { Tone } from "./terminal.ts";

const tones: Readonly<Record<string, Tone>> = {
  sent: "good",
  delivered: "good",
  planned: "live",
  queued: "live",
  sending: "live",
  held: "warning",
  unsure: "warning",
  failed: "bad",
  bounced: "bad",
  complained: "bad",
};

/** The state of a message or an entry, in the tone that fits it. */
export function stateCell(state: string): Cell {
  return { text: state, tone: tones[state] ?? "quiet" };
}
