import { words } from "../language.ts";

export const messageWords = words({
  en: {
    title: "Messages",
    sentence: (shown: number, more: boolean, filtered: boolean) =>
      shown === 0
        ? filtered
          ? "No message fits."
          : "No messages yet."
        : filtered
          ? `${shown}${more ? " and more" : ""} ${shown === 1 ? "message fits" : "messages fit"}.`
          : "Every mail that was ever planned, the newest first.",
    state: "State",
    category: "Category",
    step: "Message",
    day: "Due on",
    any: "Any",
    filter: "Filter",
    csv: "Download CSV",
    columns: { message: "Message", order: "Order", state: "State", due: "Due", sent: "Sent", category: "Category", why: "Why" },
    caption: "Messages, newest first",
    empty: "Messages appear here when orders come in and something is to be sent about them.",
    emptyAct: "Look at the schedule",
    noneFound: "Choose fewer filters.",
    clear: "Show all messages",
    bulk: { hold: "Hold", release: "Release", "send-now": "Send now", cancel: "Cancel" },
    bulkCancelQuestion: "Cancelled mails stay cancelled, also when facts change.",
    bulkCancelConfirm: "Cancel the selected mails",
    movedMany: (count: number, move: string) => {
      const done = { hold: "held", release: "released", cancel: "cancelled", "send-now": "on their way" }[move] ?? "changed";
      return count === 1 ? `1 mail ${done === "on their way" ? "on its way" : done}.` : `${count} mails ${done}.`;
    },
    refusedMany: (count: number) =>
      count === 1 ? "1 was left as it is: its state does not allow it." : `${count} were left as they are: their state does not allow it.`,
    one: {
      asNow: "As it would go out now",
      asSent: "As it went out",
      cannot: (why: string) => `It can't be made now: ${why}.`,
      erased: "Its data are erased, or it never went out: there is nothing to show.",
      views: { html: "Mail", phone: "On a phone", text: "Text", headers: "Headers" },
      viewsLabel: "Views of the mail",
      frame: "The mail as its reader sees it",
      subject: "Subject",
      due: "Due",
      sent: "Sent",
      attempts: "Attempts",
      order: "Order",
      toOrder: "Why, and what can be done: see the order",
      sentence: (name: string, order: string, state: string) => `${name} for ${order}: ${state}.`,
    },
  },
  "zh-CN": {
    title: "邮件",
    sentence: (shown, more, filtered) =>
      shown === 0
        ? filtered
          ? "没有符合条件的邮件。"
          : "还没有邮件。"
        : filtered
          ? `找到 ${shown}${more ? " 封以上" : " 封"}邮件。`
          : "所有安排过的邮件，最新的在前。",
    state: "状态",
    category: "类别",
    step: "邮件",
    day: "应发日期",
    any: "全部",
    filter: "筛选",
    csv: "下载 CSV",
    columns: { message: "邮件", order: "订单", state: "状态", due: "应发", sent: "已发", category: "类别", why: "原因" },
    caption: "邮件，最新的在前",
    empty: "有订单并需要发送邮件时，会显示在这里。",
    emptyAct: "查看发送计划",
    noneFound: "请减少筛选条件。",
    clear: "显示全部邮件",
    bulk: { hold: "暂停", release: "恢复", "send-now": "立即发送", cancel: "取消" },
    bulkCancelQuestion: "取消后，即使情况变化也不会再发送。",
    bulkCancelConfirm: "取消所选邮件",
    movedMany: (count, move) =>
      `${count} 封邮件${{ hold: "已暂停", release: "已恢复", cancel: "已取消", "send-now": "正在发送" }[move] ?? "已更改"}。`,
    refusedMany: (count) => `${count} 封保持不变：当前状态不允许此操作。`,
    one: {
      asNow: "现在发送时的样子",
      asSent: "发送时的样子",
      cannot: (why) => `目前无法生成：${why}。`,
      erased: "数据已删除，或从未发送，没有可显示的内容。",
      views: { html: "邮件", phone: "手机显示", text: "纯文本", headers: "邮件头" },
      viewsLabel: "邮件的显示方式",
      frame: "读者看到的邮件",
      subject: "主题",
      due: "应发",
      sent: "已发",
      attempts: "发送尝试",
      order: "订单",
      toOrder: "原因和可用操作：查看订单",
      sentence: (name, order, state) => `${order} 的${name}：${state}。`,
    },
  },
});
