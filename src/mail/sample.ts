import { z } from "zod";
import { type CivilDay, parseCivilDay } from "../core/civil-day.ts";
import type { Saying } from "../core/facts.ts";
import { foldFacts } from "../core/fold.ts";
import { categories, occurrenceKinds } from "../core/timetable.ts";
import type { Brand } from "./brand.ts";
import { type MailData, mailData } from "./mail-data.ts";
import type { MailDataInput } from "./mail-input.ts";
import type { TemplateFiles } from "./template-files.ts";

const civilDay = z.string().transform((text, context): CivilDay => {
  const day = parseCivilDay(text);
  if (day !== null) return day;
  context.addIssue({ code: "custom", message: "should be a date like 2026-10-01" });
  return z.NEVER;
});

const closure = z.strictObject({
  id: z.string(),
  name: z.string(),
  starts: civilDay,
  ends: civilDay,
  resumes: civilDay,
  carriers: z.array(z.string()).nullable(),
});

const sampleShape = z.strictObject({
  shop: z.strictObject({
    name: z.string(),
    website: z.string().nullable(),
    postalAddress: z.string().nullable(),
    signedBy: z.string().nullable(),
    timeZone: z.string(),
    country: z.string(),
    locale: z.string(),
    color: z.string().nullable(),
    logoUrl: z.string().nullable(),
  }),
  zone: z.string(),
  today: civilDay,
  category: z.enum(categories),
  occurrence: z.strictObject({ kind: z.enum(occurrenceKinds), id: z.string() }),
  closure: closure.nullable(),
  closures: z.array(closure),
  disruption: z
    .strictObject({
      id: z.string(),
      name: z.string(),
      text: z.string(),
      starts: civilDay,
      expectedEnd: civilDay.nullable(),
      carriers: z.array(z.string()).nullable(),
      services: z.array(z.string()).nullable(),
      countries: z.array(z.string()).nullable(),
      dispatchedFrom: civilDay.nullable(),
      dispatchedTo: civilDay.nullable(),
    })
    .nullable(),
  mayInviteFeedback: z.boolean(),
  links: z.strictObject({ unsubscribe: z.string(), buyerPage: z.string(), review: z.string().nullable() }),
  facts: z.array(z.strictObject({ at: z.string(), says: z.custom<Saying>((it) => typeof it === "object" && it !== null && "kind" in it) })),
});

/** What `sample.json` of a template describes, but for the language. */
export interface Sample {
  readonly input: Omit<MailDataInput, "locale">;
  readonly brand: Brand;
}

/** Reads a template's `sample.json`: an order as facts and its circumstances, so that previews go the way real mails go. Throws when it is not sound. */
export function sampleOf(files: TemplateFiles): Sample {
  const { facts, shop, ...rest } = sampleShape.parse(files.sample);
  const { color, logoUrl, ...mailShop } = shop;
  const order = foldFacts({ id: "sample", externalId: "1001" }, facts);
  return { input: { ...rest, template: files.key, shop: mailShop, order, ownDays: [] }, brand: { name: shop.name, color, logoUrl } };
}

/** The data of a template's sample in one of its languages. */
export function sampleData(files: TemplateFiles, locale: string): MailData {
  const { input } = sampleOf(files);
  const order = { ...input.order, buyer: { ...input.order.buyer, locale } };
  return mailData({ ...input, order, locale });
}
