import { randomBytes } from "node:crypto";
import { html } from "hono/html";
import { z } from "zod";
import { newId } from "../../../core/ids.ts";
import { seal } from "../../../core/keys.ts";
import { includesRole } from "../../../core/token-role.ts";
import type { Platform } from "../../../sources/adapter.ts";
import { listQuarantine, type QuarantinedDelivery, retryQuarantined } from "../../../store/quarantine.ts";
import { type SourceHealth, sourcesOfShop } from "../../../store/source-health.ts";
import { dropOldSecret, findSource, rotateSecret } from "../../../store/sources.ts";
import { testRequest } from "../../api/source-tests.ts";
import type { Html } from "../../html.ts";
import { chooseSecret, secretField } from "../../source-secret.ts";
import { actButton, confirmButton, copyField } from "../parts/act.ts";
import { emptyForm, type Filled, readForm, textField } from "../parts/form.ts";
import { pageOf } from "../parts/paging.ts";
import { dataTable } from "../parts/table.ts";
import { number, relative, when } from "../parts/time.ts";
import { go, missing, page, type Reply, type ShopVisit, shopRoute } from "../route.ts";
import { fieldErrorIn } from "../words/field-errors.ts";
import { handOver, hookUrl, stepsFor } from "./connect.ts";
import { healthMark, healthOf, nameOf } from "./health.ts";
import { sourceWords } from "./words.ts";

const section = "sources";
/** Read again at one click; more are read at the next. */
const mostRetried = 1_000;

/** One source: how it is, what it could not use, its secrets. */
export const sourcePage = shopRoute({
  method: "get",
  path: "/sources/:id",
  role: "viewer",
  section,
  handle: (visit) => show(visit, emptyForm),
});

export const rotate = shopRoute({
  method: "post",
  path: "/sources/:id/rotate-secret",
  role: "operator",
  section,
  async handle(visit) {
    const source = await ofShop(visit);
    if (source === null) return missing();
    const read = readForm(visit, z.object({ secret: secretField.optional() }));
    if (!read.ok) return show(visit, read);
    const given = read.value.secret ?? (source.platform === "woocommerce" ? randomBytes(32).toString("hex") : null);
    const secret = chooseSecret(source.platform as Platform, given);
    if (!secret.ok) {
      const detail = fieldErrorIn(visit.language, secret.error.detail.replace(/^secret: /, ""));
      return show(visit, { values: Object.fromEntries(visit.form), errors: { secret: detail } });
    }
    const rotated = await visit.change(async (trx) => ({
      entry: { shopId: visit.shop.id, action: "source.secret-rotated", subject: source.id },
      result: await rotateSecret(trx, source.id, seal(visit.deps.keys, secret.value)),
    }));
    visit.sources.forget(source.id);
    if (rotated === null) return missing();
    const w = visit.say(sourceWords);
    return page({
      title: nameOf(source),
      sentence: w.made.sentence,
      body: html`${handOver(visit, { source: rotated, secret: secret.value, switched: null })}
        <p><a class="button main" href="${visit.link(`/sources/${source.id}`)}">${w.made.next}</a></p>`,
    });
  },
});

export const dropSecret = shopRoute({
  method: "post",
  path: "/sources/:id/old-secret",
  role: "operator",
  section,
  async handle(visit) {
    const source = await ofShop(visit);
    if (source === null) return missing();
    await visit.change(async (trx) => ({
      entry: { shopId: visit.shop.id, action: "source.old-secret-deleted", subject: source.id },
      result: await dropOldSecret(trx, source.id),
    }));
    visit.sources.forget(source.id);
    return go(visit.link(`/sources/${source.id}`), { text: visit.say(sourceWords).detail.dropped });
  },
});

/** Sends a signed test through the whole door, as the platform would, but for the network. */
export const testSource = shopRoute({
  method: "post",
  path: "/sources/:id/test",
  role: "operator",
  section,
  async handle(visit) {
    const source = await ofShop(visit);
    const hook = source === null ? null : await visit.sources.reload(source.id);
    if (source === null || hook === null) return missing();
    const { headers, body } = testRequest(hook, newId(visit.now), visit.now);
    const { status } = await visit.ask(`/hooks/${source.id}`, { method: "POST", headers, body: new Uint8Array(body) });
    const w = visit.say(sourceWords).detail;
    const back = visit.form.get("from") === "first-run" ? visit.link("/first-run") : visit.link(`/sources/${source.id}`);
    return go(back, { text: status === 202 ? w.testTaken : w.testRefused(status) });
  },
});

export const retryAll = shopRoute({
  method: "post",
  path: "/sources/:id/retry",
  role: "operator",
  section,
  async handle(visit) {
    const source = await ofShop(visit);
    if (source === null) return missing();
    const count = await visit.change(async (trx) => {
      const result = await retryQuarantined(trx, source.id, mostRetried);
      const entry =
        result === 0 ? null : { shopId: visit.shop.id, action: "delivery.retried", subject: source.id, after: { count: result } };
      return { entry, result };
    });
    visit.deps.wake("take-in");
    return go(visit.link(`/sources/${source.id}`), { text: visit.say(sourceWords).detail.retried(number(visit, count)) });
  },
});

