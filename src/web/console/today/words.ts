import type { AttentionKind } from "../../../core/attention.ts";
import type { TaskKind } from "../../../core/task.ts";
import { words } from "../language.ts";

const mails = (count: string, n: number) => `${count} ${n === 1 ? "mail" : "mails"}`;

/** What the watch found, where no other words of the page say it. */
type FoundWords = Readonly<Partial<Record<AttentionKind, (count: string, n: number) => string>>>;

const foundEn: FoundWords = {
  "sending-held": () => "This installation sends nothing",
  "shop-resting": () => "Mail rests: servers refuse it",
  "webhooks-waiting": (count, n) => `${count} ${n === 1 ? "webhook" : "webhooks"} not read yet`,
  "notices-missing": (count, n) => `${count} ${n === 1 ? "parcel" : "parcels"} left without a notice`,
  "mail-refused": (count, n) => `${mails(count, n)} refused today`,
  redirected: () => "All mail goes to a test address",
  "calendar-horizon": () => "Holidays not announced yet",
};
const foundZh: FoundWords = {
  "sending-held": () => "本系统已停止发送",
  "shop-resting": () => "邮件暂停：对方服务器拒收",
  "webhooks-waiting": (count) => `${count} 条通知尚未读取`,
  "notices-missing": (count) => `${count} 个包裹已发出但未通知买家`,
  "mail-refused": (count) => `今天有 ${count} 封邮件被拒收`,
  redirected: () => "所有邮件都发往测试地址",
  "calendar-horizon": () => "假日安排尚未公布",
};

export const todayWords = words({
  en: {
    title: "Today",
    sentence: (sent: string, nSent: number, due: string, nDue: number, hands: string, nHands: number) =>
      `${nSent === 0 ? "No mail" : mails(sent, nSent)} went out today, ${nDue === 0 ? "none is" : `${due} ${nDue === 1 ? "is" : "are"}`} due in the next 24 hours${
        nHands === 0 ? ", nothing needs you." : `, ${hands} ${nHands === 1 ? "thing needs" : "things need"} you.`
      }`,
    held: (count: string) => `${count} held`,
    sendingOn: "Sending on",
    sendingOff: "Sending off",
    onTime: "On time",
    late: (since: string) => `Late: the first was due ${since}`,
    lastWebhook: (platform: string, ago: string) => `${platform}: last webhook ${ago}`,
    unread: (platform: string, count: string) => `${platform}: ${count} could not be read`,
    noWebhook: (platform: string) => `${platform}: no webhook yet`,
    noSource: "No source is connected",
    tasks: (kind: TaskKind, count: string) => `${count} × ${taskEn[kind]}`,
    next14: "Next 14 days",
    none14: "No mail is planned for the next 14 days. Mails appear here as soon as orders come in.",
    chart: (total: string) => `Mails planned for each of the next 14 days by category, ${total} in all`,
    asTable: "As a table",
    day: "Day",
    all: "All",
    justNow: "Just now",
    noneSent: "Nothing has gone out yet. The first mail appears here when it does.",
    dueNext: "Due next",
    noneDue: "Nothing is planned.",
    order: "Order",
    mail: "Mail",
    when: "When",
    why: "Why then",
    found: foundEn,
    finish: "Finish setting up",
    finishHelp: "This shop has not gone live yet: connect a source, see what would be sent, then switch sending on.",
  },
  "zh-CN": {
    title: "今天",
    sentence: (sent, _nSent, due, _nDue, hands, nHands) =>
      `今天已发送 ${sent} 封邮件，未来 24 小时内还有 ${due} 封待发送，${nHands === 0 ? "没有需要您处理的事项。" : `有 ${hands} 件事需要您处理。`}`,
    held: (count) => `${count} 封已暂停`,
    sendingOn: "发送已开启",
    sendingOff: "发送已关闭",
    onTime: "准时",
    late: (since) => `延迟：最早一封应于 ${since}发送`,
    lastWebhook: (platform, ago) => `${platform}：最近一次通知 ${ago}`,
    unread: (platform, count) => `${platform}：${count} 条通知无法读取`,
    noWebhook: (platform) => `${platform}：尚未收到通知`,
    noSource: "尚未连接数据来源",
    tasks: (kind, count) => `${taskZh[kind]} × ${count}`,
    next14: "未来 14 天",
    none14: "未来 14 天没有计划中的邮件。订单到来后，邮件会显示在这里。",
    chart: (total) => `未来 14 天每天按类别计划的邮件，共 ${total} 封`,
    asTable: "以表格显示",
    day: "日期",
    all: "合计",
    justNow: "刚刚发送",
    noneSent: "尚未发送任何邮件。第一封发出后会显示在这里。",
    dueNext: "即将发送",
    noneDue: "没有计划中的邮件。",
    order: "订单",
    mail: "邮件",
    when: "时间",
    why: "原因",
    found: foundZh,
    finish: "完成设置",
    finishHelp: "该店铺尚未上线：连接数据来源，查看将要发送的邮件，然后打开发送。",
  },
});

const taskEn: Readonly<Record<TaskKind, string>> = {
  "delivery-late": "late parcel",
  "dispatch-late": "late dispatch",
  "review-recovery": "poor review",
  "dispute-proposal": "proposal answered",
  "not-arrived": "not arrived",
  problem: "problem",
  "message-unsure": "unsure",
  "message-failed": "could not be made",
  "needs-attention": "no hour found",
};
const taskZh: Readonly<Record<TaskKind, string>> = {
  "delivery-late": "包裹延误",
  "dispatch-late": "发货延误",
  "review-recovery": "差评",
  "dispute-proposal": "方案已答复",
  "not-arrived": "未收到",
  problem: "问题",
  "message-unsure": "不确定是否送达",
  "message-failed": "无法生成",
  "needs-attention": "找不到发送时间",
};
