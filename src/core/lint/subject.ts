import { fold } from "./folding.ts";

/** R13: a subject that pretends to be an answer, or an emergency. Answers the offending words, or `null`. */
export function deceives(subject: string): string | null {
  const text = fold(subject).text.trim();
  return (pretendsToAnswer.exec(text) ?? alarms.exec(text))?.[0].trim() ?? null;
}

const pretendsToAnswer =
  /^[\s[(【]*(re|fw|fwd|aw|wg|antw|antwort|sv|tr|rv|回复|答复|转发|回覆|返信|转寄)\s?(\[\d+\]|\(\d+\)|\d+)?[\])】]?\s?:/;
const alarms = new RegExp(
  [
    "^[\\s!*\\[(【⚠]*(urgent|very urgent|action required|action needed|immediate action|immediate attention|final notice|final warning|final reminder|last warning|last chance|last reminder|act now|act immediately|security alert|account suspended|payment failed|your account (is|has been|will be) (suspended|closed|blocked|locked|limited))\\b",
    "^[\\s!*\\[(【]*(?!(warning|warnung|achtung|attention)\\s?[:!]+ *(legal|contains|hot|small parts|choking|not suitable|flammable|keep away|laser|batter|magnet|heiss|enthaelt|kleinteile|nicht geeignet|rechtliche))(important|attention|warning|alert|wichtig|achtung|eilt|eilig|dringend|warnung)\\s?([:!*\\])】-]|!!)",
    "\\b(action required|immediate action required|respond immediately|before it is too late|sofortiges handeln|sofort handeln|handeln sie (jetzt|sofort)|handlungsbedarf|letzte (mahnung|warnung|chance|erinnerung|aufforderung)|konto (wird|wurde|ist) (gesperrt|geschlossen)|dringende (mitteilung|nachricht)|sehr dringend)\\b",
    "紧急|最后(通知|机会|警告|提醒|期限)|火速|立即(处理|行动|操作)|马上(处理|行动)|账[户号](将|已|即将)?被?(冻结|停用|封|关闭)|【?重要】?(通知)?[:!]|十万火急|逾期不候",
  ].join("|"),
);
