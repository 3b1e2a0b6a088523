import { compileTemplate } from "../../src/mail/compile.ts";
import type { MailData } from "../../src/mail/mail-data.ts";
import { render } from "../../src/mail/render.ts";
import { sampleData, sampleOf } from "../../src/mail/sample.ts";
import { loadTemplates, type TemplateFiles } from "../../src/mail/template-files.ts";

/** The templates of this installation. */
export const templates = loadTemplates(new URL("../../templates", import.meta.url).pathname);

/** Every message in every language it is written in. */
export const every = [...templates.byKey].flatMap(([key, files]) => [...files.strings.keys()].map((locale) => [key, locale] as const));

export function filesOf(key: string): TemplateFiles {
  const files = templates.byKey.get(key);
  if (files === undefined) throw new Error(`no template ${key}`);
  return files;
}

/** A message as its sample, or what `change` makes of it, fills it. Rejects when it can't be rendered. */
export async function rendered(key: string, locale: string, change: (data: MailData) => MailData = (data) => data) {
  const files = filesOf(key);
  const name = `${key} ${locale}`;
  const mail = await (compiled.get(name) ?? compiling(name, compileTemplate(templates, { key, locale, brand: sampleOf(files).brand })));
  const rendering = render(mail, change(sampleData(files, locale)));
  if (rendering.kind === "failed") throw new Error(rendering.reason);
  return rendering;
}

const compiled = new Map<string, ReturnType<typeof compileTemplate>>();

function compiling(name: string, mail: ReturnType<typeof compileTemplate>): ReturnType<typeof compileTemplate> {
  compiled.set(name, mail);
  return mail;
}
