import { type Command, InvalidArgumentError } from "commander";
import type { ShopAnswer } from "./answers.ts";
import { chooseShop } from "./choose.ts";
import { Failure } from "./failure.ts";
import { openService } from "./service-client.ts";
import { addAttention } from "./shop-attention.ts";
import { addShopDays } from "./shop-days.ts";
import { fields, table } from "./table.ts";
import { when } from "./times.ts";
import { answerWith, type Cli, type CommonOptions, group, verb } from "./verb.ts";

interface ShopOptions extends CommonOptions {
  readonly name?: string;
  readonly timeZone?: string;
  readonly locale?: string;
  readonly country?: string;
  readonly from?: { readonly name: string; readonly address: string };
  readonly replyTo?: string;
  readonly postalAddress?: string;
  readonly website?: string;
  readonly logoUrl?: string;
  readonly color?: string;
  readonly reviewUrl?: string;
  readonly signedBy?: string;
  readonly liveFrom?: string;
  readonly sending?: boolean;
  readonly redirectTo?: string;
  readonly daysBetweenAsks?: number;
  readonly mailsPerDay?: number;
  readonly customerNotice?: string;
  readonly noticeSince?: string;
}

/** `shop list | create | show | set | attention | transit | calendar` */
export function addShopCommands(program: Command, cli: Cli): void {
  const shops = group(program, "shop", "shops: a brand, its sender, its zone");

  verb(shops, "list", { summary: "list shops, newest first", example: "afterword shop list" }).action(async (options: CommonOptions) => {
    const service = await openService(cli.env);
    const list = await service.list<ShopAnswer>("/shops", "shops");
    answerWith(cli, options, { shops: list }, () => {
      const rows = list.map((shop) => [shop.id, shop.name, shop.country, shop.timeZone, `v${shop.scheduleVersion}`, sendingOf(shop)]);
      return rows.length === 0
        ? "There is no shop yet; `npx afterword shop create --help` says how to make one.\n"
        : table(cli.terminal, ["id", "name", "country", "zone", "schedule", "sending"], rows);
    });
  });

  const create = verb(shops, "create", {
    summary: "make a shop with the default schedule",
    example:
      'afterword shop create --name Lantern --time-zone Asia/Shanghai --locale en --country CN \\\n    --from "Lantern <hello@lantern.example>" --postal-address "8 Nanjing Road, Shanghai"',
  });
  for (const [flag, text] of [
    ["--name <name>", "what buyers know it by"],
    ["--time-zone <zone>", "IANA, as Europe/Berlin"],
    ["--locale <tag>", "language of mails to buyers whose own is not known, as en or zh-CN"],
    ["--country <code>", "where it dispatches from, as DE"],
  ] as const) {
    create.requiredOption(flag, text);
  }
  create.requiredOption("--from <mailbox>", 'sender of its mails: "Name <address>"', readSender);
  addDetails(create).action(async ({ json, ...shop }: ShopOptions) => {
    const service = await openService(cli.env);
    const made = await service.call<ShopAnswer>("POST", "/shops", bodyOf(shop));
    answerWith(
      cli,
      { json: json === true },
      made,
      () => `${shopText(cli, made)}\nNext: npx afterword source add standard --shop ${made.id}\n`,
    );
  });

  verb(shops, "show [shop]", { summary: "show a shop, by name or id", example: "afterword shop show Lantern" }).action(
    async (named: string | undefined, options: CommonOptions) => {
      const shop = await chooseShop(await openService(cli.env), named);
      answerWith(cli, options, shop, () => shopText(cli, shop));
    },
  );

  const set = verb(shops, "set [shop]", {
    summary: "change a shop; what is not named stays, and `none` clears what may be absent",
    example: "afterword shop set Lantern --sending off --redirect-to none",
  })
    .option("--name <name>", "what buyers know it by")
    .option("--time-zone <zone>", "IANA, as Europe/Berlin")
    .option("--locale <tag>", "as en or zh-CN")
    .option("--country <code>", "as DE")
    .option("--from <mailbox>", 'sender of its mails: "Name <address>"', readSender);
  addDetails(set).action(async (named: string | undefined, { json, ...change }: ShopOptions) => {
    if (Object.keys(change).length === 0)
      throw new Failure("nothing to change was named; `npx afterword shop set --help` lists what there is", { code: 2 });
    const service = await openService(cli.env);
    const { id } = await chooseShop(service, named);
    const shop = await service.call<ShopAnswer>("PATCH", `/shops/${id}`, bodyOf(change));
    answerWith(cli, { json: json === true }, shop, () => shopText(cli, shop));
  });
  addAttention(shops, cli);
  addShopDays(shops, cli);
}

