import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Command } from "commander";
import { type OverrideFiles, problemLine, type TemplateProblem } from "../core/override.ts";
import { diffFiles, type FileDiff, overlaid } from "../core/override-diff.ts";
import { chooseShop } from "./choose.ts";
import { Failed, Failure } from "./failure.ts";
import { openService } from "./service-client.ts";
import { table } from "./table.ts";
import { readTemplateFiles } from "./template-folder.ts";
import { plain, type Terminal, toned } from "./terminal.ts";
import { when } from "./times.ts";
import { answerWith, type Cli, type CommonOptions, group, verb } from "./verb.ts";

export interface TemplateAnswer {
  readonly name: string;
  readonly version: number;
  readonly files: OverrideFiles;
  readonly builtIn: OverrideFiles;
  readonly versions: readonly {
    readonly version: number;
    readonly publishedAt: string;
    readonly publishedBy: string;
    readonly note: string | null;
    readonly files: readonly string[];
  }[];
  readonly problems: readonly TemplateProblem[];
}

export interface ShopOption extends CommonOptions {
  readonly shop?: string;
}

export const shopFlag = ["-s, --shop <shop>", "name or id; needed when there are several"] as const;

/** `template override list | show | diff | publish | revert`: what a shop changed of the templates. */
export function addTemplateOverride(templates: Command, cli: Cli): void {
  const overrides = group(templates, "override", "a shop's own words and bodies");

  verb(overrides, "list", { summary: "list the templates a shop has made its own", example: "afterword template override list" })
    .option(...shopFlag)
    .action(async (options: ShopOption) => {
      const service = await openService(cli.env);
      const shop = await chooseShop(service, options.shop);
      const all = await service.call<{ templates: readonly ListedAnswer[] }>("GET", `/shops/${shop.id}/templates`);
      const own = all.templates.filter(({ version }) => version > 0);
      answerWith(cli, options, { templates: own }, () =>
        own.length === 0
          ? `${shop.name} has none: its mails are as the product ships them.\n`
          : table(
              cli.terminal,
              ["template", "version", "files", "since", "by", "lint"],
              own.map((one) => [
                one.name,
                String(one.version),
                one.files.join(", "),
                when(one.publishedAt ?? "", shop.timeZone),
                one.publishedBy ?? "",
                one.lint,
              ]),
            ),
      );
    });

  verb(overrides, "show <template>", {
    summary: "show the shop's own files of a template and their versions, or write them into a folder",
    example: "afterword template override show check-in\nafterword template override show check-in --built-in --out check-in",
  })
    .option(...shopFlag)
    .option("--version <number>", "an older version")
    .option("--built-in", "the product's files instead, to begin from")
    .option("--out <folder>", "write the files there")
    .action(async (key: string, options: ShopOption & { readonly version?: string; readonly builtIn?: boolean; readonly out?: string }) => {
      const { shop, at, service } = await placeOf(cli, options, key);
      const known = await service.call<TemplateAnswer>("GET", at);
      const files =
        options.builtIn === true
          ? known.builtIn
          : options.version === undefined
            ? known.files
            : (await service.call<TemplateAnswer>("GET", `${at}/versions/${options.version}`)).files;
      if (options.out !== undefined) {
        await mkdir(options.out, { recursive: true });
        for (const [name, text] of Object.entries(files)) await writeFile(join(options.out, name), text);
        answerWith(cli, options, { files: Object.keys(files) }, () => `Wrote ${Object.keys(files).length} files into ${options.out}.\n`);
        return;
      }
      answerWith(
        cli,
        options,
        { ...known, files },
        () => filesText(cli.terminal, files) + versionsText(cli.terminal, known, shop.timeZone),
      );
    });

  verb(overrides, "diff <template> [path]", {
    summary: "say how a folder or file differs from what is in force; without one, how that differs from the product's",
    example: "afterword template override diff check-in\nafterword template override diff check-in strings.de.json",
  })
    .option(...shopFlag)
    .action(async (key: string, path: string | undefined, options: ShopOption) => {
      const { at, service } = await placeOf(cli, options, key);
      const { builtIn, files: own } = await service.call<TemplateAnswer>("GET", at);
      const next = path === undefined ? own : filesAfter(own, await readTemplateFiles(path));
      const diff = diffFiles(overlaid(builtIn, path === undefined ? {} : own), overlaid(builtIn, next));
      answerWith(cli, options, { files: diff }, () => diffText(cli.terminal, diff));
    });

  verb(overrides, "publish <template> <path>", {
    summary: "publish a folder as the shop's own of a template, or one file beside those it has; the next mail is made of it",
    example:
      "afterword template override publish check-in ./check-in --note 'shorter'\nafterword template override publish _layout strings.de.json --dry-run",
  })
    .option(...shopFlag)
    .option("--note <words>", "why, for whoever reads the versions")
    .option("--dry-run", "say only what is wrong with it")
    .action(async (key: string, path: string, options: ShopOption & { readonly note?: string; readonly dryRun?: boolean }) => {
      const given = await readTemplateFiles(path);
      const { shop, at, service } = await placeOf(cli, options, key);
      const known = await service.call<TemplateAnswer>("GET", at);
      const body = { files: filesAfter(known.files, given), note: options.note ?? null, basedOn: known.version };
      const dry = options.dryRun === true;
      const judged = await service.call<{ version: number | null; problems: readonly TemplateProblem[] }>("PUT", `${at}?dryRun=true`, body);
      const blocked = judged.problems.some(({ severity }) => severity === "block");
      const answer = dry || blocked ? judged : await service.call<typeof judged>("PUT", at, body);
      answerWith(cli, options, answer, () => {
        const problems = answer.problems
          .map((one) => `${toned(cli.terminal, one.severity === "block" ? "bad" : "warning", one.severity)} ${plain(problemLine(one))}\n`)
          .join("");
        if (blocked) return problems;
        return `${problems}${dry ? `${key} may be published as it is.` : `Version ${answer.version} of ${key} is in force at ${shop.name}.`}\n`;
      });
      if (blocked) throw new Failed();
    });

  verb(overrides, "revert <template>", {
    summary: "go back to the product's template, or to an older version of the shop's",
    example: "afterword template override revert check-in\nafterword template override revert check-in --to 2",
  })
    .option(...shopFlag)
    .option("--to <version>", "the version to publish again")
    .action(async (key: string, options: ShopOption & { readonly to?: string }) => {
      const { shop, at, service } = await placeOf(cli, options, key);
      const older = options.to === undefined ? null : await service.call<TemplateAnswer>("GET", `${at}/versions/${options.to}`);
      if (older === null || Object.keys(older.files).length === 0) {
        await service.call("DELETE", at);
        answerWith(cli, options, { version: 0 }, () => `${key} is the product's again at ${shop.name}.\n`);
        return;
      }
      const body = { files: older.files, note: `version ${options.to} again` };
      const answer = await service.call<{ version: number }>("PUT", at, body);
      answerWith(
        cli,
        options,
        answer,
        () => `Version ${answer.version} of ${key}, the same as ${options.to}, is in force at ${shop.name}.\n`,
      );
    });
}

