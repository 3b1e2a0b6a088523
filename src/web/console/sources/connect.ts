import { randomBytes } from "node:crypto";
import { html } from "hono/html";
import { z } from "zod";
import { newId } from "../../../core/ids.ts";
import { seal } from "../../../core/keys.ts";
import { usuallySentBy } from "../../../core/platform-mails.ts";
import { type Platform, platforms } from "../../../sources/adapter.ts";
import { sourcesOfShop } from "../../../store/source-health.ts";
import { insertSource, type Source } from "../../../store/sources.ts";
import { applyPlatformSends, type Switched, switchedView } from "../../api/platform-sends.ts";
import type { Html } from "../../html.ts";
import { chooseSecret, domainField, secretField } from "../../source-secret.ts";
import { copyField } from "../parts/act.ts";
import { choiceField, type Filled, formErrors, readForm, selectField, textField, ticked, tickField } from "../parts/form.ts";
import type { ShopVisit } from "../route.ts";
import { fieldErrorIn } from "../words/field-errors.ts";
import { nameOf } from "./health.ts";
import { platformNames, platformSteps, sourceWords } from "./words.ts";

/** Mails that platforms commonly send. */
const sendable = ["order-confirmed", "dispatch-notice"] as const;

const fields = z.object({
  platform: z.enum(platforms),
  secret: secretField.optional(),
  domain: domainField.optional(),
  augments: z.uuid().optional(),
  "sends-order-confirmed": ticked,
  "sends-dispatch-notice": ticked,
});

/** A source that was just made; its secret is known this once. */
export interface Connected {
  readonly source: Source;
  readonly secret: string;
  readonly switched: Switched | null;
}

/** Connects what the form describes, or says what is wrong with it. */
export async function connect(visit: ShopVisit): Promise<{ ok: true; made: Connected } | { ok: false; filled: Filled }> {
  const read = readForm(visit, fields);
  if (!read.ok) return { ok: false, filled: read };
  const { platform, domain = null, augments = null } = read.value;
  const wrong = (field: string, message: string) => ({
    ok: false as const,
    filled: { values: Object.fromEntries(visit.form), errors: { [field]: fieldErrorIn(visit.language, message) } },
  });
  // WooCommerce signs with whatever it is given: a good one is made here.
  const given = read.value.secret ?? (platform === "woocommerce" ? randomBytes(32).toString("hex") : null);
  const secret = chooseSecret(platform, given);
  if (!secret.ok) return wrong("secret", secret.error.detail.replace(/^secret: /, ""));
  const others = await sourcesOfShop(visit.deps.db, visit.shop.id);
  if (augments !== null && !others.some(({ id }) => id === augments)) return wrong("augments", "is not a source of this shop");
  const sends = sendable.filter((template) => read.value[`sends-${template}`]);
  const source: Source = {
    id: newId(visit.now),
    shopId: visit.shop.id,
    platform,
    domain,
    augments,
    secret: seal(visit.deps.keys, secret.value),
    oldSecret: null,
    platformSends: sends,
    createdAt: visit.now,
    lastDeliveryAt: null,
  };
  const switched = await visit.change(async (trx) => {
    await insertSource(trx, source);
    const result =
      sends.length === 0 ? null : await applyPlatformSends(trx, { sourceId: source.id, shopId: visit.shop.id, now: visit.now }, sends);
    const after = { platform, domain, augments, platformSends: sends };
    return { entry: { shopId: visit.shop.id, action: "source.added", subject: source.id, after }, result };
  });
  await switchedView(visit.deps, visit.shop.id, switched);
  return { ok: true, made: { source, secret: secret.value, switched } };
}

/** The form for a new source. `first`: the shop has none, so nothing to add to. */
export async function connectForm(visit: ShopVisit, filled: Filled, action: string): Promise<Html> {
  const w = visit.say(sourceWords).new;
  const others = (await sourcesOfShop(visit.deps.db, visit.shop.id)).filter(({ augments }) => augments === null);
  return html`${formErrors(visit, filled)}<form method="post" action="${action}" class="stack narrow">${visit.formFields()}
    ${choiceField(filled, {
      name: "platform",
      label: w.platform,
      value: "shopify",
      options: platforms.map((value) => ({ value, label: platformNames[value] ?? value, hint: w.platforms[value] })),
    })}
    ${textField(filled, { name: "secret", label: w.secret, hint: w.secretHint, autocomplete: "off" })}
    ${textField(filled, { name: "domain", label: w.domain, hint: w.domainHint, placeholder: "lantern.myshopify.com", autocomplete: "off" })}
    ${
      others.length === 0
        ? ""
        : selectField(filled, {
            name: "augments",
            label: w.augments,
            hint: w.augmentsHint,
            options: [{ value: "", label: w.augmentsNone }, ...others.map((one) => ({ value: one.id, label: nameOf(one) }))],
          })
    }
    <fieldset class="field choice"><legend>${w.platformSends}</legend>
      ${sendable.map((template) => tickField(filled, { name: `sends-${template}`, label: w.sends[template], checked: usuallySentBy("shopify").includes(template) }))}
      <p class="hint">${w.platformSendsHint}</p></fieldset>
    <div><button class="button main">${w.connect}</button></div></form>`;
}

/** Address and secret to take along, and what to do with them on the other side. */
export function handOver(visit: ShopVisit, { source, secret, switched }: Connected): Html {
  const w = visit.say(sourceWords).made;
  return html`<div class="stack narrow"><p class="notice warn">${w.once}</p>
    ${copyField(visit, { id: "hook-url", label: w.url, value: hookUrl(visit, source.id) })}
    ${copyField(visit, { id: "hook-secret", label: w.secret, value: secret })}
    ${switched === null || switched.off.length === 0 ? "" : html`<p>${w.switched(switched.off.join(", "))}</p>`}</div>
    <section><h2>${w.steps}</h2>${stepsFor(visit, source.platform as Platform)}</section>`;
}

export function stepsFor(visit: Pick<ShopVisit, "say">, platform: string): Html {
  return html`<ol class="guide">${(visit.say(platformSteps)[platform] ?? []).map((step) => html`<li>${step}</li>`)}</ol>`;
}

export function hookUrl({ deps }: Pick<ShopVisit, "deps">, sourceId: string): string {
  return `${deps.publicUrl}/hooks/${sourceId}`;
}
