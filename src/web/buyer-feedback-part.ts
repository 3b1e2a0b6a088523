import { html } from "hono/html";
import { pageReviewId } from "../store/buyer-acts.ts";
import { type Draft, quoted, textField } from "./buyer-field.ts";
import type { BuyerScene } from "./buyer-scene.ts";
import type { Html } from "./html.ts";

const stars = [1, 2, 3, 4, 5] as const;

/**
 * How it was, from one star to five, in the buyer's words.
 *
 * Every buyer sees the same link to the public reviews, before and after, whatever the rating: who is unhappy is not kept from it (standards 3.2).
 */
export function feedbackPart(scene: BuyerScene, draft: Draft | null): Html | "" {
  const { order, words, dates, reviewable, closed } = scene;
  const say = words.feedback;
  const given = order.reviews.find(({ id, removed }) => id === pageReviewId && !removed) ?? null;
  const elsewhere = order.reviews.some(({ id, removed }) => id !== pageReviewId && !removed);
  if (given === null && (!reviewable || closed || elsewhere)) return "";
  if (given === null || given.rating === null) {
    return html`<section id="feedback"><h2>${say.title}</h2><p>${say.lead}</p>${feedbackForm(scene, draft, null)}${publicLink(scene)}</section>`;
  }
  const rating = say.star(given.rating);
  const change = html`<details class="fold"${draft === null ? "" : html` open`}><summary><h3>${say.change}</h3></summary>
    <div>${feedbackForm(scene, draft, { rating: given.rating, text: given.text })}</div></details>`;
  return html`<section id="feedback"><h2>${say.title}</h2>
    <div class="told"><p>${say.given(rating, dates.dateAt(given.postedAt))}</p>${quoted(given.text)}</div>
    ${reviewable && !closed ? change : ""}${publicLink(scene)}</section>`;
}

interface Given {
  readonly rating: number;
  readonly text: string | null;
}

function feedbackForm({ words, href }: BuyerScene, draft: Draft | null, given: Given | null): Html {
  const say = words.feedback;
  const rating = draft?.values["rating"] ?? String(given?.rating ?? "");
  const tooLong = draft?.error === words.form.tooLong;
  return html`<form method="post" action="${href("feedback")}">
    <fieldset class="stars">
      <legend>${say.stars}</legend>
      ${draft === null || tooLong ? "" : html`<p class="wrong" role="alert">${draft.error}</p>`}
      <div>${stars.map(
        (count) => html`<label><input type="radio" name="rating" value="${count}" required${rating === String(count) ? html` checked` : ""}>
          <span aria-hidden="true">${count}<i>★</i></span><span class="unseen">${say.star(count)}</span></label>`,
      )}</div>
      <p class="ends small" aria-hidden="true"><span>${say.worst}</span><span>${say.best}</span></p>
    </fieldset>
    ${textField(words, {
      id: "feedback-text",
      name: "text",
      label: say.text,
      optional: true,
      value: draft?.values["text"] ?? given?.text ?? "",
      error: tooLong ? draft.error : null,
    })}
    <p class="act"><button class="button" type="submit">${say.send}</button></p>
  </form>`;
}

function publicLink({ shop, words, own }: BuyerScene): Html | "" {
  if (shop.reviewUrl === null) return "";
  return html`<p>${words.feedback.everyone} <a href="${shop.reviewUrl}" rel="noreferrer">${words.feedback.link(own(shop.name))}</a></p>`;
}
