import { join } from "node:path";
import { type Command, Option } from "commander";
import { stringify } from "yaml";
import { loweredCategories } from "../core/lowered-categories.ts";
import { parseSchedule } from "../core/schedule.ts";
import { diffSchedules } from "../core/schedule-diff.ts";
import { placed } from "../core/schedule-errors.ts";
import type { WrittenSchedule } from "../core/schedule-shape.ts";
import type { ScheduleText } from "../core/schedule-text.ts";
import { sampleOf } from "../mail/sample.ts";
import { loadTemplates } from "../mail/template-files.ts";
import type { SimulationAnswer } from "./answers.ts";
import { chooseShop } from "./choose.ts";
import { Failed, Failure } from "./failure.ts";
import { mistakesText, readScheduleFile } from "./schedule-file.ts";
import { diffText, simulationText } from "./schedule-words.ts";
import { openService, Refusal, type ServiceClient } from "./service-client.ts";
import { answerWith, type Cli, type CommonOptions, group, verb } from "./verb.ts";

interface ShopOption extends CommonOptions {
  readonly shop?: string;
}

const shopFlag = ["-s, --shop <shop>", "name or id; needed when there are several"] as const;

/** `schedule show | validate | diff | simulate | publish` */
export function addScheduleCommands(program: Command, cli: Cli): void {
  const schedules = group(program, "schedule", "schedules: which mails go out, and when");

  verb(schedules, "show", { summary: "show the schedule in force, as YAML", example: "afterword schedule show > schedule.yaml" })
    .option(...shopFlag)
    .action(async (options: ShopOption) => {
      const service = await openService(cli.env);
      const shop = await chooseShop(service, options.shop);
      const current = await service.call<{ version: number; schedule: unknown }>("GET", `/shops/${shop.id}/schedule`);
      answerWith(
        cli,
        options,
        current,
        () => `# ${shop.name}, version ${current.version}\n${stringify(inOrder(current.schedule), { lineWidth: 120 })}`,
      );
    });

  verb(schedules, "validate <file>", {
    summary: "say what is wrong with a schedule's file; needs no service",
    example: "afterword schedule validate schedule.yaml",
  }).action(async (path: string, options: CommonOptions) => {
    const file = withTemplates(await readScheduleFile(path));
    const ok = file.mistakes.length === 0;
    if (options.json === true) cli.terminal.out(`${JSON.stringify({ ok, errors: file.mistakes }, null, 2)}\n`);
    else if (ok) cli.terminal.out(`${file.name} is fine: ${file.parsed?.written.steps.length} steps.\n`);
    if (ok) return;
    if (options.json !== true) cli.terminal.err(mistakesText(file));
    throw new Failed();
  });

  verb(schedules, "diff <file>", {
    summary: "say how a file differs from the schedule in force",
    example: "afterword schedule diff schedule.yaml",
  })
    .option(...shopFlag)
    .action(async (path: string, options: ShopOption) => {
      const next = await readSound(path, cli);
      const service = await openService(cli.env);
      const shop = await chooseShop(service, options.shop);
      const current = await service.call<{ version: number; schedule: unknown }>("GET", `/shops/${shop.id}/schedule`);
      const before = parseSchedule(current.schedule);
      if (!before.ok)
        throw new Failure(`the schedule in force can't be read here: ${before.errors[0]?.detail}`, {
          next: "use the service's own version of this command",
        });
      const diff = diffSchedules(before.written, next.written);
      answerWith(cli, options, { version: current.version, ...diff }, () => diffText(cli.terminal, diff, current.version));
    });

  verb(schedules, "simulate <file>", {
    summary: "say what a schedule would have changed for real orders; changes nothing",
    example: "afterword schedule simulate schedule.yaml --from 2026-01-01T00:00:00Z",
  })
    .option(...shopFlag)
    .option("--from <time>", "orders placed from then on; 90 days back when absent")
    .option("--to <time>", "and before then; now when absent")
    .action(async (path: string, options: ShopOption & { readonly from?: string; readonly to?: string }) => {
      const next = await readSound(path, cli);
      const service = await openService(cli.env);
      const shop = await chooseShop(service, options.shop);
      const times = {
        ...(options.from === undefined ? {} : { from: timeOf(options.from) }),
        ...(options.to === undefined ? {} : { to: timeOf(options.to) }),
      };
      const body = { schedule: next.written, ...times };
      const simulated = await placing(next.file, () => service.call<SimulationAnswer>("POST", `/shops/${shop.id}/schedule/simulate`, body));
      answerWith(cli, options, simulated, () => simulationText(cli.terminal, simulated, shop.timeZone));
    });

  verb(schedules, "publish <file>", {
    summary: "publish a schedule as the next version",
    example: "afterword schedule publish schedule.yaml --queued retime",
  })
    .option(...shopFlag)
    .addOption(
      new Option("--queued <what>", "retime: open orders get the new version, their planned mails move; keep: only new orders do")
        .choices(["retime", "keep"])
        .makeOptionMandatory(),
    )
    .action(async (path: string, options: ShopOption & { readonly queued: string }) => {
      const next = await readSound(path, cli);
      const service = await openService(cli.env);
      const published = await publish(service, next.file, next.written, options);
      answerWith(
        cli,
        options,
        published,
        () =>
          `Version ${published.version} is in force: ${published.retimed} planned mails moved, ${published.added} added, ${published.cancelled} cancelled.\n`,
      );
    });
}

