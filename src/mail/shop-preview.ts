import { setImmediate } from "node:timers/promises";
import type { Instant } from "../core/instant.ts";
import { localDay } from "../core/local-time.ts";
import type { Order } from "../core/order.ts";
import { caseKey } from "../core/order-state.ts";
import { type OverrideFiles, sharedKey, type TemplateProblem } from "../core/override.ts";
import type { Occurrence } from "../core/timetable.ts";
import { zoneOfBuyer } from "../core/zone-of-buyer.ts";
import { type CompiledMail, compileTemplate } from "./compile.ts";
import { Lru } from "./lru.ts";
import { type MailData, mailData } from "./mail-data.ts";
import type { MailDataInput, MailShop } from "./mail-input.ts";
import { checkOverride } from "./override-check.ts";
import { render } from "./render.ts";
import { sampleOf } from "./sample.ts";
import type { TemplateFiles, Templates } from "./template-files.ts";
import { withOverride } from "./with-override.ts";

export interface PreviewWish {
  readonly key: string;
  readonly locale: string;
  /** The shop's own files of it, published or not. */
  readonly own: OverrideFiles;
  /** Its own of the words all share. */
  readonly shared: OverrideFiles;
  readonly shop: MailShop & { readonly color: string | null; readonly logoUrl: string | null };
  /** A real order in place of the sample's, with the moment of looking; what it lacks (a review, a parcel) is the sample's. */
  readonly order: { readonly order: Order; readonly now: Instant } | null;
}

export type Previewed =
  | { readonly kind: "rendered"; readonly subject: string; readonly html: string; readonly text: string }
  /** `problems` are of files that were not even tried. */
  | { readonly kind: "failed"; readonly reason: string; readonly problems: readonly TemplateProblem[] };

/**
 * Shows messages as a shop would have them, in the shop's name and brand; files that are not sound as written are never run. What was compiled last is
 * remembered, and one is compiled at a time: a page of pictures asks for all at once, and others want to be answered in between. Rejects when there is no
 * such template or language.
 */
export function previewer(templates: Templates): (wish: PreviewWish) => Promise<Previewed> {
  const compiled = new Lru<string, Promise<CompiledMail>>(300);
  let tail: Promise<unknown> = Promise.resolve();

  function compile(changed: Templates, { key, locale, own, shared, shop }: PreviewWish): Promise<CompiledMail> {
    const name = JSON.stringify([key, locale, own, shared, shop.name, shop.color, shop.logoUrl]);
    return compiled.getOrMake(name, () => {
      const compiling = tail.then(() => setImmediate()).then(() => compileTemplate(changed, { key, locale, brand: shop }));
      tail = compiling.catch(() => compiled.delete(name));
      return compiling;
    });
  }

  return async (wish) => {
    const { key, locale, own, shared, shop, order } = wish;
    const problems = [...soundness(templates, key, own), ...soundness(templates, sharedKey, shared)];
    if (problems.length > 0) return { kind: "failed", reason: problems[0]?.detail ?? "", problems };
    const changed = withOverride(templates, key, { own, shared });
    const files = changed.byKey.get(key);
    if (files === undefined || !files.strings.has(locale)) throw new Error(`${key} is not written in ${locale}`);
    try {
      const mail = await compile(changed, wish);
      const first = render(mail, dataFor(files, locale, shop, order));
      // a parcel that has not arrived has no day of arrival: then all that happened is the sample's, and only who bought what is real
      const rendered =
        first.kind === "failed" && first.variable !== null && order !== null ? render(mail, borrowed(files, locale, shop, order)) : first;
      return rendered.kind === "failed" ? { kind: "failed", reason: rendered.reason, problems: [] } : rendered;
    } catch (error) {
      return { kind: "failed", reason: error instanceof Error ? error.message : String(error), problems: [] };
    }
  };
}

function soundness(templates: Templates, key: string, files: OverrideFiles): readonly TemplateProblem[] {
  return Object.keys(files).length === 0 ? [] : checkOverride(templates, key, files);
}

function dataFor(files: TemplateFiles, locale: string, shop: MailShop, real: PreviewWish["order"]): MailData {
  const { input } = sampleOf(files);
  const base = { ...input, shop, locale };
  if (real === null) return mailData({ ...base, order: { ...input.order, buyer: { ...input.order.buyer, locale } } });
  const { zone } = zoneOfBuyer(real.order.address, shop.timeZone);
  const order = together(input.order, real.order);
  return mailData({ ...base, zone, today: localDay(zone, real.now), order, occurrence: occurrenceIn(input, order) });
}

function borrowed(files: TemplateFiles, locale: string, shop: MailShop, { order: real }: NonNullable<PreviewWish["order"]>): MailData {
  const { input } = sampleOf(files);
  const { number, buyer, address, items, currency, total } = real;
  const order = { ...input.order, number, buyer, address, currency, total, items: items.length > 0 ? items : input.order.items };
  return mailData({ ...input, shop, locale, order });
}

function together(sample: Order, real: Order): Order {
  const filled = <T>(own: readonly T[], others: readonly T[]) => (own.length > 0 ? own : others);
  return {
    ...real,
    items: filled(real.items, sample.items),
    shipments: filled(real.shipments, sample.shipments),
    reviews: filled(real.reviews, sample.reviews),
    refunds: filled(real.refunds, sample.refunds),
    cases: filled(real.cases, sample.cases),
    actions: filled(real.actions, sample.actions),
  };
}

/** What the message would be about in another order than the sample's: the last of its kind. */
function occurrenceIn({ occurrence }: Pick<MailDataInput, "occurrence">, order: Order): Occurrence {
  const last = {
    shipment: order.shipments.at(-1)?.id,
    review: order.reviews.at(-1)?.id,
    refund: order.refunds.at(-1)?.id,
    action: order.actions.at(-1)?.id,
  };
  const opened = order.cases.at(-1);
  if (occurrence.kind === "case") return opened === undefined ? occurrence : { kind: "case", id: caseKey(opened) };
  const id = occurrence.kind in last ? last[occurrence.kind as keyof typeof last] : undefined; // looked up before
  return id === undefined ? occurrence : { kind: occurrence.kind, id };
}
