import type { Instant } from "./instant.ts";
import type { Change, LedgerMessage, NextState } from "./message.ts";
import { timeText } from "./plain-time.ts";
import { rowOf, sameIdentity } from "./plan-input.ts";
import { type Placed, placeAnew, placeDeferred, placeKept, placeMoved } from "./reconcile-place.ts";
import { primary } from "./slots.ts";
import type { Because, Entry, ExcludedEntry, PlannedEntry, Timetable, WaitingEntry } from "./timetable.ts";

/**
 * Says what must change in the ledger for it to follow the timetable, at `now`.
 *
 * Empty when it follows it already, so planning again is harmless. What is being sent, was sent, failed for good or is in doubt is left
 * alone (P2). A `set` names the state it found: the store applies it only while the row is still in it. A message that would go at an hour
 * its window forbids, because it was not sent in time, is moved to the next one allowed; so plan again what has long been due (SCH-06).
 */
export function reconcile(timetable: Timetable, messages: readonly LedgerMessage[], now: Instant): readonly Change[] {
  const changes: Change[] = [];
  for (const entry of timetable.entries) {
    const row = rowOf(messages, entry);
    const next = nextFor(entry, row, timetable, now);
    if (next === null) continue;
    const { step, occurrence, template, category } = entry;
    if (row === undefined) changes.push({ kind: "add", step, occurrence, template, category, next });
    else changes.push({ kind: "set", id: row.id, from: row.state, next });
  }
  for (const row of messages) {
    const next = orphaned(row, timetable);
    if (next !== null) changes.push({ kind: "set", id: row.id, from: row.state, next });
  }
  return changes;
}

/** What becomes of one message at `now`; `null` when it stays as it is, or stays out of the ledger. */
export function nextFor(entry: Entry, row: LedgerMessage | undefined, timetable: Timetable, now: Instant): NextState | null {
  if (row === undefined) return entry.kind === "planned" ? settled(entry, placeAnew(entry, timetable, now), null, timetable, now) : null;
  switch (row.state) {
    case "planned":
    case "held":
      return changed(row, entry.kind === "planned" ? placedRow(entry, row, timetable, now) : withdrawn(entry, row, timetable));
    case "queued":
      return entry.kind === "planned" ? takenBack(placedRow(entry, row, timetable, now), now) : withdrawn(entry, row, timetable);
    case "cancelled":
      // An operator's cancel outlives everything (P5).
      if (row.reason === "operator-cancelled") return null;
      if (entry.kind !== "planned") return changed(row, withdrawn(entry, row, timetable));
      return changed(row, settled(entry, placeAnew(entry, timetable, now), row, timetable, now));
    case "stale":
      return entry.kind === "planned" ? changed(row, revived(entry, row, timetable, now)) : null;
    default:
      return null;
  }
}

function placedRow(entry: PlannedEntry, row: LedgerMessage, timetable: Timetable, now: Instant): NextState {
  const place = row.slotAt === entry.dueAt ? placeKept : placeMoved;
  return settled(entry, place(entry, row, timetable, now), row, timetable, now);
}

/** A queued message is on its way to a worker: it is taken back only from what must not go now. */
function takenBack(next: NextState, now: Instant): NextState | null {
  return next.state === "planned" && next.dueAt <= now ? null : next;
}

