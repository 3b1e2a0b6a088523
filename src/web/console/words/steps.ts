import { type Language, words } from "../language.ts";

/** What the shipped messages are called; an operator's own step is called by its key. */
export const stepWords = words({
  en: {
    "payment-nudge": "Payment reminder",
    "payment-nudge-2": "Second payment reminder",
    "order-confirmed": "Order confirmed",
    "dispatch-notice": "Dispatch notice",
    "check-in": "Check-in",
    "feedback-reminder": "Feedback reminder",
    "review-thanks": "Thanks for the review",
    "holiday-delay": "Holiday notice",
    "dispatch-late": "Dispatch is late",
    "tracking-quiet": "No news from tracking",
    "in-customs": "In customs",
    "still-on-its-way": "Still on its way",
    "delivery-late": "Delivery is late",
    "out-for-delivery": "Out for delivery",
    delivered: "Delivered",
    "parcel-returned": "Parcel returned",
    "disruption-delay": "Disruption",
    "review-recovery": "Help after a review",
    "dispute-opened": "Dispute opened",
    "dispute-proposal": "Proposal in a dispute",
    "dispute-resolved": "Dispute resolved",
    "return-instructions": "Return instructions",
    "exchange-instructions": "Exchange instructions",
    "refund-issued": "Refund issued",
    "win-back": "Win-back",
  } as Readonly<Record<string, string>>,
  "zh-CN": {
    "payment-nudge": "付款提醒",
    "payment-nudge-2": "第二次付款提醒",
    "order-confirmed": "订单确认",
    "dispatch-notice": "发货通知",
    "check-in": "收货询问",
    "feedback-reminder": "评价提醒",
    "review-thanks": "感谢评价",
    "holiday-delay": "假期通知",
    "dispatch-late": "发货延迟",
    "tracking-quiet": "物流无更新",
    "in-customs": "海关查验中",
    "still-on-its-way": "仍在途中",
    "delivery-late": "送达延迟",
    "out-for-delivery": "派送中",
    delivered: "已送达",
    "parcel-returned": "包裹退回",
    "disruption-delay": "突发延误",
    "review-recovery": "差评后的协助",
    "dispute-opened": "纠纷已开启",
    "dispute-proposal": "纠纷解决方案",
    "dispute-resolved": "纠纷已解决",
    "return-instructions": "退货说明",
    "exchange-instructions": "换货说明",
    "refund-issued": "退款通知",
    "win-back": "老客回访",
  },
});

/** The name of a step in the user's language. */
export function stepName(step: string, language: Language): string {
  return stepWords[language][step] ?? step;
}
