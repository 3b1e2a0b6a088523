import { readFile } from "node:fs/promises";
import { text as readAll } from "node:stream/consumers";
import type { Command } from "commander";
import { parseDocument } from "yaml";
import { chooseShop } from "./choose.ts";
import { Failure } from "./failure.ts";
import { openService } from "./service-client.ts";
import { type Cell, table } from "./table.ts";
import { toned } from "./terminal.ts";
import { answerWith, type Cli, type CommonOptions, verb } from "./verb.ts";

interface LaneAnswer {
  readonly service: string | null;
  readonly lane: string | null;
  readonly destination: string | null;
  readonly unit: "days" | "businessDays";
  readonly earliest: number;
  readonly latest: number;
  readonly checkInDays: number | null;
}

interface LanesAnswer {
  readonly lanes: readonly LaneAnswer[];
  readonly defaults: readonly LaneAnswer[];
  readonly retimed?: number;
}

interface DayAnswer {
  readonly day: string;
  readonly kind: string;
  readonly name: string;
}

interface CalendarAnswer {
  readonly year: number;
  readonly dispatch: { readonly country: string; readonly days: readonly DayAnswer[] };
  readonly contact: readonly { readonly country: string; readonly orders: number; readonly days: readonly DayAnswer[] }[];
  readonly days: readonly (DayAnswer & { readonly calendar: string; readonly country: string | null })[];
  readonly closures: readonly { readonly name: string; readonly starts: string; readonly ends: string; readonly resumes: string }[];
  readonly horizon: readonly { readonly country: string; readonly knownUntil: string; readonly warning: string | null }[];
  readonly retimed?: number;
}

interface FileOption extends CommonOptions {
  readonly file?: string;
}

/** `shop transit` and `shop calendar`: what a shop knows better than our tables. Both show, or with `--file` replace. */
export function addShopDays(shops: Command, cli: Cli): void {
  verb(shops, "transit [shop]", {
    summary: "show how long parcels take; with --file, put the shop's own list in place",
    example: "afterword shop transit Lantern --json > transit.json\nafterword shop transit Lantern --file transit.json",
  })
    .option("--file <file>", "YAML or JSON with a list `lanes`; - reads standard input")
    .action(async (named: string | undefined, options: FileOption) => {
      const given = options.file === undefined ? null : await readList(options.file, "lanes");
      const service = await openService(cli.env);
      const { id } = await chooseShop(service, named);
      const path = `/shops/${id}/transit-lanes`;
      const answer = await service.call<LanesAnswer>(given === null ? "GET" : "PUT", path, given ?? undefined);
      answerWith(cli, options, answer, () => lanesText(cli, answer));
    });

  verb(shops, "calendar [shop]", {
    summary: "show the holidays of a year, own days and closures; with --file, put the shop's own days in place",
    example: "afterword shop calendar Lantern --year 2027\nafterword shop calendar Lantern --file days.yaml",
  })
    .option("--year <year>", "this one when absent")
    .option("--file <file>", "YAML or JSON with a list `days`; - reads standard input")
    .action(async (named: string | undefined, options: FileOption & { readonly year?: string }) => {
      const given = options.file === undefined ? null : await readList(options.file, "days");
      const service = await openService(cli.env);
      const { id } = await chooseShop(service, named);
      const year = options.year === undefined ? "" : `?year=${encodeURIComponent(options.year)}`;
      const path = `/shops/${id}/calendar`;
      const put = given === null ? null : await service.call<CalendarAnswer>("PUT", path, given);
      const answer = put !== null && year === "" ? put : await service.call<CalendarAnswer>("GET", `${path}${year}`);
      answerWith(cli, options, answer, () => calendarText(cli, answer, put?.retimed));
    });
}

/** The list that a file holds under `field`, alone in an object; other fields, as those of an answer saved before, are passed over. */
async function readList(path: string, field: "lanes" | "days"): Promise<Readonly<Record<string, unknown>>> {
  const document = parseDocument(await readText(path));
  const broken = document.errors[0];
  if (broken !== undefined) throw new Failure(`${path} is neither YAML nor JSON: ${broken.message.split("\n")[0]}`, { code: 2 });
  const value: unknown = document.toJS({ maxAliasCount: 100 });
  const list = Array.isArray(value)
    ? value
    : typeof value === "object" && value !== null && field in value
      ? value[field as never]
      : undefined;
  if (!Array.isArray(list)) throw new Failure(`${path} has no list ${field}`, { code: 2 });
  return { [field]: list };
}

async function readText(path: string): Promise<string> {
  if (path === "-") return readAll(process.stdin);
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new Failure(`${path} can't be read: ${error instanceof Error ? error.message : error}`, { code: 2, cause: error });
  }
}

function lanesText({ terminal }: Cli, { lanes, defaults, retimed }: LanesAnswer): string {
  const row = (whose: Cell, { service, lane, destination, unit, earliest, latest, checkInDays }: LaneAnswer): readonly Cell[] => [
    service ?? lane ?? "",
    destination ?? "anywhere",
    `${earliest}–${latest} ${unit === "days" ? "days" : "business days"}`,
    checkInDays === null ? "as the schedule says" : `after ${checkInDays} days`,
    whose,
  ];
  const rows = [...lanes.map((lane) => row("own", lane)), ...defaults.map((lane) => row({ text: "default", tone: "quiet" }, lane))];
  return `${table(terminal, ["travels as", "to", "arrives in", "check-in", "whose"], rows)}${retimedText(retimed)}`;
}

function calendarText({ terminal }: Cli, answer: CalendarAnswer, retimed: number | undefined): string {
  const { year, dispatch, contact, days, closures, horizon } = answer;
  const rows = [
    ...dispatch.days.map((one) => [one.day, `dispatch ${dispatch.country}`, one.kind, one.name]),
    ...contact.flatMap((there) => there.days.map((one) => [one.day, `buyers ${there.country}`, one.kind, one.name])),
    ...days.map((one) => [one.day, `own, ${one.calendar}${one.country === null ? "" : ` ${one.country}`}`, one.kind, one.name]),
    ...closures.map((one) => [one.starts, "closure", `to ${one.ends}`, one.name]),
  ].filter(([day = ""]) => day.startsWith(String(year)));
  const warnings = horizon.flatMap(({ warning }) => (warning === null ? [] : [`${toned(terminal, "warning", "note")}  ${warning}\n`]));
  return `${table(
    terminal,
    ["day", "calendar", "", "name"],
    rows.toSorted(([a = ""], [b = ""]) => (a < b ? -1 : a > b ? 1 : 0)),
  )}${warnings.join("")}${retimedText(retimed)}`;
}

function retimedText(retimed: number | undefined): string {
  return retimed === undefined ? "" : `${retimed} planned mails have another time now.\n`;
}