/** The state a placed message is in: planned, held, or too late to be of use. */
function settled(entry: PlannedEntry, first: Placed | null, row: LedgerMessage | null, timetable: Timetable, now: Instant): NextState {
  const until = row !== null && !entry.sendNow && row.deferredUntil !== null && row.deferredUntil > entry.dueAt ? row.deferredUntil : null;
  const placed = first !== null && until !== null ? placeDeferred(entry, first, until, timetable) : first;
  const base = { slotAt: entry.dueAt, deferredUntil: until, scheduleVersion: timetable.scheduleVersion };
  if (placed === null) {
    const detail = "no hour within 30 days is allowed any more: someone must look at the schedule or the address";
    const because = [...entry.because, { rule: "window", detail } as const];
    return { ...base, state: "cancelled", dueAt: entry.dueAt, staleAt: entry.staleAt, reason: "needs-attention", because };
  }
  const { dueAt, staleAt } = placed;
  const because = [...entry.because, ...placed.because];
  if (staleAt <= now || staleAt <= dueAt) {
    const detail = `of no use any more: it was not sent by ${timeText(primary(entry.slots), staleAt)}`;
    return { ...base, state: "stale", dueAt, staleAt, reason: "stale", because: [...because, { rule: "stale", detail }] };
  }
  if (entry.held !== null) return { ...base, state: "held", dueAt, staleAt, reason: entry.held, because };
  const told = placed.kept && row?.state === "planned" ? row.reason : null;
  return { ...base, state: "planned", dueAt, staleAt, reason: told ?? (until === null ? null : "cap-reached"), because };
}

function withdrawn(entry: ExcludedEntry | WaitingEntry, row: LedgerMessage, { scheduleVersion }: Timetable): NextState {
  const { slotAt, dueAt, staleAt, deferredUntil } = row;
  return { state: "cancelled", slotAt, dueAt, staleAt, deferredUntil, scheduleVersion, reason: entry.reason, because: entry.because };
}

/** A stale message comes back only when its slot has moved to a later one that is not stale; the ledger notes where the slot lies. */
function revived(entry: PlannedEntry, row: LedgerMessage, timetable: Timetable, now: Instant): NextState {
  if (entry.dueAt > row.slotAt && entry.staleAt > now) return settled(entry, placeAnew(entry, timetable, now), row, timetable, now);
  const { dueAt, staleAt, deferredUntil, reason, scheduleVersion, because } = row;
  return { state: "stale", slotAt: entry.dueAt, dueAt, staleAt, deferredUntil, reason, scheduleVersion, because };
}

/** A message of a step or an occurrence that is no longer there. */
function orphaned(row: LedgerMessage, timetable: Timetable): NextState | null {
  if (row.state !== "planned" && row.state !== "queued" && row.state !== "held") return null;
  if (timetable.entries.some((entry) => sameIdentity(entry, row))) return null;
  const stepStands = timetable.entries.some(({ step }) => step === row.step);
  const because: Because = stepStands
    ? { rule: "anchor", detail: goneWords(row) }
    : { rule: "published", detail: `version ${timetable.scheduleVersion} of the schedule has no step ${row.step}` };
  const { slotAt, dueAt, staleAt, deferredUntil } = row;
  const { scheduleVersion } = timetable;
  const reason = stepStands ? "occurrence-gone" : "step-removed";
  return { state: "cancelled", slotAt, dueAt, staleAt, deferredUntil, scheduleVersion, reason, because: [because] };
}

function goneWords({ occurrence }: LedgerMessage): string {
  if (occurrence.kind === "quiet-spell") return "a later scan ended the quiet spell it was about";
  return `the ${occurrence.kind} it was about is no longer there`;
}

/** `next`, or `null` if the row says the same already. Under which version something ended is not worth a write. */
function changed(row: LedgerMessage, next: NextState): NextState | null {
  const ended = next.state === "cancelled" || next.state === "stale";
  const same =
    row.state === next.state &&
    row.slotAt === next.slotAt &&
    row.dueAt === next.dueAt &&
    row.staleAt === next.staleAt &&
    row.deferredUntil === next.deferredUntil &&
    row.reason === next.reason &&
    (ended || row.scheduleVersion === next.scheduleVersion) &&
    sameSentences(row.because, next.because);
  return same ? null : next;
}

function sameSentences(a: readonly Because[], b: readonly Because[]): boolean {
  return a.length === b.length && a.every(({ rule, detail }, index) => rule === b[index]?.rule && detail === b[index]?.detail);
}
