import type { Command } from "commander";
import type { EntryAnswer, OrderAnswer, ShopAnswer } from "./answers.ts";
import { chooseOrder, chooseShop } from "./choose.ts";
import { readLimit } from "./limit.ts";
import { addOrderActions } from "./order-actions.ts";
import { openService, type ServiceClient } from "./service-client.ts";
import { stateCell } from "./states.ts";
import { type Cell, fields, table, wrapped } from "./table.ts";
import { plain, type Terminal, toned } from "./terminal.ts";
import { when } from "./times.ts";
import { answerWith, type Cli, type CommonOptions, group, verb } from "./verb.ts";

interface OrderOptions extends CommonOptions {
  readonly shop?: string;
}

interface Explained {
  readonly order: OrderAnswer;
  readonly entries: readonly EntryAnswer[];
}

/** `order list | show | timetable`, and what `addOrderActions` adds */
export function addOrderCommands(program: Command, cli: Cli): void {
  const orders = group(program, "order", "orders, and why each mail goes out or does not");
  const shopFlag = ["-s, --shop <shop>", "name or id; needed when there are several"] as const;

  verb(orders, "list", { summary: "list a shop's orders, newest first", example: "afterword order list --shop Lantern --limit 20" })
    .option(...shopFlag)
    .option("-n, --number <number>", "only orders of this number")
    .option("-l, --limit <count>", "at most so many", readLimit, 50)
    .action(async (options: OrderOptions & { readonly number?: string; readonly limit: number }) => {
      const service = await openService(cli.env);
      const shop = await chooseShop(service, options.shop);
      const filter = options.number === undefined ? "" : `?number=${encodeURIComponent(options.number)}`;
      const list = await service.list<OrderAnswer>(`/shops/${shop.id}/orders${filter}`, "orders", options.limit);
      answerWith(cli, options, { orders: list }, () =>
        list.length === 0
          ? `${shop.name} has no such order.\n`
          : table(
              cli.terminal,
              ["number", "placed", "buyer", "country", "schedule", "id"],
              list.map((order) => [
                order.number ?? { text: `(${order.externalId})`, tone: "quiet" },
                when(order.placedAt, shop.timeZone),
                order.buyer.name ?? "",
                order.country ?? "",
                `v${order.scheduleVersion}`,
                order.id,
              ]),
            ),
      );
    });

  verb(orders, "show <order>", { summary: "show an order and its mails, by number or id", example: "afterword order show 1001" })
    .option(...shopFlag)
    .action(async (named: string, options: OrderOptions) => {
      const { explained, shop } = await explain(cli, named, options);
      answerWith(
        cli,
        options,
        explained,
        () => `${orderText(cli.terminal, explained.order, shop)}\n${entriesTable(cli.terminal, explained.entries, shop)}`,
      );
    });

  verb(orders, "timetable <order>", {
    summary: "explain an order: every step of its schedule, its time or why it has none",
    example: "afterword order timetable 1001",
  })
    .option(...shopFlag)
    .action(async (named: string, options: OrderOptions) => {
      const { explained, shop } = await explain(cli, named, options);
      answerWith(cli, options, explained, () => timetableText(cli.terminal, explained, shop));
    });

  addOrderActions(orders, cli);
}

async function explain(cli: Cli, named: string, { shop: shopNamed }: OrderOptions): Promise<{ explained: Explained; shop: ShopAnswer }> {
  const service: ServiceClient = await openService(cli.env);
  const id = await chooseOrder(service, named, shopNamed);
  const explained = await service.call<Explained>("GET", `/orders/${id}/timetable`);
  return { explained, shop: await service.call<ShopAnswer>("GET", `/shops/${explained.order.shopId}`) };
}

function orderText(terminal: Terminal, order: OrderAnswer, { timeZone, name }: ShopAnswer): string {
  const { buyer } = order;
  return fields(terminal, [
    ["order", { text: order.number ?? `(${order.externalId})`, tone: "strong" }],
    ["id", order.id],
    ["shop", name],
    ["placed", order.placedAt === null ? null : when(order.placedAt, timeZone)],
    ["buyer", [buyer.name, buyer.email === null ? null : `<${buyer.email}>`].filter((part) => part !== null).join(" ")],
    ["country", order.country],
    ["schedule", `version ${order.scheduleVersion}`],
    ["test", order.test ? { text: "yes: nothing is sent", tone: "warning" } : null],
    ["closed", order.closedAt === null ? null : when(order.closedAt, timeZone)],
  ]);
}

function entriesTable(terminal: Terminal, entries: readonly EntryAnswer[], { timeZone }: ShopAnswer): string {
  return table(
    terminal,
    ["step", "about", "state", "time", "reason"],
    entries.map((entry) => [entry.step, aboutOf(entry), stateCell(entry.state), timeOf(entry, timeZone), entry.reason ?? ""]),
  );
}

/** Every step with its time, and below it why, sentence by sentence. */
function timetableText(terminal: Terminal, { order, entries }: Explained, shop: ShopAnswer): string {
  const rows = entriesTable(terminal, entries, shop).trimEnd().split("\n");
  const [head = "", ...lines] = rows;
  const explained = entries.map(({ because }, index) => {
    const sentences = because.map(
      ({ rule, detail }) => `${toned(terminal, "quiet", `    ${rule.padEnd(14)}`)}${wrapped(terminal, detail, " ".repeat(18)).trimStart()}`,
    );
    return `${lines[index]}\n${sentences.join("")}`;
  });
  const buyer = order.buyer.name === null ? "" : `, ${order.buyer.name}`;
  const title = toned(terminal, "strong", plain(`Order ${order.number ?? order.externalId}${buyer}`));
  return `${title}  ${toned(terminal, "quiet", `schedule version ${order.scheduleVersion}, times in ${shop.timeZone}`)}\n\n${head}\n${explained.join("")}`;
}

function aboutOf({ occurrence }: EntryAnswer): Cell {
  return occurrence.kind === "order" ? { text: "order", tone: "quiet" } : `${occurrence.kind} ${occurrence.id}`;
}

function timeOf({ dueAt, sentAt, provisional }: EntryAnswer, zone: string): string {
  if (sentAt !== undefined) return when(sentAt, zone);
  return dueAt === undefined ? "" : `${provisional === true ? "about " : ""}${when(dueAt, zone)}`;
}
