import type { Command } from "commander";
import { Failure } from "./failure.ts";
import { fields, table } from "./table.ts";
import { addTemplateLint } from "./template-lint.ts";
import { previewOfShop } from "./template-of-shop.ts";
import { addTemplateOverride } from "./template-override.ts";
import { plain } from "./terminal.ts";
import { answerWith, type Cli, type CommonOptions, group, verb } from "./verb.ts";

interface PreviewOptions extends CommonOptions {
  readonly all?: boolean;
  readonly locale?: string;
  readonly out?: string;
  readonly shop?: string;
  readonly order?: string;
  readonly files?: string;
}

/** `template list | preview | lint | override`: what this installation can send, for which no service is needed, and what a shop makes of it. */
export function addTemplateCommands(program: Command, cli: Cli): void {
  const templates = group(program, "template", "templates: what mails say");

  verb(templates, "list", { summary: "list templates and the languages they are written in", example: "afterword template list" }).action(
    async (options: CommonOptions) => {
      const { openPreviews } = await import("./template-previews.ts");
      const { list } = openPreviews();
      answerWith(cli, options, { templates: list }, () =>
        table(
          cli.terminal,
          ["key", "category", "locales"],
          list.map(({ key, category, locales }) => [key, category, locales.join(", ")]),
        ),
      );
    },
  );

  verb(templates, "preview [key]", {
    summary: "render templates from their samples: one on the screen, or all into a folder",
    example:
      "afterword template preview check-in --locale zh-CN\nafterword template preview --all --out previews\nafterword template preview check-in --shop Lantern --order 1001",
  })
    .option("--locale <tag>", "language of the one shown; en, or with --shop the shop's, when absent")
    .option("--all", "every template in every language; needs --out")
    .option("--out <folder>", "write FOLDER/<template>/<locale>.html, .txt and .subject.txt")
    .option("-s, --shop <shop>", "as this shop has it, from a running service: name or id")
    .option("--order <order>", "with --shop: of this order, by its number, instead of the sample")
    .option("--files <path>", "with --shop: with this folder or file, which is not published")
    .action(async (key: string | undefined, options: PreviewOptions) => {
      if (options.shop !== undefined) {
        if (key === undefined || options.out !== undefined)
          throw new Failure("--shop takes one template, and shows it on the screen", { code: 2 });
        await previewOfShop(cli, options, key);
        return;
      }
      if (options.order !== undefined || options.files !== undefined) throw new Failure("--order and --files need --shop", { code: 2 });
      if ((key === undefined) !== (options.all === true)) throw new Failure("name one template, or --all of them", { code: 2 });
      if (options.all === true && options.out === undefined) throw new Failure("--all needs --out, a folder to write into", { code: 2 });
      const { openPreviews, writePreviews } = await import("./template-previews.ts");
      const previews = openPreviews();
      const known = previews.list;
      if (key !== undefined && !known.some((one) => one.key === key)) {
        throw new Failure(`there is no template ${JSON.stringify(key)}; there are ${known.map((one) => one.key).join(", ")}`, { code: 2 });
      }
      if (options.out !== undefined) {
        const files = await writePreviews(previews, options.out, key ?? null);
        answerWith(cli, options, { files }, () => `Wrote ${files.length} files into ${options.out}.\n`);
        return;
      }
      const mail = await previews.render(key ?? "", options.locale ?? "en");
      answerWith(
        cli,
        options,
        mail,
        () =>
          `${fields(cli.terminal, [["Subject", { text: mail.subject, tone: "strong" }]])}\n${mail.text.split("\n").map(plain).join("\n")}`,
      );
    });

  const lint = verb(templates, "lint", {
    summary: "say what must not be said in mails, and what is built wrong: in all templates, or in plain sentences",
    example: "afterword template lint check-in\nafterword template lint --text sentences.jsonl --json",
  });
  addTemplateLint(lint, cli);
  addTemplateOverride(templates, cli);
}
