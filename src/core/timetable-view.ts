import { type Instant, iso } from "./instant.ts";
import type { LedgerMessage } from "./message.ts";
import { dayText } from "./plain-time.ts";
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
  const shown = timetable.entries.map((entry) => viewEntry(entry, rowOf(messages, entry), timetable, now));
  return [...shown, ...orphansOf(messages, timetable).map(viewRow)];
}

/**
 * Shows the timetable of a closed order: what the ledger has, and nothing to come. What a crash or a busy server put back to be tried again is
 * withdrawn when its time comes, and shown so. Steps without a message are `order-closed`, with what kept them from being sent before, if anything did.
 */
export function viewClosedTimetable(
  timetable: Timetable,
  messages: readonly LedgerMessage[],
  closed: { readonly at: Instant; readonly timeZone: string },
): readonly TimetableEntryView[] {
  const day = dayText(closed.timeZone, closed.at);
  const because: Because = { rule: "permit", detail: `the order was closed on ${day}: nothing more is planned for it` };
  const shown = timetable.entries.map((entry) => {
    const row = rowOf(messages, entry);
    return row === undefined ? viewClosedEntry(entry, because) : viewClosedRow(row, because);
  });
  return [...shown, ...orphansOf(messages, timetable).map((row) => viewClosedRow(row, because))];
}

function viewClosedEntry(entry: Entry, closed: Because): TimetableEntryView {
  const { step, occurrence, category } = entry;
  const because = entry.kind === "excluded" ? [closed, ...entry.because] : [closed];
  return { step, occurrence, category, state: "excluded", reason: "order-closed", because };
}

function viewClosedRow(row: LedgerMessage, closed: Because): TimetableEntryView {
  if (row.state !== "planned" && row.state !== "queued" && row.state !== "held") return viewRow(row);
  return viewRow({ ...row, state: "cancelled", reason: "order-closed", because: [closed] });
}

function orphansOf(messages: readonly LedgerMessage[], timetable: Timetable): readonly LedgerMessage[] {
  return messages.filter((row) => !timetable.entries.some((entry) => sameIdentity(entry, row)));
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
