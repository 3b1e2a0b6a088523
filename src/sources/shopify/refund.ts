import type { Fact } from "../../core/facts.ts";
import type { Refund } from "./payloads.ts";

/**
 * Reads a refund: what of the money went back, and for which lines.
 *
 * `seen` is the time of the statement it stands in (ISO 8601 UTC). The refund's own creation counts if it is later, so that a refund
 * is never older than itself. One without any money (lines taken off an unpaid order) has no amount.
 */
export function refundFact(order: string, refund: Refund, seen: string): Fact {
  return {
    order,
    at: seen > refund.created_at ? seen : refund.created_at,
    says: {
      kind: "refund",
      id: refund.id,
      refundedAt: refund.processed_at ?? refund.created_at,
      amount: amountOf(refund),
      items: (refund.refund_line_items ?? []).map((line) => ({ id: line.line_item_id, quantity: line.quantity })),
    },
  };
}

/**
 * Adds up what was paid back, in the shop's currency, which is the order's.
 *
 * A buyer may have paid in another one, and transactions are in the buyer's: then the amount is not known. The shop's
 * currency is read off the refund itself, not off the order around it, so that a refund means the same wherever it stands.
 */
function amountOf(refund: Refund): string | null {
  const paidBack = (refund.transactions ?? []).filter(({ kind, status }) => kind === "refund" && status === "success");
  const first = paidBack[0];
  if (first === undefined) return null;
  const lines = refund.refund_line_items ?? [];
  const set = refund.total_duties_set ?? lines.find((line) => line.subtotal_set)?.subtotal_set;
  const currency = set?.shop_money.currency_code ?? first.currency;
  if (paidBack.some((transaction) => transaction.currency !== currency)) return null;
  return sumOf(paidBack.map((transaction) => transaction.amount));
}

/** Adds decimals exactly, keeping the most decimal places that any of them has. */
function sumOf(amounts: readonly string[]): string {
  const places = Math.max(...amounts.map((amount) => amount.split(".")[1]?.length ?? 0));
  const total = amounts.reduce((sum, amount) => {
    const [whole = "0", fraction = ""] = amount.split(".");
    return sum + BigInt(whole + fraction.padEnd(places, "0"));
  }, 0n);
  const digits = total.toString().padStart(places + 1, "0");
  return places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
}
