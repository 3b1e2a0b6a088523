import { compileTemplate, mailCompiler } from "../src/mail/compile.ts";
import { render } from "../src/mail/render.ts";
import { sampleData, sampleOf } from "../src/mail/sample.ts";
import { templatesFolder } from "../src/mail/samples.ts";
import { loadTemplates } from "../src/mail/template-files.ts";
import { compare, perSecond, type Row } from "./measure.ts";

export interface RenderingSize {
  readonly rounds: number;
  /** Mails of one run; a hundredth of them through MJML. */
  readonly count: number;
}

/** Mails rendered from a template that was compiled when it was published, beside MJML for each mail. */
export function benchRendering({ rounds, count }: RenderingSize): Promise<Row> {
  const templates = loadTemplates(templatesFolder);
  const files = templates.byKey.get("dispatch-notice");
  if (files === undefined) throw new Error("there is no template dispatch-notice");
  const wish = { key: files.key, locale: "en", brand: sampleOf(files).brand };
  const data = sampleData(files, "en");
  const { compile } = mailCompiler(templates);
  const filled = (rendering: ReturnType<typeof render>) => {
    if (rendering.kind === "failed") throw new Error(rendering.reason);
  };
  const throughMjml = Math.max(1, Math.round(count / 100));
  return compare({
    key: "rendering",
    name: "A mail rendered",
    unit: "mails",
    limitedBy: "the same template through MJML for each mail",
    target: 30,
    rounds,
    limit: () =>
      perSecond(throughMjml, async () => {
        for (let n = 0; n < throughMjml; n += 1) filled(render(await compileTemplate(templates, wish), data));
      }),
    ours: () =>
      perSecond(count, async () => {
        for (let n = 0; n < count; n += 1) filled(render(await compile(wish), data));
      }),
  });
}
