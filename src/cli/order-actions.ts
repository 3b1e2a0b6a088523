import { type Command, Option } from "commander";
import type { ActionAnswer, OrderAnswer, ShopAnswer } from "./answers.ts";
import { chooseOrder } from "./choose.ts";
import { openService } from "./service-client.ts";
import { stateCell } from "./states.ts";
import { fields, wrapped } from "./table.ts";
import { when } from "./times.ts";
import { answerWith, type Cli, type CommonOptions, verb } from "./verb.ts";

interface ActionOptions extends CommonOptions {
  readonly shop?: string;
  readonly case?: string;
  readonly id?: string;
}

interface ProposeOptions extends ActionOptions {
  readonly cause: string;
  readonly proposal: string;
  readonly step: readonly string[];
  readonly replyBy: string;
}

interface SendBackOptions extends ActionOptions {
  readonly address: readonly string[];
  readonly deadline: string;
  readonly whoPays: string;
  readonly onArrival: string;
  readonly note?: string;
}

/** `order propose | return | exchange`: what an operator tells a buyer. */
export function addOrderActions(orders: Command, cli: Cli): void {
  withCommon(
    verb(orders, "propose <order>", {
      summary: "propose a solution in a dispute; the buyer can accept it or ask to talk",
      example:
        'afterword order propose 1001 --cause "The parcel was lost." --proposal "We send a new one." --step "It leaves on Monday." --reply-by 2026-03-01',
    })
      .requiredOption("--cause <text>", "what you found")
      .requiredOption("--proposal <text>", "what you propose")
      .addOption(oneEach("--step <text>", "how it goes on if the buyer accepts; once for each step"))
      .requiredOption("--reply-by <date>", "until when the buyer can answer, as 2026-03-01"),
  ).action((order: string, options: ProposeOptions) =>
    act(cli, order, options, "dispute-proposal", {
      cause: options.cause,
      proposal: options.proposal,
      steps: options.step.join("\n"),
      replyBy: options.replyBy,
    }),
  );

  for (const [name, type, summary] of [
    ["return", "return-instructions", "tell the buyer how to send it back for a refund"],
    ["exchange", "exchange-instructions", "tell the buyer how to send it back for another one"],
  ] as const) {
    withCommon(
      verb(orders, `${name} <order>`, {
        summary,
        example: `afterword order ${name} 1001 --address Lantern --address "8 Nanjing Road, Shanghai" --deadline 2026-03-01 --who-pays shop --on-arrival "You hear from us the same day."`,
      })
        .addOption(oneEach("--address <line>", "where to send it; once for each line"))
        .requiredOption("--deadline <date>", "the last day to post it, as 2026-03-01")
        .addOption(new Option("--who-pays <who>", "who pays the way back").choices(["shop", "buyer"]).makeOptionMandatory())
        .requiredOption("--on-arrival <text>", "what happens when it arrives")
        .option("--note <text>", "anything else"),
    ).action((order: string, options: SendBackOptions) =>
      act(cli, order, options, type, {
        address: options.address.join("\n"),
        deadline: options.deadline,
        whoPays: options.whoPays,
        onArrival: options.onArrival,
        ...(options.note !== undefined && { note: options.note }),
      }),
    );
  }
}

function withCommon(command: Command): Command {
  return command
    .option("-s, --shop <shop>", "name or id; needed when there are several")
    .option("--case <case>", "the dispute or return it belongs to, by its id at the shop's system")
    .option("--id <id>", "an id of yours: asking again with it does nothing twice");
}

/** An option that is given once for each line. */
function oneEach(flags: string, help: string): Option {
  return new Option(flags, help)
    .argParser((text: string, all: readonly string[] | undefined) => [...(all ?? []), text])
    .makeOptionMandatory();
}

async function act(cli: Cli, named: string, options: ActionOptions, type: string, what: Readonly<Record<string, string>>): Promise<void> {
  const service = await openService(cli.env);
  const order = await chooseOrder(service, named, options.shop);
  const body = {
    type,
    fields: what,
    ...(options.case !== undefined && { caseId: options.case }),
    ...(options.id !== undefined && { id: options.id }),
  };
  const action = await service.call<ActionAnswer>("POST", `/orders/${order}/actions`, body);
  const { order: shown } = await service.call<{ readonly order: OrderAnswer }>("GET", `/orders/${order}/timetable`);
  const shop = await service.call<ShopAnswer>("GET", `/shops/${shown.shopId}`);
  answerWith(cli, options, action, () => {
    const { entry } = action;
    if (entry === null) return `Written down as ${action.id}. No mail: the order's schedule has no step on action.${type}.\n`;
    const rows = fields(cli.terminal, [
      ["action", action.id],
      ["order", shown.number],
      ["step", { text: entry.step, tone: "strong" }],
      ["state", stateCell(entry.state)],
      ["reason", entry.reason ?? null],
      [entry.sentAt === undefined ? "due" : "sent", when(entry.sentAt ?? entry.dueAt, shop.timeZone)],
    ]);
    return `${rows}${entry.because.map(({ detail }) => wrapped(cli.terminal, `· ${detail}`, "  ")).join("")}`;
  });
}
