import type { Trigger } from "../../../core/schedule-words.ts";
import { type Language, words } from "../language.ts";

/** What starts a step, as it reads after "10 days after". */
const triggerWords = words<Readonly<Record<Trigger, string>>>({
  en: {
    "order.placed": "the order is placed",
    "order.paid": "the order is paid",
    "order.cancelled": "the order is cancelled",
    "order.refunded": "a refund is made",
    "order.promise-passed": "the promised day of dispatch",
    "shipment.dispatched": "the parcel is dispatched",
    "shipment.in_transit": "the parcel is first scanned",
    "shipment.customs": "the parcel reaches customs",
    "shipment.out_for_delivery": "the parcel is out for delivery",
    "shipment.ready_for_pickup": "the parcel is ready for pickup",
    "shipment.delivered": "the parcel is delivered",
    "shipment.exception": "the carrier reports a problem",
    "shipment.returned": "the parcel comes back",
    "shipment.quiet": "the last scan",
    "shipment.half-way": "half of the usual transit",
    "shipment.overdue": "the end of the usual transit",
    "review.posted": "a review is posted",
    "case.opened": "a dispute or return is opened",
    "case.closed": "a dispute or return is closed",
    closure: "the first day of a closure",
    disruption: "a disruption is declared",
    "action.dispute-proposal": "a proposal is written",
    "action.return-instructions": "return instructions are written",
    "action.exchange-instructions": "exchange instructions are written",
  },
  "zh-CN": {
    "order.placed": "下单",
    "order.paid": "付款",
    "order.cancelled": "订单取消",
    "order.refunded": "退款",
    "order.promise-passed": "承诺的发货日",
    "shipment.dispatched": "包裹发出",
    "shipment.in_transit": "首次物流扫描",
    "shipment.customs": "到达海关",
    "shipment.out_for_delivery": "开始派送",
    "shipment.ready_for_pickup": "可自提",
    "shipment.delivered": "包裹送达",
    "shipment.exception": "承运商报告异常",
    "shipment.returned": "包裹退回",
    "shipment.quiet": "最后一次扫描",
    "shipment.half-way": "通常运输时间过半",
    "shipment.overdue": "通常运输时间结束",
    "review.posted": "收到评价",
    "case.opened": "纠纷或退货开启",
    "case.closed": "纠纷或退货关闭",
    closure: "休假第一天",
    disruption: "发布运输中断",
    "action.dispute-proposal": "写好解决方案",
    "action.return-instructions": "写好退货说明",
    "action.exchange-instructions": "写好换货说明",
  },
});

export function triggerText(trigger: Trigger, language: Language): string {
  return triggerWords[language][trigger];
}
