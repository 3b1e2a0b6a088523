import type { Saying } from "../../core/facts.ts";
import { addMoney, compareMoney } from "../../core/money.ts";
import { money } from "../fields.ts";
import type { OrderPayload } from "./payloads.ts";

/**
 * Reads an order's refunds: ids and amounts (negative), neither times nor items. One that was deleted is only missed from the list.
 *
 * An order whose status is `refunded` was given back in full, even where a plugin made no refund of it.
 */
export function refundSayings(order: OrderPayload, status: string, seen: string): readonly Saying[] {
  if (order.refunds == null && status !== "refunded") return [];
  const refunds = (order.refunds ?? []).map(({ id, total }) => ({ id, amount: amountOf(total) }));
  const rest = status === "refunded" ? restOf(order.total, refunds) : null;
  const all = rest === null ? refunds : [...refunds, { id: "rest", amount: rest }];
  return [
    ...all.map(({ id, amount }) => ({ kind: "refund", id, refundedAt: seen, amount, items: [], listed: true }) as const),
    { kind: "list", of: "refunds", ids: all.map(({ id }) => id) },
  ];
}

function amountOf(total: string | null | undefined): string | null {
  return money.safeParse((total ?? "").trim().replace(/^-/, "")).data ?? null;
}

/** What of the total no refund gave back; `null` when nothing is left. */
function restOf(total: string, refunds: readonly { readonly amount: string | null }[]): string | null {
  let rest = total;
  for (const { amount } of refunds) if (amount !== null) rest = addMoney(rest, `-${amount}`);
  return compareMoney(rest, "0") > 0 ? rest : null;
}
