import { writeFile } from "node:fs/promises";
import { type Command, Option } from "commander";
import { messageStates } from "../core/timetable.ts";
import type { MessageAnswer, ShopAnswer } from "./answers.ts";
import { chooseOrder, chooseShop } from "./choose.ts";
import { readLimit } from "./limit.ts";
import { openService } from "./service-client.ts";
import { readId } from "./source.ts";
import { stateCell } from "./states.ts";
import { fields, table, wrapped } from "./table.ts";
import { plain, type Terminal } from "./terminal.ts";
import { when } from "./times.ts";
import { answerWith, type Cli, type CommonOptions, group, verb } from "./verb.ts";

interface ListOptions extends CommonOptions {
  readonly shop?: string;
  readonly order?: string;
  readonly state?: string;
  readonly limit: number;
}

interface Mail {
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
}

const moves = [
  ["hold", "hold a message until it is released"],
  ["release", "release a message that was held"],
  ["cancel", "cancel a message for good"],
  ["send-now", "send a message now: passes over time and caps, never over a buyer's objection"],
] as const;

const anId = "019bd4a0-6c00-7cc3-98c4-dc0c0c07398f";

/** `message list | show | hold | release | cancel | send-now | preview` */
export function addMessageCommands(program: Command, cli: Cli): void {
  const messages = group(program, "message", "messages: the ledger of every mail that was ever planned");

  verb(messages, "list", { summary: "list messages, newest first", example: "afterword message list --state held" })
    .option("-s, --shop <shop>", "name or id; needed when there are several")
    .option("-o, --order <order>", "only those of an order, by number or id")
    .addOption(new Option("--state <state>", "only those in a state").choices(messageStates))
    .option("-l, --limit <count>", "at most so many", readLimit, 50)
    .action(async (options: ListOptions) => {
      const service = await openService(cli.env);
      const shop = await chooseShop(service, options.shop);
      const order = options.order === undefined ? undefined : await chooseOrder(service, options.order, shop.id);
      const filter = new URLSearchParams({
        shop: shop.id,
        ...(order === undefined ? {} : { order }),
        ...(options.state === undefined ? {} : { state: options.state }),
      });
      const list = await service.list<MessageAnswer>(`/messages?${filter}`, "messages", options.limit);
      answerWith(cli, options, { messages: list }, () =>
        list.length === 0
          ? "There is no such message.\n"
          : table(
              cli.terminal,
              ["order", "step", "state", "time", "reason", "id"],
              list.map((message) => [
                message.orderNumber ?? "",
                message.step,
                stateCell(message.state),
                when(message.sentAt ?? message.dueAt, shop.timeZone),
                message.reason ?? "",
                message.id,
              ]),
            ),
      );
    });

  verb(messages, "show <message>", {
    summary: "show a message and why it stands as it does",
    example: `afterword message show ${anId}`,
  }).action(async (id: string, options: CommonOptions) => {
    const service = await openService(cli.env);
    const message = await service.call<MessageAnswer>("GET", `/messages/${readId(id)}`);
    const shop = await service.call<ShopAnswer>("GET", `/shops/${message.shopId}`);
    answerWith(cli, options, message, () => messageText(cli.terminal, message, shop));
  });

  for (const [move, summary] of moves) {
    verb(messages, `${move} <message>`, { summary, example: `afterword message ${move} ${anId}` }).action(
      async (id: string, options: CommonOptions) => {
        const service = await openService(cli.env);
        const message = await service.call<MessageAnswer>("POST", `/messages/${readId(id)}/${move}`, {});
        const shop = await service.call<ShopAnswer>("GET", `/shops/${message.shopId}`);
        answerWith(cli, options, message, () => messageText(cli.terminal, message, shop));
      },
    );
  }

  verb(messages, "preview <message>", {
    summary: "show the mail as it would go out now",
    example: `afterword message preview ${anId} --html mail.html`,
  })
    .option("--html <file>", "write the HTML part into a file")
    .action(async (id: string, options: CommonOptions & { readonly html?: string }) => {
      const service = await openService(cli.env);
      const mail = await service.call<Mail>("GET", `/messages/${readId(id)}/preview`);
      if (options.html !== undefined) await writeFile(options.html, mail.html);
      answerWith(cli, options, mail, () => {
        const headers = ["From", "To", "Subject"].flatMap((name) => {
          const value = name === "Subject" ? mail.subject : mail.headers[name];
          return value === undefined ? [] : [[name, value] as const];
        });
        return `${fields(cli.terminal, headers)}\n${mail.text.split("\n").map(plain).join("\n")}`;
      });
    });
}

function messageText(terminal: Terminal, message: MessageAnswer, { timeZone, name }: ShopAnswer): string {
  const { occurrence } = message;
  const rows = fields(terminal, [
    ["id", message.id],
    ["shop", name],
    ["order", message.orderNumber],
    ["step", { text: message.step, tone: "strong" }],
    ["about", `${occurrence.kind} ${occurrence.id}`],
    ["category", message.category],
    ["state", stateCell(message.state)],
    ["reason", message.reason],
    [message.sentAt === null ? "due" : "sent", `${when(message.sentAt ?? message.dueAt, timeZone)} (${timeZone})`],
    ["attempts", message.attempts === 0 ? null : String(message.attempts)],
  ]);
  return `${rows}${message.because.map(({ detail }) => wrapped(terminal, `· ${detail}`, "  ")).join("")}`;
}
