import { type Instant, iso } from "./instant.ts";
import type { LedgerMessage } from "./message.ts";
import { rowOf, sameIdentity } from "./plan-input.ts";
import { nextFor } from "./reconcile.ts";
import type { Because, Category, Entry, MessageState, Occurrence, Reason, Timetable } from "./timetable.ts";

/** One line of a timetable as `GET /orders/{id}/timetable` answers it. Times are ISO 8601 UTC; what does not apply is absent. */
export interface TimetableEntryView {
  readonly step: string;
  readonly occurrence: Occurrence;
  readonly category: Category;
  readonly state: MessageState | "waiting" | "excluded";
  /** `dueAt` is a projection: the step it follows has not been sent yet. */
  readonly provisional?: true;
  readonly dueAt?: string;
  readonly sentAt?: string;
  /** The message in the ledger, where there is one. */
  readonly messageId?: string;
  readonly reason?: Reason;
  readonly because: readonly Because[];
}

/**
 * Shows a timetable together with what became of it: what left is shown as the ledger has it, with the reasons it was sent for; all else as the
 * ledger will have it once it follows the facts at `now`. Messages of steps or occurrences that are no longer there come last.
 */
export function viewTimetable(timetable: Timetable, messages: readonly LedgerMessage[], now: Instant): readonly TimetableEntryView[] {
  const orphans = messages.filter((row) => !timetable.entries.some((entry) => sameIdentity(entry, row)));
  return [...timetable.entries.map((entry) => viewEntry(entry, rowOf(messages, entry), timetable, now)), ...orphans.map(viewRow)];
}

function viewEntry(entry: Entry, row: LedgerMessage | undefined, timetable: Timetable, now: Instant): TimetableEntryView {
  const { step, occurrence, category } = entry;
  const next = nextFor(entry, row, timetable, now);
  const id = row === undefined ? {} : { messageId: row.id };
  if (entry.kind === "waiting" && (row === undefined || row.state === "cancelled" || next?.state === "cancelled")) {
    const due = entry.dueAt === null ? {} : { provisional: true as const, dueAt: iso(entry.dueAt) };
    return { step, occurrence, category, state: "waiting", ...due, ...id, reason: entry.reason, because: entry.because };
  }
  if (row !== undefined && next === null) return viewRow(row);
  if (next === null) {
    const reason = entry.kind === "planned" ? {} : { reason: entry.reason };
    return { step, occurrence, category, state: "excluded", ...reason, because: entry.because };
  }
  const due = next.state === "cancelled" ? {} : { dueAt: iso(next.dueAt) };
  const why = next.reason === null ? {} : { reason: next.reason };
  return { step, occurrence, category, state: next.state, ...due, ...id, ...why, because: next.because };
}

function viewRow(row: LedgerMessage): TimetableEntryView {
  return {
    step: row.step,
    occurrence: row.occurrence,
    category: row.category,
    state: row.state,
    ...(row.state === "cancelled" ? {} : { dueAt: iso(row.dueAt) }),
    ...(row.sentAt === null ? {} : { sentAt: iso(row.sentAt) }),
    messageId: row.id,
    ...(row.reason === null ? {} : { reason: row.reason }),
    because: row.because,
  };
}
