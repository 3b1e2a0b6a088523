import type { Command } from "commander";
import type { ShopAnswer } from "./answers.ts";
import { openShop, readNames, type ShopOption, shopFlag, type ToldAnswer, toldText } from "./declared.ts";
import { Failure } from "./failure.ts";
import { readId } from "./source.ts";
import { fields, table, wrapped } from "./table.ts";
import { when } from "./times.ts";
import { answerWith, type Cli, group, verb } from "./verb.ts";

interface DisruptionAnswer {
  readonly id: string;
  readonly name: string;
  readonly text: string;
  readonly starts: string;
  readonly expectedEnd: string | null;
  readonly match: {
    readonly carriers: readonly string[] | null;
    readonly services: readonly string[] | null;
    readonly countries: readonly string[] | null;
    readonly dispatchedFrom: string | null;
    readonly dispatchedTo: string | null;
  };
  readonly tellings: number;
  readonly endedAt: string | null;
}

interface NewOptions extends ShopOption {
  readonly text: string;
  readonly starts: string;
  readonly expectedEnd?: string;
  readonly carriers?: readonly string[];
  readonly services?: readonly string[];
  readonly countries?: readonly string[];
  readonly dispatchedFrom?: string;
  readonly dispatchedTo?: string;
}

interface ChangeOptions extends ShopOption {
  readonly name?: string;
  readonly text?: string;
  readonly expectedEnd?: string;
  readonly notOver?: boolean;
  readonly tellAgain?: boolean;
}

/** `disruption list | preview | declare | change | end | remove` */
export function addDisruptionCommands(program: Command, cli: Cli): void {
  const disruptions = group(program, "disruption", "disruptions: events that delay parcels already on their way");

  verb(disruptions, "list", { summary: "list a shop's disruptions, newest first", example: "afterword disruption list" })
    .option(...shopFlag)
    .action(async (options: ShopOption) => {
      const { service, shop } = await openShop(cli, options);
      const list = await service.list<DisruptionAnswer>(pathOf(shop), "disruptions");
      answerWith(cli, options, { disruptions: list }, () => listText(cli, shop, list));
    });

  describing(
    verb(disruptions, "preview <name>", {
      summary: "say which orders would be told of a disruption; nothing is changed",
      example: 'afterword disruption preview "Storm" --text "A storm closed the airport." --starts 2026-09-20 --countries US',
    }),
  ).action(async (name: string, options: NewOptions) => {
    const { service, shop } = await openShop(cli, options);
    const told = await service.call<ToldAnswer>("POST", `${pathOf(shop)}?dryRun=true`, bodyOf(name, options));
    answerWith(cli, options, told, () => toldText(told));
  });

  describing(
    verb(disruptions, "declare <name>", {
      summary: "declare a disruption: each order with a parcel that it holds up is told once",
      example:
        'afterword disruption declare "Storm" --text "A storm closed the airport." --starts 2026-09-20 \\\n    --expected-end 2026-09-25 --services EMS,ePacket --countries US,CA',
    }),
  ).action(async (name: string, options: NewOptions) => {
    const { service, shop } = await openShop(cli, options);
    const made = await service.call<DisruptionAnswer>("POST", pathOf(shop), bodyOf(name, options));
    answerWith(
      cli,
      options,
      made,
      () => `${disruptionText(cli, shop, made)}When it is over: npx afterword disruption end ${made.id} --shop ${shop.id}\n`,
    );
  });

  verb(disruptions, "change <disruption>", {
    summary: "change what notices still to go will say; nobody is told anew without --tell-again",
    example:
      'afterword disruption change 019bd4a0-6c00-7cc3-98c4-dc0c0c07398f --text "The airport opens on Friday." \\\n    --expected-end 2026-09-25 --tell-again',
  })
    .option(...shopFlag)
    .option("--name <name>", "for operators")
    .option("--text <sentence>", "what happened, in one sentence for buyers")
    .option("--expected-end <date>", "the last day on which it should hold parcels up; none: nobody knows")
    .option("--not-over", "it was ended, and is not over after all")
    .option("--tell-again", "tell everybody whose parcel it holds up once more, in a message of its own")
    .action(async (disruption: string, options: ChangeOptions) => {
      const id = readId(disruption);
      const body = changesOf(options);
      if (Object.keys(body).length === 0)
        throw new Failure("nothing to change was named; `npx afterword disruption change --help` lists what there is", { code: 2 });
      const { service, shop } = await openShop(cli, options);
      const changed = await service.call<DisruptionAnswer>("PATCH", `${pathOf(shop)}/${id}`, body);
      answerWith(cli, options, changed, () => disruptionText(cli, shop, changed));
    });

  verb(disruptions, "end <disruption>", {
    summary: "say that a disruption is over: nobody else is told of it",
    example: "afterword disruption end 019bd4a0-6c00-7cc3-98c4-dc0c0c07398f",
  })
    .option(...shopFlag)
    .action(async (disruption: string, options: ShopOption) => {
      const id = readId(disruption);
      const { service, shop } = await openShop(cli, options);
      const ended = await service.call<DisruptionAnswer>("PATCH", `${pathOf(shop)}/${id}`, { ended: true });
      answerWith(cli, options, ended, () => disruptionText(cli, shop, ended));
    });

  verb(disruptions, "remove <disruption>", {
    summary: "take back a disruption that was declared by mistake: notices that did not go yet are withdrawn",
    example: "afterword disruption remove 019bd4a0-6c00-7cc3-98c4-dc0c0c07398f",
  })
    .option(...shopFlag)
    .action(async (disruption: string, options: ShopOption) => {
      const id = readId(disruption);
      const { service, shop } = await openShop(cli, options);
      await service.call("DELETE", `${pathOf(shop)}/${id}`);
      answerWith(cli, options, { id, removed: true }, () => "It is taken back.\n");
    });
}

