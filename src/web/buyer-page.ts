import type { Hono } from "hono";
import { html } from "hono/html";
import { type ReportTopic, reportTopics } from "../core/choice.ts";
import type { Instant } from "../core/instant.ts";
import { readLinkToken } from "../core/keys.ts";
import { type AskedChoice, choicePart } from "./buyer-choice-part.ts";
import { feedbackPart } from "./buyer-feedback-part.ts";
import { buyerParts, type Draft } from "./buyer-field.ts";
import { helpPart } from "./buyer-help-part.ts";
import { mailsPart } from "./buyer-mails-part.ts";
import { headPart, orderPart } from "./buyer-order-part.ts";
import { takePost } from "./buyer-posts.ts";
import { type BuyerScene, loadScene } from "./buyer-scene.ts";
import { callerOf, type WebContext, type WebEnv } from "./caller.ts";
import type { WebDeps, WebLimits } from "./deps.ts";
import { type Html, letterPage } from "./html.ts";
import { wordsForBrowser } from "./languages.ts";
import { rateLimit } from "./rate-limit.ts";
import { type BuyerWords, notices, pageLocales, wordsIn } from "./words/words.ts";

/**
 * `/b/{token}`: the buyer's page for one order: where it is, what happens next, and everything a buyer may do about it.
 *
 * No login: the link is the key, so of the buyer it shows first name and city, and what was told here. It works without script. GET changes nothing;
 * what is posted becomes facts (`takePost`) and ends in a redirect back to the page, so that going back or reloading does not post again.
 */
export function serveBuyerPage(app: Hono<WebEnv>, deps: WebDeps, limits: WebLimits): void {
  const wrong = rateLimit(limits.wrongLinks);
  const posts = rateLimit(limits.buyerPosts);

  const orderOf = (c: WebContext) => readLinkToken(deps.keys, "buyer", c.req.param("token") ?? "");

  const noOrder = (c: WebContext): Response | Promise<Response> => {
    const words = wordsForBrowser(c);
    // A link that we signed, of an order that is gone, is nobody's guess.
    const wait = orderOf(c) === null ? wrong.take(callerOf(c)) : 0;
    if (wait === 0) return c.html(gonePage(words), 404);
    c.header("retry-after", String(wait));
    return c.html(gonePage(words), 429);
  };

  const sceneOf = async (c: WebContext): Promise<BuyerScene | null> => {
    c.header("cache-control", "private, no-store");
    const orderId = orderOf(c);
    return orderId === null ? null : loadScene(c, deps, orderId);
  };

  app.get("/b/:token", async (c) => {
    const scene = await sceneOf(c);
    if (scene === null) return noOrder(c);
    const { topic, of, about, choice, done } = c.req.query();
    return c.html(
      orderPage(scene, deps.now(), {
        topic: reportTopics.find((one) => one === topic) ?? null,
        choice: of === undefined || about === undefined || choice === undefined ? null : { of, about, choice },
        notice: notices.find((one) => one === done) ?? null,
        draft: null,
        mailsOpen: topic === "mails",
      }),
    );
  });

  for (const part of buyerParts) {
    app.post(`/b/:token/${part}`, async (c) => {
      const scene = await sceneOf(c);
      if (scene === null) return noOrder(c);
      const wait = posts.take(scene.order.id);
      if (wait > 0) {
        c.header("retry-after", String(wait));
        return c.html(sayPage(scene, scene.words.form.tooFast), 429);
      }
      const taken = await takePost(c, deps, scene, part, limits.bodyMs);
      switch (taken.kind) {
        case "done":
          return c.redirect(scene.href(undefined, { done: taken.notice }), 303);
        case "refused":
          return c.html(sayPage(scene, scene.words.form.notNow), 409);
        case "failed":
          c.header("retry-after", "60");
          return c.html(sayPage(scene, scene.words.form.failed), 503);
        case "wrong":
          return c.html(orderPage(scene, deps.now(), askedBy(taken.draft)), 422);
      }
    });
  }
}

/** What of the page is asked for, or was just posted. */
interface Asked {
  readonly topic: ReportTopic | null;
  readonly choice: AskedChoice | null;
  readonly notice: (typeof notices)[number] | null;
  readonly draft: Draft | null;
  readonly mailsOpen: boolean;
}

function askedBy(draft: Draft): Asked {
  const { of = "", about = "", choice = "" } = draft.values;
  return { topic: null, choice: draft.part === "choice" ? { of, about, choice } : null, notice: null, draft, mailsOpen: false };
}

function orderPage(scene: BuyerScene, now: Instant, asked: Asked): Html {
  const { words, shop, order } = scene;
  const draftOf = (part: Draft["part"]) => (asked.draft?.part === part ? asked.draft : null);
  const help = helpPart(scene, asked.topic, draftOf("report"), now);
  const feedback = feedbackPart(scene, draftOf("feedback"));
  // What the buyer came for stands first.
  const helpFirst = asked.topic !== null || draftOf("report") !== null;
  const feedbackFirst = draftOf("feedback") !== null;
  return letterPage({
    lang: words.lang,
    title: `${words.order.title(order.number)} · ${shop.name}`,
    body: html`${headPart(scene)}
      ${asked.notice === null ? "" : html`<p class="notice" role="status">${words.notice[asked.notice]}</p>`}
      ${choicePart(scene, asked.choice, draftOf("choice"))}
      ${helpFirst ? help : ""}${feedbackFirst ? feedback : ""}
      ${orderPart(scene)}
      ${helpFirst ? "" : help}${feedbackFirst ? "" : feedback}
      ${mailsPart(scene, asked.mailsOpen)}
      ${footPart(scene)}`,
  });
}

function footPart({ words, shop, order, own, href }: BuyerScene): Html {
  const to = shop.replyTo ?? shop.fromAddress;
  const mail = `mailto:${encodeURIComponent(to).replace("%40", "@")}?subject=${encodeURIComponent(words.order.title(order.number))}`;
  const others = pageLocales.filter((locale) => locale !== words.lang);
  return html`<section class="foot">
    <p><a href="${mail}">${words.writeTo(own(shop.name))}</a></p>
    <nav aria-label="${words.languages}"><ul class="languages small">${others.map(
      (locale) =>
        html`<li><a href="${href(undefined, { lang: locale })}" lang="${locale}" hreflang="${locale}">${wordsIn(locale).ownName}</a></li>`,
    )}</ul></nav>
  </section>`;
}

/** One sentence, and the way back. */
function sayPage({ words, order, shop, href }: BuyerScene, sentence: string): Html {
  return letterPage({
    lang: words.lang,
    title: `${words.order.title(order.number)} · ${shop.name}`,
    body: html`<p class="from"><bdi>${shop.name}</bdi></p><h1>${sentence}</h1><p><a class="button second" href="${href()}">${words.form.back}</a></p>`,
  });
}

function gonePage(words: BuyerWords): Html {
  return letterPage({
    lang: words.lang,
    title: words.order.gone,
    body: html`<h1>${words.order.gone}</h1><p>${words.order.goneHelp}</p>`,
  });
}
