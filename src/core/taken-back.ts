/**
 * The order was deleted at the sender, or brought back from there (`deleted: false`). Apart from a cancellation, because it has no
 * time to compete by: only bringing it back takes a deletion back, not any later word about the order.
 */
export interface DeletionSaying {
  readonly kind: "deletion";
  readonly deleted: boolean;
  /** `null` when it is not deleted, or nobody can say since when. */
  readonly deletedAt: string | null;
}

/**
 * All shipments or refunds of the order by their ids, from a sender that tells of a removal only by naming it no more. Concerns those
 * with `listed: true` alone, not what other sources know of the order.
 */
export interface ListSaying {
  readonly kind: "list";
  readonly of: "shipments" | "refunds";
  readonly ids: readonly string[];
}
