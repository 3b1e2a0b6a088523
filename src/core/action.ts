export const actionTypes = ["dispute-proposal", "return-instructions", "exchange-instructions"] as const;
export type ActionType = (typeof actionTypes)[number];

/**
 * What an operator decided to tell a buyer: a proposal, where to send something back. A fact of the order like any other, so that it survives
 * planning anew; said again with the same id it is corrected.
 */
export interface ActionSaying {
  readonly kind: "action";
  readonly id: string;
  readonly type: ActionType;
  /** The dispute or return it belongs to, by its id at the sender; `null`: none. */
  readonly caseId: string | null;
  readonly at: string;
  /** What the operator filled in, by name, in plain text; days as `2026-10-01`. */
  readonly fields: Readonly<Record<string, string>>;
}
