import type { Mark } from "./marks.ts";
import { between, follows, gap, isOwnNo, near, type Reading, span } from "./reading.ts";
import type { Hit } from "./rules-verdict.ts";

/** R07: threatens whoever writes something bad. */
export function threatens(it: Reading, others: readonly Reading[]): Hit {
  const threat = it.of("threat").find((mark) => !(it.denies(mark) && hasNo(it, mark)));
  const menace = it.of("menace")[0];
  if (it.forbidden && it.of("ask").length === 0 && it.of("you").length === 0) return null;
  const reviews = (one: Reading) => one.of("review", "low-stars", "utterance").filter((mark) => !/rate$/.test(mark.text));
  const penalty = it.of("penalty").find((mark) => negated.test(mark.text) || !it.denies(mark));
  if (penalty !== undefined && !it.independent && punished(it).length > 0) return span(penalty, punished(it)[0] ?? penalty);
  if (penalty !== undefined && it.of("you").length > 0 && others.some((one) => punished(one).length > 0)) return penalty;
  const consequence = followsBlame(it);
  if (consequence !== null) return consequence;
  // do it, or else
  const demand = it.changes[0];
  const orElse = demand === undefined ? undefined : it.of("or-else").find((mark) => mark.from >= demand.to && gap(mark, demand) <= 10);
  if (demand !== undefined && orElse !== undefined && it.of("may").length === 0) return span(demand, orElse);
  if (threat !== undefined && !it.forbidden && it.of("or-else").some((mark) => gap(mark, threat) <= 8)) return threat;
  if (threat !== undefined && speechCrime.test(threat.text) && !it.forbidden) return threat;
  if (threat !== undefined) {
    const review = reviews(it).find((mark) => gap(mark, threat) <= 25);
    if (review !== undefined) return span(threat, review);
    if (others.some((one) => one.blame.length > 0 || one.changes.length > 0)) return threat;
  }
  if (menace !== undefined && (reviews(it).length > 0 || others.some((one) => reviews(one).length > 0))) return menace;
  return null;
}

/** If you write that, this will follow: whatever it is, unless it is what honest shops do with a bad review, or an offer of help. */
function followsBlame(it: Reading): Hit {
  if (it.independent || it.sentence.question || it.of("kind", "kept", "contact", "first", "before", "incentive", "may").length > 0)
    return null;
  for (const bad of it.blame) {
    if (it.of("not-do").some((mark) => mark.from < bad.from)) continue;
    const given = it.of("if").find((mark) => (mark.from <= bad.from ? bad.from - mark.to <= 8 : mark.from - bad.to <= 4));
    const outcome = it.of("outcome", "penalty").find((mark) => mark.from >= bad.to);
    if (given !== undefined && outcome !== undefined && it.of("we", "you", "penalty").length > 0) return span(bad, outcome);
  }
  return null;
}

/** Whether a no stands in the same part between commas, before the mark. */
function hasNo(it: Reading, mark: Mark): boolean {
  const comma = it.text.lastIndexOf(",", mark.start);
  return it.of("never", "not-do").some((no) => no.start > comma && no.start <= mark.start);
}

/** Crimes of what is said: whoever names them speaks of what the buyer might write. */
const speechCrime = /^(defam|libel|slander|verleumd|rufmord|ueble nachrede|诽谤|毁谤)/;

const negated = /\b(no|not|never|nicht|kein|keine|keinen|nie)\b|[不无]/;

/** What somebody is punished for: blame, or a review that shall go. */
function punished(it: Reading): readonly Mark[] {
  if (it.anyVerdict) return [];
  const ill = near(it.of("negative", "low-stars", "grievance"), it.of("utterance", "review"), 4);
  const posts = it.of("utterance").filter((mark) => /post|write|wrote|schreib|sagen|aeussern/.test(mark.text));
  return [...it.blame, ...it.changes, ...(ill === null ? [] : [ill[0]]), ...posts];
}

