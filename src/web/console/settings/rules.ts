import { html } from "hono/html";
import { z } from "zod";
import { addDays, formatCivilDay, parseCivilDay } from "../../../core/civil-day.ts";
import { localDay, startOfDay } from "../../../core/local-time.ts";
import { wantsConsent } from "../../../core/permit.ts";
import { parseSchedule } from "../../../core/schedule.ts";
import { includesRole } from "../../../core/token-role.ts";
import { countConsents } from "../../../store/consents.ts";
import { currentSchedule } from "../../../store/schedules.ts";
import { mainDestinations } from "../../../store/shop-calendars.ts";
import type { ShopChange } from "../../../store/shops.ts";
import * as field from "../../api/fields.ts";
import type { Html } from "../../html.ts";
import { emptyForm, type Filled, formErrors, readForm, textField } from "../parts/form.ts";
import { number, shortDay } from "../parts/time.ts";
import { page, type Reply, type ShopVisit, shopRoute } from "../route.ts";
import { windowText } from "../schedule/sentence.ts";
import { stepName } from "../words/steps.ts";
import { rulesWords } from "./rules-words.ts";
import { saveAndGo } from "./shop.ts";
import { settingsTabs } from "./tabs.ts";
import { settingsWords } from "./words.ts";

const destinations = 12;

/** How often, at which hours and whom the shop may write. */
export const rulesPage = shopRoute({
  method: "get",
  path: "/settings/rules",
  role: "viewer",
  section: "settings",
  handle: (visit) => show(visit, emptyForm),
});

export const saveCaps = shopRoute({
  method: "post",
  path: "/settings/rules/caps",
  role: "operator",
  section: "settings",
  async handle(visit) {
    const schema = z.object({ daysBetweenAsks: whole(90), mailsPerDay: whole(10) });
    const read = readForm(visit, schema);
    return read.ok ? save(visit, { caps: read.value }) : show(visit, read);
  },
});

export const saveNotice = shopRoute({
  method: "post",
  path: "/settings/rules/notice",
  role: "operator",
  section: "settings",
  async handle(visit) {
    const { now, shop } = visit;
    const w = visit.say(rulesWords);
    const schema = z
      .object({ text: field.lines(2_000).optional(), since: field.day.optional() })
      .refine(({ since }) => since === undefined || since <= today(visit), { path: ["since"], message: w.noticeAhead })
      .transform(({ text, since }) => {
        const day = parseCivilDay(since ?? today(visit));
        return text === undefined ? null : { text, since: day === null ? now : startOfDay(shop.timeZone, day) };
      });
    const read = readForm(visit, schema);
    return read.ok ? save(visit, { customerNotice: read.value }) : show(visit, read);
  },
});

function save(visit: ShopVisit, change: ShopChange): Promise<Reply> {
  return saveAndGo(visit, change, "/settings/rules", visit.say(rulesWords).saved);
}

function whole(most: number) {
  const message = `must be a number from 1 to ${most}`;
  return z
    .string()
    .regex(/^\d{1,3}$/, message)
    .transform(Number)
    .refine((value) => value >= 1 && value <= most, message);
}

function today({ shop, now }: ShopVisit): string {
  return formatCivilDay(addDays(localDay(shop.timeZone, now), 0));
}

async function show(visit: ShopVisit, filled: Filled): Promise<Reply> {
  const w = visit.say(rulesWords);
  const { deps, shop } = visit;
  const acts = includesRole(visit.user.role, "operator");
  const [main, consents, schedule] = await Promise.all([
    mainDestinations(deps.db, shop.id, destinations),
    countConsents(deps.db, shop.id),
    currentSchedule(deps.db, shop.id),
  ]);
  const { daysBetweenAsks, mailsPerDay } = shop.caps;
  return page({
    title: visit.say(settingsWords).tabs.rules,
    sentence: w.sentence(daysBetweenAsks, mailsPerDay),
    status: Object.keys(filled.errors).length === 0 ? 200 : 422,
    body: html`${settingsTabs(visit, "rules")}${formErrors(visit, filled)}
      <section><h2>${w.caps}</h2><p class="quiet">${w.capsHelp}</p>${acts ? capsForm(visit, filled) : ""}</section>
      <section><h2>${w.hours}</h2><p class="quiet">${w.hoursHelp} <a href="${visit.link(acts ? "/schedule/edit" : "/schedule")}">${w.hoursEdit}</a></p>${hours(visit, schedule?.schedule ?? null)}</section>
      <section><h2>${w.consent}</h2><p class="quiet">${w.consentHelp}</p>${laws(visit, main)}
        <p>${w.stored(number(visit, consents.review), number(visit, consents.offer), number(visit, consents.withdrawn))} <span class="quiet">${w.storedHelp}</span></p></section>
      <section><h2>${w.notice}</h2><p class="quiet">${w.noticeHelp}</p>${acts ? noticeForm(visit, filled) : html`<p>${shop.customerNotice?.text ?? "–"}</p>`}</section>`,
  });
}