/** What it is and which parcels it holds up: of one that is declared, and of one that is only tried. */
function describing(command: Command): Command {
  return command
    .option(...shopFlag)
    .requiredOption("--text <sentence>", "what happened, in one sentence for buyers")
    .requiredOption("--starts <date>", "the first day")
    .option("--expected-end <date>", "the last day on which it should hold parcels up; absent: nobody knows")
    .option("--carriers <names>", "only parcels of these carriers, parted by commas", readNames)
    .option("--services <names>", "only parcels of these services or lanes, as EMS,ePacket,sea", readNames)
    .option("--countries <codes>", "only parcels to these countries, as US,CA", readNames)
    .option("--dispatched-from <date>", "only parcels dispatched on or after this day")
    .option("--dispatched-to <date>", "only parcels dispatched on or before this day");
}

function pathOf({ id }: ShopAnswer): string {
  return `/shops/${id}/disruptions`;
}

function bodyOf(name: string, { text, starts, expectedEnd, ...options }: NewOptions): Readonly<Record<string, unknown>> {
  const { carriers, services, countries, dispatchedFrom, dispatchedTo } = options;
  return { name, text, starts, expectedEnd, match: { carriers, services, countries, dispatchedFrom, dispatchedTo } };
}

function changesOf({ name, text, expectedEnd, notOver, tellAgain }: ChangeOptions): Readonly<Record<string, unknown>> {
  return {
    ...(name !== undefined && { name }),
    ...(text !== undefined && { text }),
    ...(expectedEnd !== undefined && { expectedEnd: expectedEnd === "none" ? null : expectedEnd }),
    ...(notOver === true && { ended: false }),
    ...(tellAgain === true && { tellAgain }),
  };
}

function listText({ terminal }: Cli, shop: ShopAnswer, list: readonly DisruptionAnswer[]): string {
  if (list.length === 0) return `${shop.name} has no disruption.\n`;
  const rows = list.map((one) => [one.name, one.starts, one.expectedEnd ?? "unknown", parcelsOf(one), stateOf(one, shop), one.id]);
  return table(terminal, ["name", "starts", "expected end", "parcels", "state", "id"], rows);
}

function disruptionText({ terminal }: Cli, shop: ShopAnswer, one: DisruptionAnswer): string {
  const rows = fields(terminal, [
    ["id", one.id],
    ["name", { text: one.name, tone: "strong" }],
    ["days", `${one.starts} to ${one.expectedEnd ?? "nobody knows when"}`],
    ["parcels", parcelsOf(one)],
    ["told", one.tellings === 1 ? "once" : `${one.tellings} times`],
    ["state", stateOf(one, shop)],
  ]);
  return `${rows}${wrapped(terminal, `“${one.text}”`, "  ")}`;
}

function stateOf({ endedAt }: DisruptionAnswer, { timeZone }: ShopAnswer): string {
  return endedAt === null ? "lasts" : `ended ${when(endedAt, timeZone)}`;
}

function parcelsOf({ match }: DisruptionAnswer): string {
  const { carriers, services, countries, dispatchedFrom, dispatchedTo } = match;
  const dispatched = [dispatchedFrom === null ? "" : `from ${dispatchedFrom}`, dispatchedTo === null ? "" : `to ${dispatchedTo}`]
    .filter((part) => part !== "")
    .join(" ");
  const parts = [carriers, services, countries].flatMap((names) => (names === null ? [] : [names.join(", ")]));
  return [...parts, ...(dispatched === "" ? [] : [`dispatched ${dispatched}`])].join("; ") || "all";
}
