import { html } from "hono/html";
import { z } from "zod";
import { isId } from "../../../core/ids.ts";
import { taskResolutions, toDoOf } from "../../../core/task.ts";
import { findTask, listTasks, resolveTask, type Task } from "../../../store/tasks.ts";
import type { Html } from "../../html.ts";
import { emptyForm, readForm, selectField, textField } from "../parts/form.ts";
import { when } from "../parts/time.ts";
import { go, missing, page, type ShopVisit, shopRoute } from "../route.ts";
import { stepName } from "../words/steps.ts";
import { taskWords } from "./words.ts";

const pageSize = 50;

/** What buyers and the service ask of a person, each with its order. */
export const taskList = shopRoute({
  method: "get",
  path: "/tasks",
  role: "viewer",
  section: "tasks",
  async handle(visit) {
    const w = visit.say(taskWords);
    const state = visit.url.searchParams.get("show") === "resolved" ? "resolved" : "open";
    const cursor = visit.url.searchParams.get("cursor");
    const after = cursor !== null && isId(cursor) ? cursor : null;
    const found = await listTasks(visit.deps.db, { shopId: visit.shop.id, state, orderId: null, after, limit: pageSize + 1 });
    const tasks = found.slice(0, pageSize);
    const more = found.length > pageSize;
    return page({
      title: w.title,
      sentence: state === "open" ? w.sentence(tasks.length, more || after !== null) : w.resolvedSentence,
      body: html`<nav class="tabs" aria-label="${w.tabsLabel}">${(["open", "resolved"] as const).map(
        (one) =>
          html`<a href="${visit.here({ show: one === "open" ? null : one, cursor: null })}"${one === state ? html` aria-current="page"` : ""}>${w.tabs[one]}</a>`,
      )}</nav>
      ${
        tasks.length === 0
          ? html`<div class="empty"><p>${state === "open" ? w.empty : w.emptyResolved}</p></div>`
          : html`<ul class="tasks">${tasks.map((task) => taskItem(visit, task))}</ul>`
      }
      ${more ? html`<nav class="pager"><a class="button" rel="next" href="${visit.here({ cursor: tasks.at(-1)?.id ?? null })}">→</a></nav>` : ""}`,
    });
  },
});

/** Resolves one; what the buyer was paused for goes on. */
export const taskResolve = shopRoute({
  method: "post",
  path: "/tasks/:id/resolve",
  role: "operator",
  section: "tasks",
  async handle(visit) {
    const task = await findTask(visit.deps.db, visit.params["id"] ?? "");
    if (task === null || task.shopId !== visit.shop.id) return missing();
    const w = visit.say(taskWords);
    const reading = readForm(visit, z.object({ resolution: z.enum(taskResolutions), note: z.string().max(2_000).optional() }));
    if (!reading.ok) return go(visit.link("/tasks"), { text: Object.values(reading.errors)[0] ?? "" });
    const { resolution, note = null } = reading.value;
    const resolved = await visit.change(async (trx) => {
      const done = await resolveTask(trx, { id: task.id, resolution, note }, visit.now);
      return {
        entry: done ? { shopId: visit.shop.id, action: "task.resolved", subject: task.id, after: { resolution, note } } : null,
        result: done,
      };
    });
    if (resolved) await visit.deps.planNow([task.orderId]);
    return go(visit.link("/tasks"), { text: resolved ? w.resolved : w.already });
  },
});

function taskItem(visit: ShopVisit, task: Task): Html {
  const w = visit.say(taskWords);
  const { choice, words, answerBy, messageId, resolution, note, resolvedAt } = task;
  const chosen = choice === null ? "" : ` ${w.choices[choice] ?? choice}`;
  const step = task.step === null ? "" : ` · ${stepName(task.step, visit.language)}`;
  return html`<li class="task"><div class="task-head">
      <h2>${w.kinds[task.kind]}${chosen}</h2>
      <p class="quiet"><a href="${visit.link(`/orders/${task.orderId}`)}">${task.orderNumber === null ? task.orderId : w.order(task.orderNumber)}</a>${step} · ${w.opened} ${when(visit, task.openedAt)}
        ${answerBy === null ? "" : html` · <strong>${w.answerBy(answerBy)}</strong>`}${messageId === null ? "" : html` · <a href="${visit.link(`/messages/${messageId}`)}">${w.seeMail}</a>`}</p>
    </div>
    ${visit.language === "en" ? html`<p>${toDoOf(task)}</p>` : ""}
    ${words === null ? "" : html`<blockquote><p class="small">${w.buyerWrote}</p><p class="said">${words}</p></blockquote>`}
    ${
      task.state === "resolved"
        ? html`<p>${resolution === null ? "" : w.resolutions[resolution]}${note === null ? "" : html`: ${note}`} ${resolvedAt === null ? "" : html`<span class="quiet">${when(visit, resolvedAt)}</span>`}</p>`
        : visit.user.role === "viewer"
          ? ""
          : html`<details class="resolve"><summary class="button">${w.resolve}</summary><form method="post" action="${visit.link(`/tasks/${task.id}/resolve`)}">${visit.formFields()}
            ${selectField(emptyForm, { name: "resolution", label: w.resolution, options: taskResolutions.map((value) => ({ value, label: w.resolutions[value] })) })}
            ${textField(emptyForm, { name: "note", label: w.note, hint: w.noteHint, rows: 2 })}
            <button class="button main">${w.resolve}</button></form></details>`
    }</li>`;
}
