import { words } from "../language.ts";

export const orderWords = words({
  en: {
    title: "Orders",
    listSentence: (shown: number, more: boolean, filtered: boolean) =>
      filtered
        ? shown === 0
          ? "No order fits."
          : `${shown}${more ? " and more" : ""} ${shown === 1 ? "order fits" : "orders fit"}.`
        : shown === 0
          ? "No orders yet."
          : "The newest orders first.",
    search: "Number, name, address or tracking number",
    searchButton: "Search",
    country: "Country",
    countryHint: "two letters, as US",
    show: "Show",
    shows: { all: "All", coming: "Mail to come", trouble: "Needs a look", closed: "Closed" },
    columns: { number: "Order", buyer: "Buyer", country: "Country", placed: "Placed", mails: "Mails", next: "Next mail" },
    mails: (sent: number, planned: number) => `${sent} sent, ${planned} to come`,
    trouble: (count: number) => (count === 1 ? "1 needs a look" : `${count} need a look`),
    test: "Test",
    caption: "Orders, newest first",
    empty: "Orders appear here as soon as the first webhook has come.",
    emptyAct: "Connect a source",
    noneFound: "Try fewer words, the whole number, or the whole address.",
    clear: "Show all orders",
    unnamed: "(not known yet)",
    order: (number: string) => `#${number}`,
    sentence: (sent: number, coming: number, next: string | null, not: number) => {
      const parts = [
        sent === 0 ? "No mail sent yet" : sent === 1 ? "One mail sent" : `${sent} mails sent`,
        coming === 0
          ? "none to come"
          : coming === 1
            ? `one to come${next === null ? "" : ` ${next}`}`
            : `${coming} to come${next === null ? "" : `, the next ${next}`}`,
      ];
      return `${parts.join(", ")}${not === 0 ? "." : `; ${not} will not be sent.`}`;
    },
    on: (date: string) => `on ${date}`,
    holdAll: "Hold all",
    releaseAll: "Release all",
    timeline: "The order on a line of time",
    line: { placed: "placed", dispatched: "dispatched", delivered: "delivered", today: "today" },
    mailsTitle: "Mails",
    buyersTime: "at the buyer's",
    why: "Why",
    whyNot: "Why not",
    unless: "Unless",
    unlessWords: "one of these comes first:",
    attempts: "What the mail server said",
    attempt: (outcome: string, phase: string | null) => (phase === null ? outcome : `${outcome}, after ${phase}`),
    running: "running",
    preview: "Preview",
    seeIt: "See it",
    sendNow: "Send now",
    hold: "Hold",
    release: "Release",
    cancel: "Cancel",
    cancelQuestion: "A cancelled mail stays cancelled, also when facts change.",
    cancelConfirm: "Cancel this mail",
    sendNowQuestion: "It goes out at once: time of day and the limit per buyer do not count. Suppression and exits do.",
    sendNowConfirm: "Send it now",
    moved: {
      cancel: "Cancelled.",
      "send-now": "On its way.",
      hold: "Held.",
      release: "Released.",
    },
    refused: (why: string) => `Nothing changed: ${why}.`,
    projected: "a projection",
    facts: (count: number) => (count === 1 ? "One fact" : `${count} facts`),
    factsHelp: "What senders said, the buyer chose and people did. The timetable follows from these alone.",
    factColumns: { at: "When", says: "What", from: "From" },
    fromBuyer: "the buyer's page or an operator",
    delivery: "delivery",
    version: (n: number) => `schedule version ${n}`,
    closed: "This order is closed: nothing more is planned for it.",
    testOrder: "A test order: no mail of it goes out.",
  },
  "zh-CN": {
    title: "订单",
    listSentence: (shown, more, filtered) =>
      filtered
        ? shown === 0
          ? "没有符合条件的订单。"
          : `找到 ${shown}${more ? " 个以上" : " 个"}订单。`
        : shown === 0
          ? "还没有订单。"
          : "最新的订单在前。",
    search: "订单号、姓名、邮箱或运单号",
    searchButton: "搜索",
    country: "国家",
    countryHint: "两位代码，如 US",
    show: "显示",
    shows: { all: "全部", coming: "有待发邮件", trouble: "需要查看", closed: "已关闭" },
    columns: { number: "订单", buyer: "买家", country: "国家", placed: "下单时间", mails: "邮件", next: "下一封" },
    mails: (sent, planned) => `已发 ${sent} 封，待发 ${planned} 封`,
    trouble: (count) => `${count} 封需要查看`,
    test: "测试",
    caption: "订单，最新的在前",
    empty: "收到第一个 Webhook 后，订单会显示在这里。",
    emptyAct: "连接数据来源",
    noneFound: "请减少关键词，或输入完整的订单号或邮箱。",
    clear: "显示全部订单",
    unnamed: "（尚不清楚）",
    order: (number) => `#${number}`,
    sentence: (sent, coming, next, not) =>
      `${sent === 0 ? "还没有发送邮件" : `已发送 ${sent} 封`}，${coming === 0 ? "没有待发邮件" : `待发 ${coming} 封${next === null ? "" : `（下一封${next}）`}`}${not === 0 ? "。" : `；${not} 封不会发送。`}`,
    on: (date) => date,
    holdAll: "全部暂停",
    releaseAll: "全部恢复",
    timeline: "订单时间线",
    line: { placed: "下单", dispatched: "发货", delivered: "送达", today: "今天" },
    mailsTitle: "邮件",
    buyersTime: "买家当地时间",
    why: "原因",
    whyNot: "为什么不发",
    unless: "除非",
    unlessWords: "先发生以下任一情况：",
    attempts: "邮件服务器的回应",
    attempt: (outcome, phase) => (phase === null ? outcome : `${outcome}（阶段：${phase}）`),
    running: "进行中",
    preview: "预览",
    seeIt: "查看",
    sendNow: "立即发送",
    hold: "暂停",
    release: "恢复",
    cancel: "取消",
    cancelQuestion: "取消后，即使情况变化也不会再发送。",
    cancelConfirm: "取消这封邮件",
    sendNowQuestion: "将立即发送，不受时段和频率限制；退订和退出条件仍然有效。",
    sendNowConfirm: "立即发送",
    moved: { cancel: "已取消。", "send-now": "正在发送。", hold: "已暂停。", release: "已恢复。" },
    refused: (why) => `没有改动：${why}。`,
    projected: "预计",
    facts: (count) => `${count} 条事实`,
    factsHelp: "来自各数据来源、买家的选择和人工操作。时间表只由这些事实决定。",
    factColumns: { at: "时间", says: "内容", from: "来源" },
    fromBuyer: "买家页面或操作员",
    delivery: "投递",
    version: (n) => `计划版本 ${n}`,
    closed: "此订单已关闭，不会再安排邮件。",
    testOrder: "测试订单：不会发送任何邮件。",
  },
});