interface ListedAnswer {
  readonly name: string;
  readonly version: number;
  readonly files: readonly string[];
  readonly publishedAt: string | null;
  readonly publishedBy: string | null;
  readonly lint: string;
}

/** The shop meant, and a template's address in its API. */
export async function placeOf(cli: Cli, options: ShopOption, key: string) {
  if (!/^[\w-]+$/.test(key)) throw new Failure(`there is no template ${JSON.stringify(key)}`, { code: 2 });
  const service = await openService(cli.env);
  const shop = await chooseShop(service, options.shop);
  return { service, shop, at: `/shops/${shop.id}/templates/${key}` };
}

/** One file comes beside the others, a folder in place of them. */
export function filesAfter(
  own: OverrideFiles,
  { files, whole }: { readonly files: OverrideFiles; readonly whole: boolean },
): OverrideFiles {
  return whole ? files : { ...own, ...files };
}

function filesText(terminal: Terminal, files: OverrideFiles): string {
  const names = Object.keys(files);
  if (names.length === 0) return "Nothing of it is the shop's own.\n";
  return names.map((name) => `${toned(terminal, "strong", name)}\n${(files[name] ?? "").split("\n").map(plain).join("\n")}\n`).join("");
}

function versionsText(terminal: Terminal, { versions }: TemplateAnswer, zone: string): string {
  if (versions.length === 0) return "";
  const rows = versions.map(({ version, publishedAt, publishedBy, note, files }) => [
    String(version),
    when(publishedAt, zone),
    publishedBy,
    files.length === 0 ? "back to the product's" : files.join(", "),
    note ?? "",
  ]);
  return table(terminal, ["version", "published", "by", "files", "note"], rows);
}

function diffText(terminal: Terminal, diff: readonly FileDiff[]): string {
  if (diff.length === 0) return "They make the same mails.\n";
  return diff
    .map((one) => {
      const head = `${toned(terminal, "strong", one.file)}\n`;
      if (one.kind === "words") {
        const side = (sign: string, tone: "good" | "bad", text: string | null) =>
          text === null ? "" : `    ${toned(terminal, tone, `${sign} ${plain(text)}`)}\n`;
        return (
          head + one.changes.map(({ key, before, after }) => `  ${key}\n${side("-", "bad", before)}${side("+", "good", after)}`).join("")
        );
      }
      const tones = { "+": "good", "-": "bad", " ": null, "…": "quiet" } as const;
      return head + one.lines.map(({ sign, text }) => `  ${toned(terminal, tones[sign], `${sign} ${plain(text)}`)}\n`).join("");
    })
    .join("");
}
