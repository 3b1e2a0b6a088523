import { html } from "hono/html";
import { z } from "zod";
import { defaultCheckInDays, laneKeys, transitRanges } from "../../../core/data/transit-lanes.ts";
import { includesRole } from "../../../core/token-role.ts";
import { bareName } from "../../../core/transit.ts";
import type { TransitLane } from "../../../core/transit-lanes.ts";
import { shopCalendars, writeTransitLanes } from "../../../store/shop-calendars.ts";
import * as field from "../../api/fields.ts";
import type { Html } from "../../html.ts";
import { confirmButton } from "../parts/act.ts";
import { emptyForm, type Filled, formErrors, readForm, selectField, textField } from "../parts/form.ts";
import { planAnew } from "../replan.ts";
import { page, type Reply, type ShopVisit, shopRoute } from "../route.ts";
import { effectOn } from "../schedule/effect.ts";
import { settingsTabs } from "./tabs.ts";
import { transitWords } from "./transit-words.ts";
import { settingsWords } from "./words.ts";

/** How long parcels take: the shop's own entries, and what is usual beside them. */
export const transitPage = shopRoute({
  method: "get",
  path: "/settings/transit",
  role: "viewer",
  section: "settings",
  async handle(visit) {
    const own = await lanesOf(visit);
    const edited = own.find((lane) => keyOf(lane) === visit.url.searchParams.get("entry"));
    return show(visit, own, edited === undefined ? emptyForm : { values: valuesOf(edited), errors: {} });
  },
});

/** Says what an entry would move before anything is saved. */
export const checkTransit = shopRoute({
  method: "post",
  path: "/settings/transit/check",
  role: "operator",
  section: "settings",
  async handle(visit) {
    const own = await lanesOf(visit);
    const read = readEntry(visit, own);
    if (!read.ok) return show(visit, own, read);
    const lanes = [...read.value.others, read.value.lane];
    const { moved, added, cancelled, orders } = await effectOn(visit, ({ calendar }) => ({ calendar: { ...calendar, lanes } }));
    const w = visit.say(transitWords);
    const back = visit.link("/settings/transit", read.value.was === undefined ? {} : { entry: read.value.was });
    return page({
      title: visit.say(settingsWords).tabs.transit,
      sentence: w.effect(moved, added, cancelled),
      crumbs: [{ name: visit.say(settingsWords).tabs.transit, href: visit.link("/settings/transit") }],
      body: html`<p class="quiet">${w.effectOf(orders)}</p>${table(visit, [read.value.lane], false)}
        <form method="post" action="${visit.link("/settings/transit")}" class="acts">${visit.formFields()}${hidden({ ...valuesOf(read.value.lane), ...(read.value.was === undefined ? {} : { was: read.value.was }) })}
          <a class="button" href="${back}">${w.back}</a><button class="button main">${w.save}</button></form>`,
    });
  },
});

export const saveTransit = shopRoute({
  method: "post",
  path: "/settings/transit",
  role: "operator",
  section: "settings",
  async handle(visit) {
    const own = await lanesOf(visit);
    const read = readEntry(visit, own);
    if (!read.ok) return show(visit, own, read);
    return write(visit, own, [...read.value.others, read.value.lane], visit.say(transitWords).saved);
  },
});

export const removeTransit = shopRoute({
  method: "post",
  path: "/settings/transit/remove",
  role: "operator",
  section: "settings",
  async handle(visit) {
    const own = await lanesOf(visit);
    const gone = own.find((lane) => keyOf(lane) === visit.form.get("entry"));
    const rest = own.filter((lane) => lane !== gone);
    const undo = gone === undefined ? null : { action: visit.link("/settings/transit"), fields: valuesOf(gone) };
    return write(visit, own, rest, visit.say(transitWords).removed, undo);
  },
});

async function lanesOf({ deps, shop }: ShopVisit): Promise<readonly TransitLane[]> {
  return (await shopCalendars(deps.db, [shop.id])).get(shop.id)?.lanes ?? [];
}

async function write(
  visit: ShopVisit,
  before: readonly TransitLane[],
  lanes: readonly TransitLane[],
  text: string,
  undo: { readonly action: string; readonly fields: Readonly<Record<string, string>> } | null = null,
): Promise<Reply> {
  await visit.change(async (trx) => {
    await writeTransitLanes(trx, visit.shop.id, lanes);
    return {
      entry: { shopId: visit.shop.id, action: "transit-lanes.changed", before: { lanes: before }, after: { lanes } },
      result: undefined,
    };
  });
  return planAnew(visit, "transit-lanes.changed", visit.link("/settings/transit"), { text, ...(undo === null ? {} : { undo }) });
}

const count = z
  .string()
  .regex(/^\d{1,3}$/, "is not a whole number of days")
  .transform(Number)
  .refine((days) => days <= 365, "is more than 365");

/** The entry that was filled in, and those that stay beside it. */
function readEntry(visit: ShopVisit, own: readonly TransitLane[]) {
  const w = visit.say(transitWords);
  const schema = z
    .object({
      was: z.string().optional(),
      service: field.line(80).optional(),
      lane: z.enum(laneKeys).optional(),
      destination: z
        .string()
        .transform((text) => text.trim().toUpperCase())
        .pipe(field.country)
        .optional(),
      unit: z.enum(["days", "businessDays"]),
      earliest: count,
      latest: count,
      checkInDays: count.optional(),
    })
    .refine(({ service, lane }) => (service === undefined) !== (lane === undefined), { path: ["service"], message: w.one })
    .refine(({ earliest, latest }) => latest >= earliest, { path: ["latest"], message: w.order })
    .transform(({ was, service = null, lane = null, destination = null, checkInDays = null, ...rest }) => ({
      was,
      lane: { service, lane, destination, checkInDays, ...rest } satisfies TransitLane,
      others: own.filter((one) => keyOf(one) !== was),
    }))
    .refine(({ lane, others }) => !others.some((one) => keyOf(one) === keyOf(lane)), { path: ["service"], message: w.twice });
  return readForm(visit, schema);
}

