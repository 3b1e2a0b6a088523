import { html } from "hono/html";
import { parseSchedule } from "../../../core/schedule.ts";
import { currentSchedule, listSchedules } from "../../../store/schedules.ts";
import { categoryBadge, mark } from "../parts/badge.ts";
import { when } from "../parts/time.ts";
import { missing, page, shopRoute } from "../route.ts";
import { stepName } from "../words/steps.ts";
import { schedulePicture } from "./picture.ts";
import { countOn, stepSentence } from "./sentence.ts";
import { scheduleWords } from "./words.ts";

const versionsShown = 50;

/** The schedule in force: as a picture, in sentences, and what it was before. */
export const schedulePage = shopRoute({
  method: "get",
  path: "/schedule",
  role: "viewer",
  section: "schedule",
  async handle(visit) {
    const w = visit.say(scheduleWords);
    const current = await currentSchedule(visit.deps.db, visit.shop.id);
    const parsed = parseSchedule(current?.schedule ?? null);
    if (current === null || !parsed.ok) return missing();
    const { written } = parsed;
    const { on, off } = countOn(written);
    const versions = await listSchedules(visit.deps.db, visit.shop.id, versionsShown);
    return page({
      title: w.title,
      sentence: w.sentence(on, off, current.version),
      actions: html`<a class="button" href="${visit.link("/schedule/yaml")}">${w.yaml}</a>${
        visit.user.role === "viewer" ? "" : html`<a class="button main" href="${visit.link("/schedule/edit")}">${w.edit}</a>`
      }`,
      body: html`${schedulePicture(visit, written)}
        <section><h2>${w.steps}</h2><ol class="steps">${written.steps.map(
          (
            step,
          ) => html`<li${step.enabled === false ? html` class="off"` : ""}><strong>${stepName(step.key, visit.language)}</strong> ${categoryBadge(visit, step.category)}
            ${step.enabled === false ? mark("quiet", w.off) : ""}<br><span class="quiet">${stepSentence(step, visit.language)}</span></li>`,
        )}</ol></section>
        <section><h2>${w.versions}</h2><ul class="lines">${versions.map(
          ({
            version,
            publishedAt,
          }) => html`<li><a href="${visit.link("/schedule/version", { number: String(version) })}">${w.version(version)}</a>
            <span class="quiet">${w.published} ${when(visit, publishedAt)}</span>${version === current.version ? html` ${mark("good", w.current)}` : ""}</li>`,
        )}</ul></section>`,
    });
  },
});
