import { html } from "hono/html";
import { includesRole } from "../../../core/token-role.ts";
import { type SourceHealth, sourcesOfShop } from "../../../store/source-health.ts";
import { mark } from "../parts/badge.ts";
import { emptyForm } from "../parts/form.ts";
import { dataTable } from "../parts/table.ts";
import { number, when } from "../parts/time.ts";
import { page, shopRoute } from "../route.ts";
import { connect, connectForm, handOver } from "./connect.ts";
import { healthMark, healthOf, nameOf } from "./health.ts";
import { sourceWords } from "./words.ts";

/** Do we hear of everything? */
export const sourceList = shopRoute({
  method: "get",
  path: "/sources",
  role: "viewer",
  section: "sources",
  async handle(visit) {
    const w = visit.say(sourceWords);
    const sources = await sourcesOfShop(visit.deps.db, visit.shop.id);
    const trouble = sources.filter((source) => ["trouble", "silent"].includes(healthOf(source, visit.now))).length;
    const mayConnect = includesRole(visit.user.role, "operator");
    const button = mayConnect ? html`<a class="button main" href="${visit.link("/sources/new")}">${w.connect}</a>` : html``;
    return page({
      title: w.title,
      sentence: w.sentence(sources.length, trouble),
      ...(sources.length > 0 ? { actions: button } : {}),
      body: dataTable<SourceHealth>(visit, {
        caption: w.title,
        rows: sources,
        keyOf: ({ id }) => id,
        hrefOf: ({ id }) => visit.link(`/sources/${id}`),
        next: null,
        empty: html`<p>${w.empty}</p><p>${button}</p>`,
        columns: [
          { key: "name", head: w.source, kind: "main", cell: nameOf },
          {
            key: "state",
            head: w.state,
            cell: (source) =>
              html`${healthMark(visit, source)} ${source.rotating ? mark("plain", w.rotating) : ""} ${source.augments === null ? "" : mark("plain", w.adds)}`,
          },
          {
            key: "last",
            head: w.last,
            kind: "when",
            cell: ({ lastDeliveryAt }) => (lastDeliveryAt === null ? w.never : when(visit, lastDeliveryAt)),
          },
          { key: "unread", head: w.unread, kind: "number", cell: ({ quarantined }) => number(visit, quarantined) },
          { key: "waiting", head: w.waiting, kind: "number", cell: ({ waiting }) => number(visit, waiting) },
        ],
      }),
    });
  },
});

export const newSource = shopRoute({
  method: "get",
  path: "/sources/new",
  role: "operator",
  section: "sources",
  async handle(visit) {
    const w = visit.say(sourceWords).new;
    return page({ title: w.title, sentence: w.sentence, body: await connectForm(visit, emptyForm, visit.link("/sources/new")) });
  },
});

export const makeSource = shopRoute({
  method: "post",
  path: "/sources/new",
  role: "operator",
  section: "sources",
  async handle(visit) {
    const w = visit.say(sourceWords);
    const done = await connect(visit);
    if (!done.ok) {
      const body = await connectForm(visit, done.filled, visit.link("/sources/new"));
      return page({ title: w.new.title, sentence: w.new.sentence, status: 422, body });
    }
    const { made } = done;
    return page({
      title: w.made.title(nameOf(made.source)),
      sentence: w.made.sentence,
      body: html`${handOver(visit, made)}<p><a class="button main" href="${visit.link(`/sources/${made.source.id}`)}">${w.made.next}</a></p>`,
    });
  },
});
