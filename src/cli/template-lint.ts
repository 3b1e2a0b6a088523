import { readFile } from "node:fs/promises";
import { text as readAll } from "node:stream/consumers";
import type { Command } from "commander";
import { blocks, rulesOffended } from "../core/lint/lint-mail.ts";
import { templatesFolder } from "../mail/samples.ts";
import { loadTemplates } from "../mail/template-files.ts";
import { lintTemplate, type PlacedFinding } from "../mail/template-lint.ts";
import { Failed, Failure } from "./failure.ts";
import { lintOfShop } from "./template-of-shop.ts";
import { type Terminal, toned } from "./terminal.ts";
import { answerWith, type Cli, type CommonOptions } from "./verb.ts";

interface LintOptions extends CommonOptions {
  readonly text?: string;
  readonly shop?: string;
}

/** `template lint`: what must not be said, and what is built wrong, in the templates of this installation or in plain sentences. */
export function addTemplateLint(command: Command, cli: Cli): void {
  command
    .argument("[key]", "one template; all when absent")
    .option("--text <file>", 'lint plain sentences, one {"text": …} a line, as if each stood in a published mail; - is standard input')
    .option("-s, --shop <shop>", "what this shop has made its own, from a running service: name or id")
    .action(async (key: string | undefined, options: LintOptions) => {
      if (options.shop !== undefined) {
        if (options.text !== undefined) throw new Failure("name --shop or --text, not both", { code: 2 });
        await lintOfShop(cli, options, key ?? null);
        return;
      }
      if (options.text !== undefined) {
        if (key !== undefined) throw new Failure("name a template or --text, not both", { code: 2 });
        await lintSentences(cli, options, options.text);
        return;
      }
      await lintTemplates(cli, options, key ?? null);
    });
}

async function lintTemplates(cli: Cli, options: CommonOptions, only: string | null): Promise<void> {
  const templates = loadTemplates(templatesFolder);
  if (only !== null && !templates.byKey.has(only)) {
    throw new Failure(`there is no template ${JSON.stringify(only)}; there are ${[...templates.byKey.keys()].join(", ")}`, { code: 2 });
  }
  const findings: PlacedFinding[] = [];
  let mails = 0;
  for (const { key, strings } of templates.byKey.values()) {
    if (only !== null && key !== only) continue;
    for (const locale of strings.keys()) {
      findings.push(...(await lintTemplate(templates, key, locale)));
      mails += 1;
    }
  }
  answerWith(cli, options, { mails, findings }, () =>
    findings.length === 0
      ? `${mails} mails looked at, nothing to say.\n`
      : findings.map((one) => findingText(cli.terminal, one)).join("\n"),
  );
  if (blocks(findings)) throw new Failed();
}

/** A finding for people: where, what, and what instead. */
export function findingText(terminal: Terminal, finding: PlacedFinding): string {
  const { rule, severity, part, line, words, wrong, instead, key, locale, string } = finding;
  const place = string === null ? `${key} in ${locale}, ${part}, line ${line}` : `${key}/strings.${locale}.json, ${string}`;
  const tone = severity === "block" ? "bad" : "warning";
  return `${place}\n  ${toned(terminal, tone, `${severity} ${rule}`)}  “${words}”\n  ${wrong} ${instead}\n`;
}

async function lintSentences(cli: Cli, options: CommonOptions, file: string): Promise<void> {
  const texts = sentencesIn(file === "-" ? await readAll(process.stdin) : await contentOf(file));
  const findings = texts.map((text) => rulesOffended(text));
  answerWith(cli, options, { findings }, () =>
    findings.map((rules, index) => `${index + 1}  ${rules.length === 0 ? "–" : rules.join(" ")}\n`).join(""),
  );
}

async function contentOf(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new Failure(`${file} can't be read: ${error instanceof Error ? error.message : String(error)}`, { code: 2 });
  }
}

/** One JSON object with `text` a line; empty lines are none. Every bad line is named. */
function sentencesIn(content: string): readonly string[] {
  const bad: number[] = [];
  const texts: string[] = [];
  content.split(/\r?\n/).forEach((line, index) => {
    if (line.trim() === "") return;
    const text = textOf(line);
    if (text === null) bad.push(index + 1);
    else texts.push(text);
  });
  if (bad.length > 0) {
    const some = bad.length > 20 ? `${bad.slice(0, 20).join(", ")} and ${bad.length - 20} more` : bad.join(", ");
    throw new Failure(`${bad.length === 1 ? "line" : "lines"} ${some}: wanted one JSON object like {"text": "…"} a line`, { code: 2 });
  }
  return texts;
}

function textOf(line: string): string | null {
  try {
    const json: unknown = JSON.parse(line.replace(/^\ufeff/, ""));
    return typeof json === "object" && json !== null && "text" in json && typeof json.text === "string" ? json.text : null;
  } catch {
    return null;
  }
}
