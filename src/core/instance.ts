import type { Instant } from "./instant.ts";
import type { Because, MessageState, Reason } from "./timetable.ts";

/** What tells one installation from a copy of it. */
export interface Identity {
  /** Hash of a key that grows out of `SECRET_KEY`. */
  readonly keyHash: string;
  /** Where the database is, without user and password: `host:port/name`, or the folder of the embedded one. */
  readonly database: string;
  /** As it is set; `null` when it is not. */
  readonly publicUrl: string | null;
}

/** To whom a database belongs, as it says itself. */
export interface InstanceRecord {
  /** Changes with every take-over. */
  readonly id: string;
  readonly identity: Identity;
  /** Grows whenever mail is claimed. */
  readonly counter: number;
  /** Why nothing may be sent by anybody: its counter went back. `null`: nothing of the kind. */
  readonly heldBecause: string | null;
  readonly claimedAt: Instant;
}

/** Whether this process may send from this database. `because` is a sentence for operators, without an end. */
export type Standing =
  | { readonly kind: "ours"; readonly record: InstanceRecord }
  | { readonly kind: "held"; readonly because: string; readonly record: InstanceRecord };

/** Compares whom a database belongs to with who we are. */
export function standingOf(record: InstanceRecord, own: Identity): Standing {
  const { identity, heldBecause } = record;
  const differences = [
    ...(identity.database === own.database ? [] : [`the database was at ${identity.database} and is at ${own.database}`]),
    ...(identity.publicUrl === own.publicUrl ? [] : [`PUBLIC_URL was ${shown(identity.publicUrl)} and is ${shown(own.publicUrl)}`]),
    ...(identity.keyHash === own.keyHash ? [] : ["SECRET_KEY is another"]),
  ];
  const reasons = [...(heldBecause === null ? [] : [heldBecause]), ...differences];
  if (reasons.length === 0) return { kind: "ours", record };
  return { kind: "held", because: reasons.join("; "), record };
}

function shown(url: string | null): string {
  return url ?? "not set";
}

/** What the record says when its counter is behind one that was seen before. */
export function wentBack(counter: number, seen: number): string {
  return `the database was put back to an earlier state (its counter stands at ${counter}, ${seen} was seen): what was sent since would be sent again`;
}

/** A message as it stands while sending is held for the whole installation: what would go out is held. */
export function underHold<Row extends { readonly state: string; readonly reason?: string | null; readonly because: readonly Because[] }>(
  row: Row,
  standing: Standing,
): Row {
  if (standing.kind === "ours" || !heldStates.some((state) => state === row.state)) return row;
  const state: MessageState = "held";
  const reason: Reason = "instance-held";
  const said: Because = { rule: "sending", detail: `this installation sends nothing until an operator takes it over: ${standing.because}` };
  return { ...row, state, reason, because: [...row.because, said] };
}

/** The states of the ledger that are shown as this one. */
export function statesShownAs(state: MessageState, standing: Standing): readonly MessageState[] {
  if (standing.kind === "ours") return [state];
  if (state === "held") return ["held", ...heldStates];
  return heldStates.some((one) => one === state) ? [] : [state];
}

const heldStates = ["planned", "queued"] as const satisfies readonly MessageState[];
