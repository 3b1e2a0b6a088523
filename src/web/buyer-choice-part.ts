import { html } from "hono/html";
import type { Offer } from "../core/buyer-offers.ts";
import { type Draft, quoted, textField } from "./buyer-field.ts";
import type { BuyerScene } from "./buyer-scene.ts";
import type { Html } from "./html.ts";
import type { BuyerWords, Choice, ChoiceWords } from "./words/words.ts";

/** Which choice a link in a mail, or a form that was wrong, is about. */
export interface AskedChoice {
  readonly of: string;
  readonly about: string;
  readonly choice: string;
}

/** Everything that mails have put to the buyer's choice: to choose, to see what was chosen, to change it. */
export function choicePart(scene: BuyerScene, asked: AskedChoice | null, draft: Draft | null): Html[] {
  return scene.offers.map((offer, index) => {
    const isAsked = asked !== null && asked.of === offer.of && asked.about === offer.about;
    return choiceSection(scene, offer, {
      id: index === 0 ? "choice" : `choice-${index + 1}`,
      picked: isAsked ? asked.choice : null,
      draft: isAsked ? draft : null,
    });
  });
}

interface Shown {
  readonly id: string;
  readonly picked: string | null;
  readonly draft: Draft | null;
}

function choiceSection(scene: BuyerScene, offer: Offer, shown: Shown): Html {
  const { words, dates, closed } = scene;
  const say = words.choice[offer.of];
  const { chosen } = offer;
  if (chosen !== null) {
    const mayChange = offer.stand === "chosen" && !closed;
    const other = shown.draft !== null || (shown.picked !== null && shown.picked !== chosen.choice);
    const change = html`<details class="fold"${other ? html` open` : ""}><summary><h3>${words.choice.change}</h3></summary>
      <div><p class="quiet">${words.choice.changeHint}</p>${choiceForm(scene, offer, shown)}</div></details>`;
    return html`<section id="${shown.id}"><h2>${say.title}</h2>
      <div class="told"><p>${words.choice.chosen(dates.dateAt(chosen.chosenAt))}</p>
        <p><strong>${optionOf(words, offer, chosen.choice).name}</strong><br>${optionOf(words, offer, chosen.choice).means}</p>${quoted(chosen.note)}</div>
      ${mayChange ? change : html`<p>${words.choice.settled}</p>`}
    </section>`;
  }
  const over = offer.by === null || offer.stand !== "over" ? null : words.choice.over(dates.date(offer.by));
  if (closed || offer.stand === "settled" || over !== null) {
    return html`<section id="${shown.id}"><h2>${say.title}</h2>${proposalOf(scene, offer)}<p>${over ?? words.choice.settled}</p></section>`;
  }
  return html`<section id="${shown.id}"><h2>${say.title}</h2>${proposalOf(scene, offer)}<p>${say.lead}</p>${choiceForm(scene, offer, shown)}</section>`;
}

/** What an operator proposed, in the operator's words. */
function proposalOf({ words }: BuyerScene, { proposal }: Offer): Html | "" {
  if (proposal === null) return "";
  const pairs = (["cause", "proposal", "steps"] as const).flatMap((name) => {
    const text = proposal.fields[name];
    return text === undefined ? [] : [html`<dt>${words.choice[name]}</dt><dd class="lines" dir="auto">${text}</dd>`];
  });
  return html`<dl class="stacked">${pairs}</dl>`;
}

function choiceForm({ words, href, dates }: BuyerScene, offer: Offer, { id, picked, draft }: Shown): Html {
  const value = draft?.values["choice"] ?? picked ?? offer.chosen?.choice ?? null;
  const error = draft?.error ?? null;
  const tooLong = error === words.form.tooLong;
  return html`<form method="post" action="${href("choice")}">
    <input type="hidden" name="of" value="${offer.of}"><input type="hidden" name="about" value="${offer.about}">
    <fieldset>
      <legend class="unseen">${words.choice[offer.of].title}</legend>
      ${error === null || tooLong ? "" : html`<p class="wrong" role="alert">${error}</p>`}
      ${offer.options.map((option, index) => {
        const { name, means } = optionOf(words, offer, option);
        return html`<label class="card"><input type="radio" name="choice" value="${option}" required${option === value ? html` checked` : ""}>
          <span><strong>${name}</strong>${index === 0 ? html` <span class="tag">${words.choice.recommended}</span>` : ""}<br><span class="quiet">${means}</span></span></label>`;
      })}
    </fieldset>
    ${textField(words, {
      id: `${id}-note`,
      name: "note",
      label: words.choice.note,
      optional: true,
      value: draft?.values["note"] ?? offer.chosen?.note ?? "",
      error: tooLong ? error : null,
    })}
    <p class="act"><button class="button" type="submit">${words.choice.send}</button>${offer.by === null ? "" : html` <span class="quiet">${words.choice.by(dates.date(offer.by))}</span>`}</p>
  </form>`;
}

/** What an option of an offer is called. */
function optionOf(words: BuyerWords, { of }: Offer, option: string): Choice {
  const { options }: ChoiceWords<string> = words.choice[of];
  const found = options[option];
  if (found === undefined) throw new Error(`the page has no word for the choice ${option} of ${of}`);
  return found;
}
