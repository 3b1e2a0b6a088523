import { z } from "@hono/zod-openapi";
import { iso } from "../../core/instant.ts";
import type { OverrideFiles, TemplateProblem } from "../../core/override.ts";
import { categories } from "../../core/timetable.ts";
import type { OverrideVersion } from "../../store/template-overrides.ts";
import * as field from "./fields.ts";

/** A file as it is sent: its text, or for words the object that would stand in it. */
const fileIn = z.union([z.string(), z.record(z.string().max(100), z.string())], "is neither a text nor an object of words");

export const filesIn = z
  .record(z.string().max(60), fileIn)
  .refine((files) => Object.keys(files).length <= 20, "has more than 20 files")
  .openapi({
    description:
      "by name: body.mjml, body.txt, strings.<locale>.json with only the words that change, as text or as an object. What is not there is the built-in one.",
    example: { "strings.en.json": { subject: "Your order {{order.number}} is on its way" } },
  });

/** Files as they are kept: words get the form that `GET` shows. */
export function textsOf(files: z.infer<typeof filesIn>): OverrideFiles {
  return Object.fromEntries(
    Object.entries(files).map(([name, file]) => [name, typeof file === "string" ? file : `${JSON.stringify(file, null, 2)}\n`]),
  );
}

export const publicationIn = z
  .strictObject({
    files: filesIn.refine((files) => Object.keys(files).length > 0, "is empty: DELETE goes back to the built-in template"),
    note: field.line(200).nullish().openapi({ description: "why, for whoever reads the versions" }),
    basedOn: z
      .int()
      .min(0)
      .nullish()
      .openapi({ description: "the version it was made from, 0 for the built-in one: 409 when another is in force by now" }),
  })
  .openapi("TemplatePublication");

export const previewIn = z
  .strictObject({
    locale: field.locale.optional().openapi({ description: "a language it is written in; the shop's when absent" }),
    orderId: field.id.optional().openapi({ description: "an order of the shop's in place of the sample; what it lacks is the sample's" }),
    files: filesIn.optional().openapi({ description: "files that are not published; what is in force when absent" }),
    template: z
      .string()
      .max(60)
      .optional()
      .openapi({ description: "only for _layout: the template to show its words in; check-in when absent" }),
  })
  .openapi("TemplatePreviewWish");

export const problemOut = z
  .object({
    severity: z.enum(["block", "warn"]),
    template: z.string(),
    file: z.string(),
    line: z.int(),
    column: z.int(),
    key: z.string().nullable().openapi({ description: "the word it is in" }),
    locale: z.string().nullable(),
    rule: z.string(),
    detail: z.string(),
  })
  .openapi("TemplateProblem");

const versionOut = z.object({ version: z.int(), publishedAt: field.timeOut, publishedBy: z.string(), note: z.string().nullable() });
export const listedVersionOut = versionOut.extend({
  files: z.array(z.string()).openapi({ description: "none: back to the built-in template" }),
});
export const wholeVersionOut = versionOut.extend({ files: z.record(z.string(), z.string()) }).openapi("TemplateVersion");

export const listedOut = z
  .object({
    name: z.string(),
    category: z.enum(categories).nullable().openapi({ description: "null for _layout, the words all share" }),
    locales: z.array(z.string()),
    version: z.int().openapi({ description: "of the shop's own; 0: the built-in one" }),
    files: z.array(z.string()).openapi({ description: "the shop's own" }),
    publishedAt: field.timeOut.nullable(),
    publishedBy: z.string().nullable(),
    lint: z.enum(["clean", "warn", "block"]).openapi({ description: "block: mails of it are not sent" }),
  })
  .openapi("ListedTemplate");

export const templateOut = listedOut
  .extend({
    files: z.record(z.string(), z.string()).openapi({ description: "the shop's own, by name" }),
    builtIn: z.record(z.string(), z.string()).openapi({ description: "as the product ships them" }),
    note: z.string().nullable(),
    versions: z.array(listedVersionOut).openapi({ description: "newest first, at most 50" }),
    problems: z.array(problemOut),
  })
  .openapi("Template");

/** A version as it is shown. */
export function versionAnswer<Version extends Omit<OverrideVersion, "files">>({ version, publishedAt, publishedBy, note }: Version) {
  return { version, publishedAt: iso(publishedAt), publishedBy, note };
}

/** The worst of some problems. */
export function lintOf(problems: readonly TemplateProblem[]): "clean" | "warn" | "block" {
  if (problems.length === 0) return "clean";
  return problems.some(({ severity }) => severity === "block") ? "block" : "warn";
}
