import { html } from "hono/html";
import { parseSchedule } from "../../../core/schedule.ts";
import { findSchedule } from "../../../store/schedules.ts";
import { when } from "../parts/time.ts";
import { missing, page, shopRoute } from "../route.ts";
import { diffView } from "./edit.ts";
import { schedulePicture } from "./picture.ts";
import { scheduleWords } from "./words.ts";

/** One version: what it changed, and the way back to it. */
export const versionPage = shopRoute({
  method: "get",
  path: "/schedule/version",
  role: "viewer",
  section: "schedule",
  async handle(visit) {
    const asked = Number(visit.url.searchParams.get("number"));
    const w = visit.say(scheduleWords);
    const stored = Number.isInteger(asked) && asked > 0 ? await findSchedule(visit.deps.db, visit.shop.id, asked) : null;
    const parsed = parseSchedule(stored?.schedule ?? null);
    if (stored === null || !parsed.ok) return missing();
    const before = parseSchedule((await findSchedule(visit.deps.db, visit.shop.id, asked - 1))?.schedule ?? null);
    return page({
      title: w.version(asked),
      sentence: w.old.sentence(asked),
      crumbs: [{ name: w.title, href: visit.link("/schedule") }],
      actions:
        visit.user.role === "viewer"
          ? html``
          : html`<a class="button" href="${visit.link("/schedule/edit", { from: String(asked) })}" title="${w.old.restoreHint}">${w.old.restore}</a>`,
      body: html`<p class="facts-line">${w.published} ${when(visit, stored.publishedAt, { exact: true })}</p>
        ${before.ok ? diffView(visit, before.written, parsed.written) : html`<p class="quiet">${w.old.first}</p>`}
        ${schedulePicture(visit, parsed.written)}`,
    });
  },
});
