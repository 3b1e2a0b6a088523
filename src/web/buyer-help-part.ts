import { html } from "hono/html";
import type { ReportTopic } from "../core/choice.ts";
import { parseCivilDay } from "../core/civil-day.ts";
import { newId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import { type Draft, quoted, textField } from "./buyer-field.ts";
import type { BuyerScene } from "./buyer-scene.ts";
import type { Html } from "./html.ts";

/** "It has not arrived" and "something is wrong": what to try, a form, and what became of what was told. */
export function helpPart(scene: BuyerScene, asked: ReportTopic | null, draft: Draft | null, now: Instant): Html {
  const { words, order, view } = scene;
  const gone = order.cancelled !== null && view.parcels.length === 0;
  const topics: readonly ReportTopic[] = gone ? ["problem"] : ["not-arrived", "problem"];
  return html`<section id="help"><h2>${words.help.title}</h2>
    ${topics.map((topic) => topicFold(scene, topic, asked === topic, draft?.values["topic"] === topic ? draft : null, now))}
    <p class="small">${words.help.photo}</p>
  </section>`;
}

function topicFold(scene: BuyerScene, topic: ReportTopic, asked: boolean, draft: Draft | null, now: Instant): Html {
  const { words, closed } = scene;
  const help = words.help[topic];
  const told = toldOf(scene, topic);
  const form = closed || (topic === "not-arrived" && told.length > 0 && draft === null) ? "" : reportForm(scene, topic, draft, now);
  return html`<details class="fold"${asked || draft !== null || told.length > 0 ? html` open` : ""}>
    <summary><h3>${help.title}</h3></summary>
    <div>${told}
      ${told.length > 0 ? "" : html`<ol class="steps">${help.steps.map((step) => html`<li>${step}</li>`)}</ol>`}
      ${form}</div>
  </details>`;
}

/** What was told and is not answered, with what happens next and by when. */
function toldOf({ tasks, words, dates }: BuyerScene, topic: ReportTopic): Html[] {
  return tasks
    .filter(({ kind, state }) => kind === topic && state === "open")
    .map(({ openedAt, answerBy, words: text }) => {
      const by = answerBy === null ? null : parseCivilDay(answerBy);
      return html`<div class="told"><p>${words.help[topic].received(dates.dateAt(openedAt))}${by === null ? "" : html` <strong>${words.help.answerBy(dates.date(by))}</strong>`}</p>${quoted(text)}</div>`;
    });
}

/** The form has an id of its own, so that posting it twice tells one thing. */
function reportForm({ words, href, dates, answerBy }: BuyerScene, topic: ReportTopic, draft: Draft | null, now: Instant): Html {
  const help = words.help[topic];
  return html`<form method="post" action="${href("report")}">
    <input type="hidden" name="topic" value="${topic}">
    <input type="hidden" name="once" value="${draft?.values["once"] ?? newId(now)}">
    ${textField(words, {
      id: `text-${topic}`,
      name: "text",
      label: help.label,
      optional: topic === "not-arrived",
      value: draft?.values["text"] ?? "",
      error: draft?.error ?? null,
    })}
    <p class="act"><button class="button" type="submit">${words.help.send}</button> <span class="quiet">${words.help.answerBy(dates.date(answerBy))}</span></p>
  </form>`;
}
