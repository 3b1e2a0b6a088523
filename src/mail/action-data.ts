import { parseCivilDay } from "../core/civil-day.ts";
import type { OperatorAction } from "../core/order.ts";
import type { DayWriter } from "./days.ts";
import { inert, inertOrNull } from "./inert.ts";

/** A line of a text of several lines: `{{#each …}}{{text}}{{/each}}`. */
export interface Line {
  readonly text: string;
}

/** What a shop proposes to settle a dispute. */
export interface ProposalData {
  readonly cause: string;
  readonly text: string;
  readonly steps: readonly Line[];
  readonly replyBy: string;
}

/** How to send something back. */
export interface ReturningData {
  readonly address: readonly Line[];
  /** The last day to post it. */
  readonly deadline: string;
  /** The shop pays the way back; else the buyer does. */
  readonly shopPays: boolean;
  readonly onArrival: string;
  readonly note: string | null;
}

const maxText = 1_000;
const maxLines = 12;

/** `null` when it is no proposal, or not a whole one: the mail that needs it fails rather than leave something out. */
export function proposalData({ type, fields }: OperatorAction, days: DayWriter): ProposalData | null {
  if (type !== "dispute-proposal") return null;
  const cause = textOf(fields, "cause");
  const text = textOf(fields, "proposal");
  const steps = linesOf(fields, "steps");
  const replyBy = dayOf(fields, "replyBy", days);
  if (cause === null || text === null || steps.length === 0 || replyBy === null) return null;
  return { cause, text, steps, replyBy };
}

/** `null` when it is about something else, or not whole. */
export function returningData({ type, fields }: OperatorAction, days: DayWriter): ReturningData | null {
  if (type === "dispute-proposal") return null;
  const address = linesOf(fields, "address");
  const deadline = dayOf(fields, "deadline", days);
  const onArrival = textOf(fields, "onArrival");
  const whoPays = fields["whoPays"];
  if (address.length === 0 || deadline === null || onArrival === null || (whoPays !== "shop" && whoPays !== "buyer")) return null;
  return { address, deadline, shopPays: whoPays === "shop", onArrival, note: textOf(fields, "note") };
}

type Fields = OperatorAction["fields"];

function textOf(fields: Fields, name: string): string | null {
  return inertOrNull(fields[name] ?? null, maxText);
}

function linesOf(fields: Fields, name: string): readonly Line[] {
  return (fields[name] ?? "")
    .split(/\r\n?|\n/)
    .slice(0, maxLines)
    .map((line) => ({ text: inert(line, 200) }))
    .filter(({ text }) => text !== "");
}

function dayOf(fields: Fields, name: string, days: DayWriter): string | null {
  const day = parseCivilDay(fields[name] ?? "");
  return day === null ? null : days.near(day);
}