function addDetails(command: Command): Command {
  return command
    .option("--reply-to <address>", "where answers go")
    .option("--postal-address <text>", "stands at the foot of mails; the law of most countries wants it")
    .option("--website <url>", "https")
    .option("--logo-url <url>", "https")
    .option("--color <hex>", "as #1f6f5c")
    .option("--review-url <url>", "where buyers write reviews")
    .option("--signed-by <name>", "who signs the mails")
    .option("--live-from <time>", "orders placed before it plan nothing, as 2026-01-20T08:00:00Z")
    .option("--sending <on|off>", "off holds everything", readSwitch)
    .option("--redirect-to <address>", "all its mail goes there instead, for trying things out")
    .option("--days-between-asks <n>", "a buyer is asked for something once in so many days", readCount)
    .option("--mails-per-day <n>", "a buyer gets so many care, review and offer mails a day", readCount)
    .option("--customer-notice <text>", "what buyers read where they give their address: that you may ask for a review, and how to object")
    .option("--notice-since <time>", "since when they read it, as 2026-01-20T08:00:00Z");
}

/** What `none` clears. (A parser of options can't answer `null`: it would become an empty text.) */
const clearable: ReadonlySet<string> = new Set([
  "replyTo",
  "postalAddress",
  "website",
  "logoUrl",
  "color",
  "reviewUrl",
  "signedBy",
  "redirectTo",
]);

/** As the API wants it: what belongs together in one object. */
function bodyOf({ daysBetweenAsks, mailsPerDay, customerNotice, noticeSince, ...rest }: ShopOptions): Readonly<Record<string, unknown>> {
  const caps = daysBetweenAsks === undefined && mailsPerDay === undefined ? {} : { caps: { daysBetweenAsks, mailsPerDay } };
  const cleared = customerNotice === "none";
  const given =
    customerNotice === undefined && noticeSince === undefined ? {} : { customerNotice: { text: customerNotice, since: noticeSince } };
  return { ...withoutNones(rest), ...caps, ...(cleared ? { customerNotice: null } : given) };
}

function readCount(text: string): number {
  if (!/^[0-9]{1,3}$/.test(text)) throw new InvalidArgumentError("It is a whole number.");
  return Number(text);
}

function withoutNones(options: object): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [name, value === "none" && clearable.has(name) ? null : value]));
}

function readSwitch(text: string): boolean {
  if (text === "on") return true;
  if (text === "off") return false;
  throw new InvalidArgumentError("It is on or off.");
}

function readSender(text: string): { name: string; address: string } {
  const match = /^\s*"?([^"<]+?)"?\s*<([^<>]+)>\s*$/.exec(text);
  if (match?.[1] === undefined || match[2] === undefined)
    throw new InvalidArgumentError('It looks like "Lantern <hello@lantern.example>".');
  return { name: match[1], address: match[2].trim() };
}

function sendingOf({ sending, redirectTo }: ShopAnswer): string {
  if (!sending) return "off";
  return redirectTo === null ? "on" : `to ${redirectTo}`;
}

function shopText({ terminal }: Cli, shop: ShopAnswer): string {
  return fields(terminal, [
    ["id", shop.id],
    ["name", { text: shop.name, tone: "strong" }],
    ["sending", sendingOf(shop)],
    ["from", `${shop.from.name} <${shop.from.address}>`],
    ["reply to", shop.replyTo],
    ["country, zone", `${shop.country}, ${shop.timeZone}`],
    ["locale", shop.locale],
    ["postal address", shop.postalAddress ?? { text: "none: mails in most countries need one", tone: "warning" }],
    ["website", shop.website],
    ["logo", shop.logoUrl],
    ["colour", shop.color],
    ["reviews at", shop.reviewUrl],
    ["signed by", shop.signedBy],
    ["live from", when(shop.liveFrom, shop.timeZone)],
    ["one buyer gets", `${shop.caps.mailsPerDay} care, review or offer mail a day, one request in ${shop.caps.daysBetweenAsks} days`],
    ["notice to customers", shop.customerNotice === null ? null : `since ${when(shop.customerNotice.since, shop.timeZone)}`],
    ["schedule", `version ${shop.scheduleVersion}`],
  ]);
}