async function show(visit: ShopVisit, secret: Filled): Promise<Reply> {
  const { db } = visit.deps;
  const source = (await sourcesOfShop(db, visit.shop.id)).find(({ id }) => id === visit.params["id"]);
  if (source === undefined) return missing();
  const { rows, next } = await pageOf(visit, (wanted) => listQuarantine(db, source.id, wanted));
  const w = visit.say(sourceWords);
  const acts = includesRole(visit.user.role, "operator");
  const health = healthOf(source, visit.now);
  const ago = source.lastDeliveryAt === null ? "" : relative(visit, source.lastDeliveryAt);
  const sentence = {
    well: w.detail.sentence.well(ago),
    silent: w.detail.sentence.silent(ago),
    fresh: w.detail.sentence.fresh,
    trouble: w.detail.sentence.trouble(number(visit, source.quarantined)),
  }[health];
  return page({
    title: nameOf(source),
    sentence,
    status: Object.keys(secret.errors).length === 0 ? 200 : 422,
    ...(acts ? { actions: actButton(visit, { action: visit.link(`/sources/${source.id}/test`), label: w.detail.test }) } : {}),
    body: html`${quarantine(visit, source, rows, next, acts)}${connection(visit, source, secret, acts)}`,
  });
}

function quarantine(
  visit: ShopVisit,
  source: SourceHealth,
  rows: readonly QuarantinedDelivery[],
  next: string | null,
  acts: boolean,
): Html {
  const w = visit.say(sourceWords).detail;
  const retry =
    acts && source.quarantined > 0
      ? confirmButton(visit, {
          action: visit.link(`/sources/${source.id}/retry`),
          label: w.retryAll,
          tone: "main",
          question: w.retryAllQuestion,
          confirm: w.retryAllConfirm(number(visit, Math.min(mostRetried, source.quarantined))),
        })
      : "";
  return html`<section aria-labelledby="quarantine"><div class="head"><h2 id="quarantine">${w.quarantine}</h2>${retry}</div>
    ${dataTable(visit, {
      caption: w.quarantine,
      rows,
      keyOf: ({ id }) => id,
      hrefOf: ({ id }) => visit.link(`/deliveries/${id}`),
      next,
      empty: html`<p>${w.quarantineEmpty}</p>`,
      columns: [
        { key: "received", head: w.received, kind: "when", cell: ({ receivedAt }) => when(visit, receivedAt) },
        { key: "topic", head: w.topic, kind: "main", cell: ({ topic }) => topic || "–" },
        { key: "state", head: visit.say(sourceWords).state, cell: ({ state }) => w.states[state] },
        {
          key: "reason",
          head: w.reason,
          cell: ({ reason, pointer }) => html`${pointer === null || pointer === "" ? "" : html`<code>${pointer}</code> `}${reason}`,
        },
      ],
    })}</section>`;
}

function connection(visit: ShopVisit, source: SourceHealth, secret: Filled, acts: boolean): Html {
  const w = visit.say(sourceWords);
  const here = `/sources/${source.id}`;
  return html`<section aria-labelledby="connection"><h2 id="connection">${w.detail.connection}</h2>
    <dl class="pairs"><dt>${w.state}</dt><dd>${healthMark(visit, source)}</dd><dt>${w.detail.made}</dt><dd>${when(visit, source.createdAt)}</dd></dl>
    <div class="narrow">${copyField(visit, { id: "hook-url", label: w.made.url, value: hookUrl(visit, source.id) })}</div>
    ${
      acts
        ? html`<p class="quiet">${w.detail.secretHelp}</p>
    <details class="unfold"${Object.keys(secret.errors).length > 0 ? html` open` : ""}><summary>${w.detail.rotate}</summary>
      <form method="post" action="${visit.link(`${here}/rotate-secret`)}" class="stack narrow">${visit.formFields()}
        ${textField(secret, { name: "secret", label: w.detail.ownSecret, hint: w.detail.rotateNote, autocomplete: "off" })}
        <div><button class="button">${w.detail.rotate.replace("…", "")}</button></div></form></details>
    ${
      source.rotating
        ? confirmButton(visit, {
            action: visit.link(`${here}/old-secret`),
            label: w.detail.drop,
            tone: "danger",
            question: w.detail.dropQuestion,
            confirm: w.detail.dropConfirm,
          })
        : ""
    }`
        : ""
    }
    <details class="unfold"><summary>${w.detail.steps}</summary>${stepsFor(visit, source.platform)}</details></section>`;
}

/** The source in the address, if it is one of this shop. */
async function ofShop(visit: ShopVisit) {
  const source = await findSource(visit.deps.db, visit.params["id"] ?? "");
  return source?.shopId === visit.shop.id ? source : null;
}