/** R09: asks not to open a dispute, or to close one. */
export function discouragesDispute(it: Reading, next: Reading | null): Hit {
  const disputes = it
    .of("dispute")
    .filter(
      (mark) =>
        !it.denies(mark) &&
        (!ambiguous.test(mark.text) || near([mark], it.of("open", "close"), 5) !== null) &&
        (!thirdParty.test(mark.text) || near([mark], it.of("open"), 5) !== null),
    );
  const toldSo = tellsItIsSettled(it);
  if (toldSo !== null) return toldSo;
  if (disputes.length === 0) return null;
  const begged = next?.of("not-do").find((mark) => begs.test(mark.text));
  const [first] = disputes;
  if (begged !== undefined && first !== undefined && !it.forbidden && it.of("may", "past").length === 0) return first;
  const uncertain = it.forbidden && it.of("ask").length === 0;
  for (const dispute of disputes) {
    if (uncertain || isRight(it, dispute)) continue;
    const dont = it
      .of("not-do")
      .find(
        (mark) =>
          (mark.from < dispute.from ? dispute.from - mark.to <= 9 : mark.from - dispute.to <= 4 && german.test(mark.text)) &&
          !isOwnNo(it, mark) &&
          !it.of("close").some((close) => close.from >= mark.to && close.from - mark.to <= 3) &&
          !isElsewhere(it, mark, dispute),
      );
    if (dont !== undefined && allowsDont(it, dont)) return span(dont, dispute);
    const close = it
      .of("close")
      .find((mark) => gap(mark, dispute) <= 5 && !between(it.of("we", "before"), mark, dispute) && isAskedFor(it, mark));
    if (close !== undefined) return span(close, dispute);
    const slow =
      it.of("delay", "futile").find((mark) => gap(mark, dispute) <= 9) ??
      it
        .of("negative")
        .find((mark) => mark.from >= dispute.to && mark.from - dispute.to <= 5 && !/,/.test(it.text.slice(dispute.end, mark.start)));
    if (slow !== undefined && it.of("past").length === 0 && it.of("may").length === 0) return span(dispute, slow);
    const refused = it.of("cannot").find((mark) => mark.from >= dispute.to);
    if (
      refused !== undefined &&
      it.of("if", "once", "open").some((mark) => mark.from <= dispute.from) &&
      it.of("we", "service").length > 0
    ) {
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

/** Tell PayPal that it is settled. */
function tellsItIsSettled(it: Reading): Hit {
  const whom = it.of("dispute").find((mark) => thirdParty.test(mark.text) || /bank|card|karte|paypal/.test(mark.text));
  const settled = whom === undefined ? undefined : it.of("settled").find((mark) => mark.from >= whom.to);
  const told = whom === undefined ? undefined : it.of("tell").find((mark) => gap(mark, whom) <= 3);
  if (whom === undefined || settled === undefined || told === undefined || it.of("may", "we").length > 0) return null;
  return it.of("ask").length > 0 || it.sentence.clauseStarts.some((start) => told.from - start < 1) ? span(whom, settled) : null;
}

/** Words that mean many things, unless one is opened or closed. */
const ambiguous =
  /^(案件|案子|fall|faelle|((ihr|ihren|den) )?antrag|the case|a case|your case|this case|cases|claims|any claim|a claim|the claim|your claim|case|streit|beschwerde|lastschrift|your complaint|disput|dispute this)$/;
const begs = /spare|mercy|refrain|ersparen|verschon|verzicht|absehen|饶|放过/;
/** Whom one may turn to; no dispute by themselves. */
const thirdParty =
  /^(paypal|klarna|(your|the|ihre|ihrer|der|die|zur|deine|deiner) bank|hausbank|kreditinstitut|(bei )?(der )?plattform|bei (amazon|ebay|paypal|klarna|ihrer bank)|beim marktplatz|card provider|(your )?card company|card issuer|objection|vorfall|storno|abbuchung|ebay|amazon|etsy|银行|亚马逊|信用卡公司|发卡行|发卡银行|跟银行|和银行|平台客服|虾皮客服|官方line)$/;
const german =
  /^(之前|前|before|not necessary|not needed|nicht|unnoetig|ueberfluessig|kein|braucht|verzicht|bedarf|muss|not (necessary|needed)|unnecessary|没|不必|不用|无需)/;

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

/** If it were closed: not closed yet. */
const isWish = (it: Reading, close: Mark) => /\bif\b[^.]*\bwere\s*$/.test(it.text.slice(it.sentence.start, close.start));

function isAskedFor(it: Reading, close: Mark): boolean {
  const reach = /\p{Script=Han}/u.test(close.text) ? 4 : 2;
  const done = it
    .of("past")
    .some(
      (mark) =>
        mark.from <= close.from && close.from - mark.to <= reach && !isWish(it, close) && !/,/.test(it.text.slice(mark.end, close.start)),
    );
  if (done || it.of("never", "not-do", "no-need").some((no) => no.to <= close.from && close.from - no.to <= 1)) return false;
  if (it.of("we").some((we) => we.to <= close.from && close.from - we.to <= 2 && /^(we|i|wir|ich|我们)$/.test(we.text))) return false;
  if (it.of("ask", "if", "once", "exchange").length > 0) return true;
  return it.sentence.clauseStarts.some((start) => close.from - start < 1) || it.of("you").length > 0;
}
