import type { ErrandState } from "../../../core/errand.ts";
import type { Move } from "../../../core/message.ts";
import { words } from "../language.ts";

type Kind = Move["move"] | "plan-shop";

/** Long work: what it is called, how far it is, what came of it. */
export const workWords = words({
  en: {
    title: "Work",
    sentence: (open: number) =>
      open === 0
        ? "No long work is going on."
        : open === 1
          ? "One piece of long work is going on."
          : `${open} pieces of long work are going on.`,
    help: "What takes longer than a page: you can leave it and come back. It goes on over restarts.",
    caption: "Long work, newest first",
    empty: "Moves over a whole filter and a schedule applied to all open orders appear here while they go on, and with what came of them.",
    emptyAct: "Go to Messages",
    columns: { what: "Work", by: "By", asked: "Asked for", state: "State", result: "Result" },
    kinds: {
      hold: "Hold mails",
      release: "Release held mails",
      "send-now": "Send mails now",
      cancel: "Cancel mails",
      "plan-shop": "Plan all open orders anew",
    } as Readonly<Record<Kind, string>>,
    /** What the filter of moves says. */
    all: "all of the shop",
    due: (day: string) => `due ${day}`,
    movedBy: "what was moved before",
    because: {
      "schedule.published": "a schedule was published",
      "transit-lanes.changed": "transit windows changed",
      "calendar.changed": "the calendar changed",
    } as Readonly<Record<string, string>>,
    states: { waiting: "waiting", running: "running", done: "done", cancelled: "cancelled", failed: "given up" } as Readonly<
      Record<ErrandState, string>
    >,
    counting: "Counting…",
    progress: (done: string, total: string) => `${done} of ${total}`,
    counts: {
      moved: (n: string) => `${n} moved`,
      added: (n: string) => `${n} added`,
      retimed: (n: string) => `${n} re-timed`,
      cancelled: (n: string) => `${n} cancelled`,
    } as Readonly<Record<string, (n: string) => string>>,
    nothing: "nothing changed",
    leftAlone: (n: string) => `${n} left as they were`,
    one: {
      sentence: (what: string, state: string) => `${what}: ${state}.`,
      failed: "It failed many times in a row, so it was given up. What was done stays done; the log of the service says why.",
      filter: "Which",
      ended: "Ended",
      why: "Left as they were",
      count: "Mails",
      meanwhile: "changed while this went on",
      seeThem: "See them in Messages",
    },
    cancel: "Cancel",
    cancelQuestion: "What was done stays done; the rest is left as it is.",
    cancelConfirm: "Stop this work",
    cancelled: "Stopped. What was done stays done.",
    ended: "It had ended already.",
    undo: { hold: "Release them again", release: "Hold them again" } as Readonly<Partial<Record<Move["move"], string>>>,
    ask: {
      title: "All that match",
      sentence: (move: Move["move"], n: string, one: boolean) =>
        `${{ hold: "Hold", release: "Release", "send-now": "Send now", cancel: "Cancel" }[move]} ${n} ${one ? "mail" : "mails"}?`,
      none: "No message that matches can be moved so.",
      leftAlone: "These match too and are left as they are:",
      confirm: (move: Move["move"], n: string, one: boolean) =>
        `${{ hold: "Hold", release: "Release", "send-now": "Send now:", cancel: "Cancel" }[move]} ${n} ${one ? "mail" : "mails"}`,
      help: "It goes on in the background; progress and result stand under Work.",
      cancelHelp: "Cancelled mails stay cancelled, also when facts change.",
      undoHelp: "It can be undone there.",
      sendHelp: "Mails that are due later go out now, as fast as the mail server takes them. This can't be undone.",
      back: "Back to the list",
      started: "Started.",
    },
    planning: "All open orders are planned anew.",
    noMailMoved: "No queued mail moved.",
    queuedMail: (changes: string) => `Queued mail: ${changes}.`,
    allMatching: "All that match the filter",
    allCounted: (n: string) => `All ${n} that match`,
  },
  "zh-CN": {
    title: "批量任务",
    sentence: (open) => (open === 0 ? "没有正在进行的批量任务。" : `有 ${open} 项批量任务正在进行。`),
    help: "耗时较长的操作在后台进行：可以离开页面再回来，服务重启后也会继续。",
    caption: "批量任务，最新的在前",
    empty: "对整个筛选结果的操作，以及把新计划应用到所有未完成订单，都会在这里显示进度和结果。",
    emptyAct: "查看邮件",
    columns: { what: "任务", by: "发起人", asked: "发起时间", state: "状态", result: "结果" },
    kinds: {
      hold: "暂停邮件",
      release: "恢复已暂停的邮件",
      "send-now": "立即发送邮件",
      cancel: "取消邮件",
      "plan-shop": "重新安排所有未完成订单",
    },
    all: "店铺的全部邮件",
    due: (day) => `应发日期 ${day}`,
    movedBy: "之前操作过的邮件",
    because: {
      "shop.changed": "settings of the shop changed",
      "schedule.published": "发布了新计划",
      "transit-lanes.changed": "运输时效有改动",
      "calendar.changed": "日历有改动",
    },
    states: { waiting: "等待中", running: "进行中", done: "已完成", cancelled: "已停止", failed: "已放弃" },
    counting: "正在计数…",
    progress: (done, total) => `${done} / ${total}`,
    counts: {
      moved: (n) => `已处理 ${n} 封`,
      added: (n) => `新增 ${n} 封`,
      retimed: (n) => `改期 ${n} 封`,
      cancelled: (n) => `取消 ${n} 封`,
    },
    nothing: "没有改动",
    leftAlone: (n) => `${n} 封保持不变`,
    one: {
      sentence: (what, state) => `${what}：${state}。`,
      failed: "连续多次失败，已放弃。已完成的部分保留；原因见服务日志。",
      filter: "范围",
      ended: "结束时间",
      why: "保持不变的邮件",
      count: "邮件数",
      meanwhile: "期间状态已改变",
      seeThem: "在邮件列表中查看",
    },
    cancel: "停止",
    cancelQuestion: "已完成的部分保留，其余保持不变。",
    cancelConfirm: "停止任务",
    cancelled: "已停止，已完成的部分保留。",
    ended: "任务此前已结束。",
    undo: { hold: "全部恢复", release: "重新暂停" },
    ask: {
      title: "全部符合条件的邮件",
      sentence: (move, n) => `${{ hold: "暂停", release: "恢复", "send-now": "立即发送", cancel: "取消" }[move]} ${n} 封邮件？`,
      none: "符合条件的邮件都不能这样操作。",
      leftAlone: "以下邮件也符合条件，但保持不变：",
      confirm: (move, n) => `${{ hold: "暂停", release: "恢复", "send-now": "立即发送", cancel: "取消" }[move]} ${n} 封邮件`,
      help: "操作在后台进行，进度和结果见“批量任务”。",
      cancelHelp: "取消后，即使情况变化也不会再发送。",
      undoHelp: "可以在那里撤销。",
      sendHelp: "尚未到期的邮件也会立即发送，速度取决于邮件服务器。此操作无法撤销。",
      back: "返回列表",
      started: "已开始。",
    },
    planning: "正在重新安排所有未完成订单。",
    noMailMoved: "待发邮件没有变化。",
    queuedMail: (changes) => `待发邮件：${changes}。`,
    allMatching: "全部符合筛选条件的邮件",
    allCounted: (n) => `全部 ${n} 封符合条件的邮件`,
  },
});
