import { words } from "../language.ts";

export const badgeWords = words({
  en: {
    states: {
      waiting: "Waiting",
      planned: "Planned",
      due: "Due",
      queued: "Queued",
      sending: "Sending",
      sent: "Sent",
      delivered: "Delivered",
      cancelled: "Cancelled",
      excluded: "Not sent",
      stale: "Too late",
      failed: "Failed",
      bounced: "Bounced",
      complained: "Complained",
      unsure: "Unsure",
      held: "Held",
    },
    categories: { order: "Order", care: "Care", review: "Review", offer: "Offer" },
  },
  "zh-CN": {
    states: {
      waiting: "等待中",
      planned: "已安排",
      due: "即将发送",
      queued: "排队中",
      sending: "发送中",
      sent: "已发送",
      delivered: "已送达",
      cancelled: "已取消",
      excluded: "不发送",
      stale: "已过期",
      failed: "失败",
      bounced: "退信",
      complained: "被投诉",
      unsure: "不确定",
      held: "已暂停",
    },
    categories: { order: "订单", care: "关怀", review: "评价", offer: "优惠" },
  },
});
