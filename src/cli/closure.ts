import type { Command } from "commander";
import type { ShopAnswer } from "./answers.ts";
import { openShop, readNames, type ShopOption, shopFlag, type ToldAnswer, toldText } from "./declared.ts";
import { Failure } from "./failure.ts";
import type { ServiceClient } from "./service-client.ts";
import { readId } from "./source.ts";
import { table } from "./table.ts";
import { answerWith, type Cli, group, verb } from "./verb.ts";

interface Days {
  readonly name: string;
  readonly starts: string;
  readonly ends: string;
  readonly resumes: string;
}

interface ClosureAnswer extends Days {
  readonly id: string;
  readonly carriers: readonly string[] | null;
}

interface SuggestionAnswer extends Days {
  readonly id: string;
  readonly announced: boolean;
}

interface AddOptions extends ShopOption {
  readonly starts: string;
  readonly ends: string;
  readonly resumes: string;
  readonly carriers?: readonly string[];
  readonly dryRun?: boolean;
}

/** `closure list | suggest | confirm | dismiss | add | remove` */
export function addClosureCommands(program: Command, cli: Cli): void {
  const closures = group(program, "closure", "closures: days on which a shop or some carriers do not dispatch");

  verb(closures, "list", { summary: "list a shop's closures, newest first", example: "afterword closure list" })
    .option(...shopFlag)
    .action(async (options: ShopOption) => {
      const { service, shop } = await openShop(cli, options);
      const list = await service.list<ClosureAnswer>(`/shops/${shop.id}/closures`, "closures");
      answerWith(cli, options, { closures: list }, () => {
        const rows = list.map((one) => [one.name, one.starts, one.ends, one.resumes, one.carriers?.join(", ") ?? "all", one.id]);
        return rows.length === 0
          ? `${shop.name} has no closure; \`npx afterword closure suggest\` says which holidays come.\n`
          : table(cli.terminal, ["name", "starts", "ends", "resumes", "carriers", "id"], rows);
      });
    });

  verb(closures, "suggest", {
    summary: "say which closures the holidays of the shop's country suggest, months ahead",
    example: "afterword closure suggest",
  })
    .option(...shopFlag)
    .action(async (options: ShopOption) => {
      const { service, shop } = await openShop(cli, options);
      const list = await suggestionsOf(service, shop);
      answerWith(cli, options, { suggestions: list }, () => suggestionsText(cli, shop, list));
    });

  verb(closures, "confirm <suggestion>", {
    summary: "make a suggested closure one: the orders it concerns are told",
    example: "afterword closure confirm 2026-national-day",
  })
    .option(...shopFlag)
    .option("--name <name>", "as buyers read it, in place of the suggested one")
    .action(async (named: string, options: ShopOption & { readonly name?: string }) => {
      const { service, shop } = await openShop(cli, options);
      const { name, starts, ends, resumes } = await suggestionNamed(service, shop, named);
      const body = { name: options.name ?? name, starts, ends, resumes };
      const made = await service.call<ClosureAnswer>("POST", `/shops/${shop.id}/closures`, body);
      answerWith(cli, options, made, () => madeText(made));
    });

  verb(closures, "dismiss <suggestion>", {
    summary: "take a suggestion off the list for good",
    example: "afterword closure dismiss 2026-national-day",
  })
    .option(...shopFlag)
    .action(async (named: string, options: ShopOption) => {
      const { service, shop } = await openShop(cli, options);
      await service.call("POST", `/shops/${shop.id}/closures/suggestions/dismiss`, { suggestion: named });
      answerWith(cli, options, { suggestion: named, dismissed: true }, () => `${named} is not suggested again.\n`);
    });

  verb(closures, "add <name>", {
    summary: "declare a closure; with --dry-run, say who would be told",
    example: 'afterword closure add "Stocktaking" --starts 2026-12-28 --ends 2026-12-30 --resumes 2026-12-31 --dry-run',
  })
    .option(...shopFlag)
    .requiredOption("--starts <date>", "the first day")
    .requiredOption("--ends <date>", "the last day of it")
    .requiredOption("--resumes <date>", "the first day on which parcels leave again")
    .option("--carriers <names>", "only parcels of these carriers or services, parted by commas", readNames)
    .option("--dry-run", "change nothing")
    .action(async (name: string, { json, shop: named, dryRun, ...days }: AddOptions) => {
      const { service, shop } = await openShop(cli, { shop: named });
      const path = `/shops/${shop.id}/closures`;
      if (dryRun === true) {
        const told = await service.call<ToldAnswer>("POST", `${path}?dryRun=true`, { name, ...days });
        answerWith(cli, { json: json === true }, told, () => toldText(told));
        return;
      }
      const made = await service.call<ClosureAnswer>("POST", path, { name, ...days });
      answerWith(cli, { json: json === true }, made, () => madeText(made));
    });

  verb(closures, "remove <closure>", {
    summary: "take a closure back: notices that did not go yet are withdrawn",
    example: "afterword closure remove 019bd4a0-6c00-7cc3-98c4-dc0c0c07398f",
  })
    .option(...shopFlag)
    .action(async (closure: string, options: ShopOption) => {
      const id = readId(closure);
      const { service, shop } = await openShop(cli, options);
      await service.call("DELETE", `/shops/${shop.id}/closures/${id}`);
      answerWith(cli, options, { id, removed: true }, () => "It is taken back.\n");
    });
}

async function suggestionsOf(service: ServiceClient, { id }: ShopAnswer): Promise<readonly SuggestionAnswer[]> {
  return (await service.call<{ suggestions: readonly SuggestionAnswer[] }>("GET", `/shops/${id}/closures/suggestions`)).suggestions;
}

async function suggestionNamed(service: ServiceClient, shop: ShopAnswer, named: string): Promise<SuggestionAnswer> {
  const list = await suggestionsOf(service, shop);
  const found = list.find(({ id }) => id === named);
  if (found !== undefined) return found;
  const ids = list.map(({ id }) => `\n  ${id}`).join("");
  throw new Failure(`no closure ${JSON.stringify(named)} is suggested; there are:${ids === "" ? " none" : ids}`);
}

function suggestionsText({ terminal }: Cli, { name }: ShopAnswer, list: readonly SuggestionAnswer[]): string {
  if (list.length === 0) return `Nothing is suggested for ${name} in the next months.\n`;
  const rows = list.map((one) => [one.id, one.name, one.starts, one.ends, one.resumes, one.announced ? "" : "days may still change"]);
  return `${table(terminal, ["suggestion", "name", "starts", "ends", "resumes", ""], rows)}Next: npx afterword closure confirm ${list[0]?.id}\n`;
}

function madeText({ id, name, starts, ends, resumes }: ClosureAnswer): string {
  return `${name}, ${starts} to ${ends}; parcels leave again on ${resumes}.\nTo take it back: npx afterword closure remove ${id}\n`;
}
