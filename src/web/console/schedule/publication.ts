import { html } from "hono/html";
import { parseSchedule } from "../../../core/schedule.ts";
import { diffSchedules } from "../../../core/schedule-diff.ts";
import { currentSchedule } from "../../../store/schedules.ts";
import { publishAndPlan, publishOnly } from "../../publishing.ts";
import { choiceField, emptyForm } from "../parts/form.ts";
import { isLong, planAnew } from "../replan.ts";
import { go, missing, page, shopRoute } from "../route.ts";
import { diffView, readDraft } from "./edit.ts";
import { effectOf } from "./effect.ts";
import { draftFields } from "./simulation.ts";
import { scheduleWords } from "./words.ts";

/** Asks once before publishing: what changes, and what becomes of queued mail either way. */
export const askPublication = shopRoute({
  method: "post",
  path: "/schedule/publication",
  role: "operator",
  section: "schedule",
  async handle(visit) {
    const current = await currentSchedule(visit.deps.db, visit.shop.id);
    const before = parseSchedule(current?.schedule ?? null);
    const draft = await readDraft(visit, visit.form);
    if (current === null || !before.ok || !draft.ok) return missing();
    const w = visit.say(scheduleWords);
    const { added, moved, cancelled, orders } = await effectOf(visit, draft.schedule);
    const moves = `${w.draft.moves(added, moved, cancelled)} ${w.draft.movesOf(orders)}`;
    return page({
      title: w.publish.title,
      sentence: w.publish.sentence(current.version + 1),
      crumbs: [{ name: w.title, href: visit.link("/schedule") }],
      body: html`${diffView(visit, before.written, draft.written)}
        <form method="post" action="${visit.link("/schedule/publish")}">${visit.formFields()}${draftFields(visit)}
          ${choiceField(emptyForm, {
            name: "queued",
            label: w.publish.queued,
            value: "retime",
            options: [
              { value: "retime", label: w.publish.retime, hint: w.publish.retimeHint(moves) },
              { value: "keep", label: w.publish.keep, hint: w.publish.keepHint },
            ],
          })}
          <p class="acts"><button class="button" formaction="${visit.link("/schedule/edit")}">${w.simulation.back}</button><button class="button main">${w.publish.do}</button></p></form>`,
    });
  },
});

/** Publishes the draft; with re-timing the answer comes when all open orders are planned anew, or leads to where that goes on. */
export const publishDraft = shopRoute({
  method: "post",
  path: "/schedule/publish",
  role: "operator",
  section: "schedule",
  async handle(visit) {
    const current = await currentSchedule(visit.deps.db, visit.shop.id);
    const before = parseSchedule(current?.schedule ?? null);
    const draft = await readDraft(visit, visit.form);
    if (current === null || !before.ok || !draft.ok) return missing();
    const w = visit.say(scheduleWords);
    const queued = visit.form.get("queued") === "retime" ? "retime" : "keep";
    const long = queued === "retime" && (await isLong(visit));
    const published = long
      ? await publishOnly(visit.deps, visit.shop.id, draft, queued)
      : await publishAndPlan(visit.deps, visit.shop.id, draft, queued);
    if (published === null) return missing();
    const version = typeof published === "number" ? published : published.version;
    const { same: _, ...changes } = diffSchedules(before.written, draft.written);
    await visit.change(async () => ({
      entry: {
        shopId: visit.shop.id,
        action: "schedule.published",
        before: { version: current.version },
        after: { version, queued, changes },
      },
      result: undefined,
    }));
    if (typeof published === "number")
      return planAnew(visit, "schedule.published", visit.link("/schedule"), { text: w.publish.doneLater(version) });
    const { added, retimed, cancelled } = published;
    const text = queued === "retime" ? w.publish.done(version, added, retimed, cancelled) : w.publish.doneKept(version);
    return go(visit.link("/schedule"), { text });
  },
});