/** The fields of each step in the order in which people write them: the database keeps its own. */
function inOrder(schedule: unknown): unknown {
  const parsed = parseSchedule(schedule);
  return parsed.ok ? parsed.written : schedule;
}

interface Published {
  readonly version: number;
  readonly retimed: number;
  readonly cancelled: number;
  readonly added: number;
}

async function publish(
  service: ServiceClient,
  file: ScheduleText,
  schedule: WrittenSchedule,
  options: ShopOption & { readonly queued: string },
) {
  const shop = await chooseShop(service, options.shop);
  return placing(file, () => service.call<Published>("PUT", `/shops/${shop.id}/schedule`, { schedule, queued: options.queued }));
}

/** A file without mistakes; of any other all mistakes are told, and nothing is asked of the service. */
async function readSound(path: string, cli: Cli): Promise<{ readonly file: ScheduleText; readonly written: WrittenSchedule }> {
  const file = await readScheduleFile(path);
  if (file.parsed !== null) return { file, written: file.parsed.written };
  cli.terminal.err(mistakesText(file));
  throw new Failed();
}

/** What the service finds wrong with the schedule is told by its place in the file. */
async function placing<Answer>(file: ScheduleText, call: () => Promise<Answer>): Promise<Answer> {
  try {
    return await call();
  } catch (error) {
    const errors = error instanceof Refusal ? (error.problem.errors ?? []) : [];
    const inFile = errors.filter(({ pointer }) => pointer.startsWith("/schedule/"));
    if (inFile.length === 0) throw error;
    const mistakes = inFile.map(({ pointer, detail }) => {
      const within = pointer.slice("/schedule".length);
      return { ...file.placeOf(within), pointer: within, detail: detail.replace(/^schedule\./, "") };
    });
    throw new Failure(mistakesText({ ...file, mistakes }).trimEnd(), { cause: error });
  }
}

/** The file's mistakes, with the steps among them whose mail is not written here, or would be sent as less than it is. */
function withTemplates(file: ScheduleText): ScheduleText {
  const templates = loadTemplates(join(import.meta.dirname, "../../templates"));
  const own = new Map([...templates.byKey].map(([key, files]) => [key, sampleOf(files).input.category]));
  const steps = file.parsed?.written.steps ?? [];
  const unknown = steps.flatMap(({ template }, index) =>
    own.has(template)
      ? []
      : [placed(["steps", index, "template"], `there is no template ${template}; there are ${[...own.keys()].join(", ")}`)],
  );
  const mistakes = [...unknown, ...loweredCategories(steps, own)].map((error) => ({ ...file.placeOf(error.pointer), ...error }));
  return { ...file, mistakes: [...file.mistakes, ...mistakes] };
}

/** A day means its beginning, in UTC. */
function timeOf(text: string): string {
  return /^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text;
}
