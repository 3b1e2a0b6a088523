import { type Command, Option } from "commander";
import { taskResolutions } from "../core/task.ts";
import type { ShopAnswer, TaskAnswer } from "./answers.ts";
import { chooseOrder, chooseShop } from "./choose.ts";
import { readLimit } from "./limit.ts";
import { openService } from "./service-client.ts";
import { readId } from "./source.ts";
import { fields, table, wrapped } from "./table.ts";
import type { Terminal } from "./terminal.ts";
import { when } from "./times.ts";
import { answerWith, type Cli, type CommonOptions, group, verb } from "./verb.ts";

interface ListOptions extends CommonOptions {
  readonly shop?: string;
  readonly order?: string;
  readonly state: string;
  readonly limit: number;
}

interface ResolveOptions extends CommonOptions {
  readonly as: string;
  readonly note?: string;
}

/** `task list | resolve` */
export function addTaskCommands(program: Command, cli: Cli): void {
  const tasks = group(program, "task", "tasks: what a person must do about an order");

  verb(tasks, "list", { summary: "list tasks, newest first", example: "afterword task list --order 1001" })
    .option("-s, --shop <shop>", "name or id; needed when there are several")
    .option("-o, --order <order>", "only those of an order, by number or id")
    .addOption(new Option("--state <state>", "which").choices(["open", "resolved", "all"]).default("open"))
    .option("-l, --limit <count>", "at most so many", readLimit, 50)
    .action(async (options: ListOptions) => {
      const service = await openService(cli.env);
      const shop = await chooseShop(service, options.shop);
      const filter = new URLSearchParams({
        ...(options.order === undefined ? {} : { order: await chooseOrder(service, options.order, shop.id) }),
        ...(options.state === "all" ? {} : { state: options.state }),
      });
      const list = await service.list<TaskAnswer>(`/shops/${shop.id}/tasks?${filter}`, "tasks", options.limit);
      answerWith(cli, options, { tasks: list }, () =>
        list.length === 0
          ? "There is nothing to do.\n"
          : table(
              cli.terminal,
              ["order", "kind", "choice", "answer by", "opened", "state", "id"],
              list.map((task) => [
                task.orderNumber ?? "",
                task.kind,
                task.choice ?? "",
                task.answerBy ?? "",
                when(task.openedAt, shop.timeZone),
                task.resolution ?? task.state,
                task.id,
              ]),
            ),
      );
    });

  verb(tasks, "resolve <task>", {
    summary: "say that a task is done, and how it ended",
    example: 'afterword task resolve 019bd4a0-6c00-7cc3-98c4-dc0c0c07398f --as refunded --note "49.90 on 3 February"',
  })
    .addOption(new Option("--as <resolution>", "how it ended").choices(taskResolutions).default("done"))
    .option("--note <text>", "for other operators; the buyer does not see it")
    .action(async (id: string, options: ResolveOptions) => {
      const service = await openService(cli.env);
      const { as: resolution, note } = options;
      const task = await service.call<TaskAnswer>("POST", `/tasks/${readId(id)}/resolve`, {
        resolution,
        ...(note !== undefined && { note }),
      });
      const shop = await service.call<ShopAnswer>("GET", `/shops/${task.shopId}`);
      answerWith(cli, options, task, () => taskText(cli.terminal, task, shop));
    });
}

function taskText(terminal: Terminal, task: TaskAnswer, { name, timeZone }: ShopAnswer): string {
  const rows = fields(terminal, [
    ["id", task.id],
    ["shop", name],
    ["order", task.orderNumber],
    ["kind", { text: task.kind, tone: "strong" }],
    ["choice", task.choice],
    ["state", task.resolution === null ? task.state : `${task.state}: ${task.resolution}`],
    ["note", task.note],
    ["opened", when(task.openedAt, timeZone)],
    ["resolved", task.resolvedAt === null ? null : when(task.resolvedAt, timeZone)],
  ]);
  return `${rows}${wrapped(terminal, task.toDo, "  ")}${task.words === null ? "" : wrapped(terminal, `“${task.words}”`, "  ")}`;
}
