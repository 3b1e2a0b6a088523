import { type ReportTopic, reportTopics } from "../core/choice.ts";
import { formatCivilDay } from "../core/civil-day.ts";
import { isId } from "../core/ids.ts";
import { type Recorded, recordChoice, recordFeedback, recordReport } from "../store/buyer-acts.ts";
import type { SuppressionScope } from "../store/schema.ts";
import { liftSuppression, ownReason, suppress } from "../store/suppressions.ts";
import { readBody } from "./body.ts";
import { type BuyerPart, type Draft, longestText } from "./buyer-field.ts";
import { mailStand, optionalMails } from "./buyer-mails-part.ts";
import type { BuyerScene } from "./buyer-scene.ts";
import type { WebContext } from "./caller.ts";
import type { WebDeps } from "./deps.ts";
import type { Notice } from "./words/words.ts";

/** What became of a posted form. */
export type Taken =
  | { readonly kind: "done"; readonly notice: Notice }
  | { readonly kind: "wrong"; readonly draft: Draft }
  /** It can't be done any more: the order is closed, the choice settled. */
  | { readonly kind: "refused" }
  /** The database could not take it. */
  | { readonly kind: "failed" };

/** 2,000 characters of any script, percent-encoded, and the rest of a form. */
const mostBytes = 64 * 1024;

/**
 * Takes a form of the buyer's page: it becomes a fact with its task in one transaction, and its order is planned at once.
 *
 * The same form posted twice is one fact. The token in the address is all the authority there is: no cookie goes with it, so no other site can
 * borrow it.
 */
export async function takePost(c: WebContext, deps: WebDeps, scene: BuyerScene, part: BuyerPart, withinMs: number): Promise<Taken> {
  const values = await readForm(c, withinMs);
  try {
    const taken = await take(deps, scene, part, values);
    if (taken.kind === "done") {
      deps.log.info({ orderId: scene.order.id, part }, "a buyer posted something");
      await deps.planNow([scene.order.id]);
    }
    return taken;
  } catch (error) {
    deps.log.error({ err: error, orderId: scene.order.id, part }, "what a buyer posted could not be stored");
    return { kind: "failed" };
  }
}

function take(deps: WebDeps, scene: BuyerScene, part: BuyerPart, values: Draft["values"]): Promise<Taken> {
  switch (part) {
    case "report":
      return takeReport(deps, scene, values);
    case "choice":
      return takeChoice(deps, scene, values);
    case "feedback":
      return takeFeedback(deps, scene, values);
    case "mails":
      return takeMails(deps, scene, values);
  }
}

async function takeReport(deps: WebDeps, scene: BuyerScene, values: Draft["values"]): Promise<Taken> {
  const { form } = scene.words;
  const topic: ReportTopic = reportTopics.find((one) => one === values["topic"]) ?? "problem";
  const text = values["text"] ?? "";
  const once = values["once"] ?? "";
  const wrong = (error: string): Taken => ({ kind: "wrong", draft: { part: "report", error, values: { topic, text, once } } });
  if (tooLong(text)) return wrong(form.tooLong);
  if (topic === "problem" && text === "") return wrong(form.noWords);
  if (!isId(once)) return wrong(form.failed);
  const { order, shop } = scene;
  const report = { shopId: shop.id, orderId: order.id, id: once, topic, text: orNull(text), answerBy: formatCivilDay(scene.answerBy) };
  return done(await recordReport(deps.db, report, deps.now()), "reported");
}

async function takeChoice(deps: WebDeps, scene: BuyerScene, values: Draft["values"]): Promise<Taken> {
  const { form } = scene.words;
  const { of = "", about = "", choice = "", note = "" } = values;
  const offer = scene.offers.find((one) => one.of === of && one.about === about);
  if (offer === undefined || (offer.stand !== "open" && offer.stand !== "chosen")) return { kind: "refused" };
  const chosen = offer.options.find((option) => option === choice);
  const wrong = (error: string): Taken => ({ kind: "wrong", draft: { part: "choice", error, values: { of, about, choice, note } } });
  if (chosen === undefined) return wrong(form.noOption);
  if (tooLong(note)) return wrong(form.tooLong);
  const { order, shop } = scene;
  const answerBy = formatCivilDay(scene.answerBy);
  const said = { shopId: shop.id, orderId: order.id, of: offer.of, about, mail: offer.mail, choice: chosen, note: orNull(note), answerBy };
  return done(await recordChoice(deps.db, said, deps.now()), "chosen");
}

