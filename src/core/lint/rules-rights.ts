import type { Mark } from "./marks.ts";
import { between, follows, gap, near, type Reading, span } from "./reading.ts";
import type { Hit } from "./rules-verdict.ts";

/** R07: threatens whoever writes something bad. */
export function threatens(it: Reading, others: readonly Reading[]): Hit {
  const threat = it.of("threat").find((mark) => !it.denies(mark));
  const menace = it.of("menace")[0];
  if (it.forbidden && it.of("ask").length === 0 && it.of("you").length === 0) return null;
  const reviews = (one: Reading) => one.of("review", "low-stars");
  if (threat !== undefined) {
    const review = reviews(it).find((mark) => gap(mark, threat) <= 25);
    if (review !== undefined) return span(threat, review);
    if (others.some((one) => one.blame.length > 0 || one.changes.length > 0)) return threat;
  }
  if (menace !== undefined && (reviews(it).length > 0 || others.some((one) => reviews(one).length > 0))) return menace;
  return null;
}

/** R09: asks not to open a dispute, or to close one. */
export function discouragesDispute(it: Reading): Hit {
  const disputes = it
    .of("dispute")
    .filter((mark) => !it.denies(mark) && (!ambiguous.test(mark.text) || near([mark], it.of("open", "close"), 5) !== null));
  if (disputes.length === 0) return null;
  const uncertain = it.forbidden && it.of("ask").length === 0;
  for (const dispute of disputes) {
    if (uncertain || isRight(it, dispute)) continue;
    const dont = it
      .of("not-do")
      .find(
        (mark) =>
          (mark.from < dispute.from ? dispute.from - mark.to <= 9 : mark.from - dispute.to <= 4 && german.test(mark.text)) &&
          !ownNo(it, mark) &&
          !isElsewhere(it, mark, dispute),
      );
    if (dont !== undefined && allowsDont(it, dont)) return span(dont, dispute);
    const close = it.of("close").find((mark) => gap(mark, dispute) <= 5 && !between(it.of("we"), mark, dispute));
    if (close !== undefined && isAskedFor(it, close)) return span(close, dispute);
    const slow = it.of("delay", "futile").find((mark) => gap(mark, dispute) <= 9);
    if (slow !== undefined && it.of("past").length === 0 && it.of("may").length === 0) return span(dispute, slow);
    const refused = it.of("cannot")[0];
    if (refused !== undefined && it.of("if", "once").some((mark) => mark.from < dispute.from) && it.of("we", "service").length > 0) {
      return span(dispute, refused);
    }
  }
  const takeBack = near(it.of("take"), disputes, 4);
  const back =
    takeBack === null
      ? null
      : follows(
          [takeBack[0]],
          it.of("down").filter((mark) => /^(zurueck|down|back|off)/.test(mark.text)),
          9,
        );
  return takeBack !== null && back !== null && it.of("past").length === 0 ? span(...takeBack) : null;
}

/** Words that mean many things, unless one is opened or closed. */
const ambiguous =
  /^(fall|faelle|the case|a case|your case|this case|cases|claims|any claim|a claim|the claim|your claim|case|streit|beschwerde|lastschrift|your complaint|disput|dispute this)$/;
const german =
  /^(not necessary|not needed|nicht|unnoetig|ueberfluessig|kein|braucht|verzicht|bedarf|muss|not (necessary|needed)|unnecessary|没|不必|不用|无需)/;

/** You may open a dispute at any time. */
function isRight(it: Reading, dispute: Mark): boolean {
  if (it.of("close").some((close) => gap(close, dispute) <= 3) && it.of("ask").length > 0) return false;
  if (it.of("may").some((may) => gap(may, dispute) <= 8)) return true;
  return it.of("no-need").some((need) => need.from < dispute.from && between(it.of("contact"), need, dispute));
}

/** A bare "nicht" before a comma belongs to another thing, and so does "if you do not accept, the dispute …". */
function isElsewhere(it: Reading, dont: Mark, dispute: Mark): boolean {
  if (!it.text.slice(dont.end, Math.max(dispute.start, dont.end)).includes(",")) return false;
  return /^(nicht|kein|keine|keinen)$/.test(dont.text) || it.of("if").some((mark) => mark.from < dont.from && dont.from - mark.to <= 3);
}

function allowsDont(it: Reading, dont: Mark): boolean {
  if (!/^(before|without|instead|rather|bevor|ehe|ohne|statt|anstatt|anstelle|之前|前|而不是|代替)/.test(dont.text)) return true;
  return it.of("contact").length > 0;
}

function ownNo(it: Reading, dont: Mark): boolean {
  return it.of("we").some((we) => we.to <= dont.from && dont.from - we.to <= 1.5);
}

function isAskedFor(it: Reading, close: Mark): boolean {
  if (it.of("past").some((mark) => gap(mark, close) <= 4)) return false;
  if (it.of("we").some((we) => we.to <= close.from && close.from - we.to <= 2 && /^(we|i|wir|ich|我们)$/.test(we.text))) return false;
  if (it.of("ask", "if", "once", "exchange").length > 0) return true;
  return it.sentence.clauseStarts.some((start) => close.from - start < 1) || it.of("you").length > 0;
}
