import type { Exit } from "../../../core/schedule-words.ts";
import { type Language, words } from "../language.ts";

/** What withdraws a message, as it reads after "unless". */
const exitWords = words<Readonly<Record<Exit, string>>>({
  en: {
    "order.cancelled": "the order is cancelled",
    "order.refunded": "the order is refunded",
    "items.refunded": "all items are refunded",
    "review.posted": "a review is posted",
    "case.open": "a dispute or return is opened",
    "buyer.waiting": "the buyer waits for an answer",
    "choice.open": "the buyer's choice is not carried out",
    "choice.made": "the buyer has chosen",
    "order.paid": "the order is paid",
    "shipment.delivered": "it is delivered",
    "shipment.dispatched": "it is dispatched",
    "shipment.returned": "the parcel comes back",
  },
  "zh-CN": {
    "order.cancelled": "订单取消",
    "order.refunded": "订单退款",
    "items.refunded": "商品全部退款",
    "review.posted": "收到评价",
    "case.open": "出现纠纷或退货",
    "buyer.waiting": "买家等待回复",
    "choice.open": "买家的选择尚未落实",
    "choice.made": "买家已作选择",
    "order.paid": "订单已付款",
    "shipment.delivered": "已送达",
    "shipment.dispatched": "已发货",
    "shipment.returned": "包裹退回",
  },
});

export function exitText(exit: Exit, language: Language): string {
  return exitWords[language][exit];
}