/** What an entry is for: there is one for the same parcels only. */
function keyOf({ service, lane, destination }: TransitLane): string {
  return `${service === null ? `lane ${lane}` : `service ${bareName(service)}`} ${destination ?? ""}`.trim();
}

function valuesOf(lane: TransitLane): Readonly<Record<string, string>> {
  const { service, lane: kind, destination, unit, earliest, latest, checkInDays } = lane;
  return {
    ...(service === null ? {} : { service }),
    ...(kind === null ? {} : { lane: kind }),
    ...(destination === null ? {} : { destination }),
    ...(checkInDays === null ? {} : { checkInDays: String(checkInDays) }),
    unit,
    earliest: String(earliest),
    latest: String(latest),
  };
}

function show(visit: ShopVisit, own: readonly TransitLane[], filled: Filled): Reply {
  const w = visit.say(transitWords);
  const acts = includesRole(visit.user.role, "operator");
  const usual = laneKeys.map(
    (lane): TransitLane => ({ service: null, lane, destination: null, ...transitRanges[lane], checkInDays: defaultCheckInDays[lane] }),
  );
  return page({
    title: visit.say(settingsWords).tabs.transit,
    sentence: w.sentence(own.length),
    status: Object.keys(filled.errors).length === 0 ? 200 : 422,
    body: html`${settingsTabs(visit, "transit")}<p class="quiet">${w.help}</p>
      <section><h2>${w.own}</h2>${own.length === 0 ? html`<p class="quiet">${w.none}</p>` : table(visit, own, acts)}</section>
      ${acts ? entryForm(visit, filled) : ""}
      <section><h2>${w.usual}</h2>${table(visit, usual, false)}</section>`,
  });
}

function table(visit: ShopVisit, lanes: readonly TransitLane[], acts: boolean): Html {
  const w = visit.say(transitWords);
  const { what, to, takes, checkIn } = w.columns;
  return html`<div class="wide"><table class="data"><thead><tr><th scope="col">${what}</th><th scope="col">${to}</th><th scope="col">${takes}</th><th scope="col">${checkIn}</th>${acts ? html`<th scope="col" class="c-acts">${w.edit}</th>` : ""}</tr></thead>
    <tbody>${lanes.map(
      (
        lane,
      ) => html`<tr><td class="main"><strong>${lane.service ?? w.lanes[lane.lane ?? "unknown"]}</strong></td><td data-head="${to}">${lane.destination ?? w.anywhere}</td>
        <td data-head="${takes}">${w.takes(lane.earliest, lane.latest, lane.unit)}</td><td data-head="${checkIn}">${w.checkIn(lane.checkInDays)}</td>${acts ? html`<td class="c-acts">${entryActs(visit, lane)}</td>` : ""}</tr>`,
    )}</tbody></table></div>`;
}

function entryActs(visit: ShopVisit, lane: TransitLane): Html {
  const w = visit.say(transitWords);
  const entry = keyOf(lane);
  const remove = { action: visit.link("/settings/transit/remove"), fields: { entry }, question: w.removeQuestion, tone: "danger" as const };
  return html`<span class="acts"><a class="button" href="${visit.link("/settings/transit", { entry })}#entry">${w.edit}</a> ${confirmButton(visit, { ...remove, label: w.remove, confirm: w.remove })}</span>`;
}

function entryForm(visit: ShopVisit, filled: Filled): Html {
  const w = visit.say(transitWords);
  const was = filled.values["was"] ?? visit.url.searchParams.get("entry");
  const lanes = laneKeys.map((value) => ({ value, label: w.lanes[value] }));
  const units = (["days", "businessDays"] as const).map((value) => ({ value, label: w.units[value] }));
  return html`<section aria-labelledby="entry"><h2 id="entry">${was === null ? w.add : w.editing}</h2>${formErrors(visit, filled)}
    <form method="post" action="${visit.link("/settings/transit/check")}" class="stack two">${visit.formFields()}${was === null ? "" : hidden({ was })}
      ${textField(filled, { name: "service", label: w.service, hint: w.serviceHint })}
      ${selectField(filled, { name: "lane", label: w.lane, options: [{ value: "", label: w.noLane }, ...lanes] })}
      ${textField(filled, { name: "destination", label: w.destination, hint: w.destinationHint })}
      ${selectField(filled, { name: "unit", label: w.unit, value: "days", options: units })}
      ${textField(filled, { name: "earliest", label: w.earliest, type: "number", required: true })}
      ${textField(filled, { name: "latest", label: w.latest, type: "number", required: true })}
      ${textField(filled, { name: "checkInDays", label: w.checkInDays, type: "number", hint: w.checkInHint })}
      <p class="all"><button class="button main">${w.see}</button></p></form></section>`;
}

function hidden(fields: Readonly<Record<string, string>>): readonly Html[] {
  return Object.entries(fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`);
}
