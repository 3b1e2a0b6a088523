import { problemLine, type TemplateProblem } from "../core/override.ts";
import { chooseOrder } from "./choose.ts";
import { Failed, Failure } from "./failure.ts";
import { fields } from "./table.ts";
import { readTemplateFiles } from "./template-folder.ts";
import { filesAfter, placeOf, type ShopOption, type TemplateAnswer } from "./template-override.ts";
import { plain, toned } from "./terminal.ts";
import { answerWith, type Cli } from "./verb.ts";

/** `template lint --shop`: what is wrong with what a shop has made its own, as the service judges it now. */
export async function lintOfShop(cli: Cli, options: ShopOption, only: string | null): Promise<void> {
  const { service, shop } = await placeOf(cli, options, only ?? "all");
  const { templates } = await service.call<{ templates: readonly { name: string; version: number }[] }>(
    "GET",
    `/shops/${shop.id}/templates`,
  );
  if (only !== null && !templates.some(({ name }) => name === only)) throw new Failure(`there is no template ${only}`, { code: 2 });
  const own = templates.filter(({ name, version }) => version > 0 && (only === null || name === only));
  const problems: TemplateProblem[] = [];
  for (const { name } of own) problems.push(...(await service.call<TemplateAnswer>("GET", `/shops/${shop.id}/templates/${name}`)).problems);
  answerWith(cli, options, { templates: own.map(({ name }) => name), problems }, () =>
    problems.length === 0
      ? `${own.length} templates of ${shop.name}'s own looked at, nothing to say.\n`
      : problems
          .map(
            (one) =>
              `${toned(cli.terminal, one.severity === "block" ? "bad" : "warning", one.severity)} ${one.template}/${plain(problemLine(one))}\n`,
          )
          .join(""),
  );
  if (problems.some(({ severity }) => severity === "block")) throw new Failed();
}

export interface PreviewOfShop extends ShopOption {
  readonly locale?: string;
  readonly order?: string;
  readonly files?: string;
}

/** `template preview --shop`: a template in the shop's name, of an order when one is named, with files that are not published when some are given. */
export async function previewOfShop(cli: Cli, options: PreviewOfShop, key: string): Promise<void> {
  const { service, at } = await placeOf(cli, options, key);
  const orderId = options.order === undefined ? undefined : await chooseOrder(service, options.order, options.shop);
  const own = options.files === undefined ? undefined : (await service.call<TemplateAnswer>("GET", at)).files;
  const files = options.files === undefined || own === undefined ? undefined : filesAfter(own, await readTemplateFiles(options.files));
  const mail = await service.call<{ subject: string; text: string; html: string }>("POST", `${at}/preview`, {
    ...(options.locale === undefined ? {} : { locale: options.locale }),
    ...(orderId === undefined ? {} : { orderId }),
    ...(files === undefined ? {} : { files }),
  });
  answerWith(
    cli,
    options,
    mail,
    () => `${fields(cli.terminal, [["Subject", { text: mail.subject, tone: "strong" }]])}\n${mail.text.split("\n").map(plain).join("\n")}`,
  );
}