function capsForm(visit: ShopVisit, filled: Filled): Html {
  const w = visit.say(rulesWords);
  const { daysBetweenAsks, mailsPerDay } = visit.shop.caps;
  return html`<form method="post" action="${visit.link("/settings/rules/caps")}" class="stack two">${visit.formFields()}
    ${textField(filled, { name: "daysBetweenAsks", label: w.daysBetweenAsks, type: "number", value: String(daysBetweenAsks), hint: w.daysHint, required: true })}
    ${textField(filled, { name: "mailsPerDay", label: w.mailsPerDay, type: "number", value: String(mailsPerDay), hint: w.perDayHint, required: true })}
    <p class="all"><button class="button main">${w.save}</button></p></form>`;
}

/** Steps by their window, the windows in the order in which the schedule first has them. */
function hours(visit: ShopVisit, schedule: unknown): Html | "" {
  const parsed = parseSchedule(schedule);
  if (!parsed.ok) return "";
  const steps = new Map<string, string[]>();
  for (const step of parsed.written.steps) {
    if (step.enabled === false) continue;
    const window = windowText(step, visit.language);
    steps.set(window, [...(steps.get(window) ?? []), stepName(step.key, visit.language)]);
  }
  return html`<dl class="pairs wide-terms">${[...steps].map(([window, names]) => html`<dt>${window}</dt><dd>${new Intl.ListFormat(visit.language, { type: "unit" }).format(names)}</dd>`)}</dl>`;
}

/** What the law says where most buyers live, and wherever it is stricter. */
function laws(visit: ShopVisit, main: readonly { readonly country: string; readonly orders: number }[]): Html {
  const w = visit.say(rulesWords);
  const { customerNotice } = visit.shop;
  const names = new Intl.DisplayNames(visit.language, { type: "region" });
  const strict = ["DE", "AT"].filter((country) => !main.some((one) => one.country === country)).map((country) => ({ country, orders: 0 }));
  const day = customerNotice === null ? null : formatCivilDay(localDay(visit.shop.timeZone, customerNotice.since));
  const here = (wanted: boolean, known: boolean) =>
    !wanted
      ? w.goes
      : day !== null && known
        ? w.consentOrNotice(shortDay(visit, day, { day: "numeric", month: "short", year: "numeric" }))
        : w.onlyConsent;
  const law = (country: string) => (!wantsConsent(country) ? w.after : country === "AT" ? w.beforeAustria : w.before);
  const rows = [
    ...[...main, ...strict].map(({ country, orders }) => ({
      name: names.of(country) ?? country,
      law: law(country),
      here: here(wantsConsent(country), true),
      orders,
    })),
    { name: w.unknown, law: w.strictest, here: here(true, false), orders: 0 },
  ];
  const { country, law: says, here: then, orders } = w.columns;
  return html`<div class="wide"><table class="data"><thead><tr><th scope="col">${country}</th><th scope="col">${says}</th><th scope="col">${then}</th><th scope="col" class="number">${orders}</th></tr></thead>
    <tbody>${rows.map((row) => html`<tr><td class="main"><strong>${row.name}</strong></td><td data-head="${says}">${row.law}</td><td data-head="${then}">${row.here}</td><td class="number" data-head="${orders}">${row.orders === 0 ? "–" : number(visit, row.orders)}</td></tr>`)}</tbody></table></div>`;
}

function noticeForm(visit: ShopVisit, filled: Filled): Html {
  const w = visit.say(rulesWords);
  const { customerNotice, timeZone } = visit.shop;
  const since = customerNotice === null ? "" : formatCivilDay(localDay(timeZone, customerNotice.since));
  return html`<form method="post" action="${visit.link("/settings/rules/notice")}" class="stack narrow">${visit.formFields()}
    ${textField(filled, { name: "text", label: w.noticeText, rows: 3, value: customerNotice?.text ?? "", hint: w.noticeTextHint })}
    ${textField(filled, { name: "since", label: w.noticeSince, type: "date", value: since, hint: w.noticeSinceHint })}
    <div><button class="button">${w.save}</button></div></form>`;
}