async function takeFeedback(deps: WebDeps, scene: BuyerScene, values: Draft["values"]): Promise<Taken> {
  const { form } = scene.words;
  const { rating = "", text = "" } = values;
  if (!scene.reviewable) return { kind: "refused" };
  const wrong = (error: string): Taken => ({ kind: "wrong", draft: { part: "feedback", error, values: { rating, text } } });
  if (!/^[1-5]$/.test(rating)) return wrong(form.noStars);
  if (tooLong(text)) return wrong(form.tooLong);
  const feedback = { shopId: scene.shop.id, orderId: scene.order.id, rating: Number(rating), text: orNull(text) };
  return done(await recordFeedback(deps.db, feedback, deps.now()), "reviewed");
}

/**
 * Stops the kinds of mail that were unticked, and gives back what was ticked and the buyer had stopped. What somebody else stopped stays. Answers once
 * nothing more of what was stopped can go out (OUT-06).
 */
async function takeMails(
  deps: WebDeps,
  { shop, order, suppressions, emailHash, closed }: BuyerScene,
  values: Draft["values"],
): Promise<Taken> {
  if (emailHash === null || closed || mailStand(suppressions, "all") === "blocked") return { kind: "refused" };
  const wanted = new Set(["order", ...optionalMails].filter((name) => values[name] === "on"));
  const allStopped = mailStand(suppressions, "all") === "stopped";
  // While everything is stopped, wanting nothing changes nothing; wanting anything brings the notices about orders back, too.
  if (allStopped && wanted.size === 0) return { kind: "done", notice: "saved" };
  const stop = optionalMails.filter((scope) => !wanted.has(scope) && mailStand(suppressions, scope) === "on");
  const back: readonly SuppressionScope[] = [
    ...(allStopped ? (["all"] as const) : []),
    ...optionalMails.filter((scope) => wanted.has(scope)),
  ];
  if (stop.length > 0) {
    const stopped = { shopId: shop.id, addressHash: emailHash, address: order.buyer.email, scopes: stop, reason: ownReason };
    await suppress(deps.db, stopped, deps.now);
  }
  for (const { id, scope, reason } of suppressions) {
    if (reason === ownReason && back.includes(scope)) await liftSuppression(deps.db, shop.id, id);
  }
  deps.wake("plan");
  return { kind: "done", notice: "saved" };
}

function done(recorded: Recorded, notice: Notice): Taken {
  return recorded === "refused" ? { kind: "refused" } : { kind: "done", notice };
}

/** The fields of a form by name, the first of each; nothing for what is no form, too large, or does not come. */
async function readForm(c: WebContext, withinMs: number): Promise<Draft["values"]> {
  const reading = await readBody(c, { maxBytes: mostBytes, withinMs });
  if (reading.kind !== "read" || !/^application\/x-www-form-urlencoded/i.test(c.req.header("content-type") ?? "")) return {};
  const fields = [...new URLSearchParams(reading.body.toString("utf8"))].slice(0, 20).reverse();
  return Object.fromEntries(fields.map(([name, value]) => [name, plainText(value)]));
}

/** Lines of plain text: no control characters but line ends, none that break elsewhere. */
function plainText(text: string): string {
  return text
    .replaceAll(/\r\n?/g, "\n")
    .replaceAll(/[^\P{Cc}\n]/gu, " ")
    .toWellFormed()
    .trim();
}

function tooLong(text: string): boolean {
  return [...text].length > longestText;
}

function orNull(text: string): string | null {
  return text === "" ? null : text;
}
