import { text as readAll } from "node:stream/consumers";
import type { Command } from "commander";
import { isId } from "../core/ids.ts";
import { usuallySentBy } from "../core/platform-mails.ts";
import type { WrittenSchedule } from "../core/schedule-shape.ts";
import type { SourceAnswer } from "./answers.ts";
import { chooseShop } from "./choose.ts";
import { Failed, Failure } from "./failure.ts";
import { openService, type ServiceClient } from "./service-client.ts";
import { testSource } from "./source-test.ts";
import { fields, table } from "./table.ts";
import { type Terminal, toned } from "./terminal.ts";
import { when } from "./times.ts";
import { answerWith, type Cli, type CommonOptions, group, verb } from "./verb.ts";

interface AddOptions extends CommonOptions {
  readonly shop?: string;
  readonly secret?: string;
  readonly domain?: string;
  readonly augments?: string;
  readonly platformSends?: readonly string[];
}

/** `source list | add | set | rotate | test` */
export function addSourceCommands(program: Command, cli: Cli): void {
  const sources = group(program, "source", "sources: what sends a shop's webhooks");

  verb(sources, "list", { summary: "list a shop's sources, newest first", example: "afterword source list --shop Lantern" })
    .option("-s, --shop <shop>", "name or id; needed when there are several")
    .action(async (options: CommonOptions & { readonly shop?: string }) => {
      const service = await openService(cli.env);
      const shop = await chooseShop(service, options.shop);
      const list = await service.list<SourceAnswer>(`/shops/${shop.id}/sources`, "sources");
      answerWith(cli, options, { sources: list }, () =>
        list.length === 0
          ? `${shop.name} has no source yet; \`npx afterword source add --help\` says how to connect one.\n`
          : table(
              cli.terminal,
              ["id", "platform", "domain", "augments", "last webhook"],
              list.map((one) => [
                one.id,
                one.platform,
                one.domain ?? "",
                one.augments ?? "",
                one.lastDeliveryAt === null ? { text: "never", tone: "warning" } : when(one.lastDeliveryAt, shop.timeZone),
              ]),
            ),
      );
    });

  verb(sources, "add <platform>", {
    summary: "connect a source: shopify, woocommerce or standard",
    example: "afterword source add shopify --shop Lantern --domain lantern.myshopify.com --secret - < secret.txt",
  })
    .option("-s, --shop <shop>", "name or id; needed when there are several")
    .option("--secret <secret>", "what the platform signs with; - reads it from standard input; a standard source is given one")
    .option("--domain <domain>", "the shop's domain there, which webhooks must then name")
    .option("--augments <source>", "id of the source to whose orders this one adds facts")
    .option("--platform-sends <mails>", `${platformSendsHelp}; asked for at a terminal when absent`, readMails)
    .action(async (platform: string, { json, shop, secret, platformSends, ...rest }: AddOptions) => {
      const service = await openService(cli.env);
      const { id } = await chooseShop(service, shop);
      const given = await readSecret(secret);
      // Who types a secret into standard input is not asked there as well.
      const sends =
        platformSends ?? (json === true || secret === "-" ? [] : await askForMails(cli.terminal, service, { shopId: id, platform }));
      const made = await service.call<SourceAnswer>("POST", `/shops/${id}/sources`, {
        platform,
        ...(given === null ? {} : { secret: given }),
        ...(sends.length === 0 ? {} : { platformSends: sends }),
        ...rest,
      });
      answerWith(cli, { json: json === true }, made, () => `${secretText(cli, made, platform === "standard")}${switchedText(made)}`);
    });

  verb(sources, "set <source>", {
    summary: "say which mails the platform sends itself: the steps with these are switched off, others on again",
    example: "afterword source set 019bd4a0-6c00-7cc3-98c4-dc0c0c07398f --platform-sends order-confirmed",
  })
    .requiredOption("--platform-sends <mails>", platformSendsHelp, readMails)
    .action(async (source: string, { json, platformSends }: CommonOptions & { readonly platformSends: readonly string[] }) => {
      const id = readId(source);
      const changed = await (await openService(cli.env)).call<SourceAnswer>("PATCH", `/sources/${id}`, { platformSends });
      const list = changed.platformSends.length === 0 ? "none" : changed.platformSends.join(", ");
      answerWith(cli, { json: json === true }, changed, () => `Mails the platform sends: ${list}.\n${switchedText(changed)}`);
    });

  verb(sources, "rotate <source>", {
    summary: "set a new secret; the old one stays valid until --end",
    example:
      "afterword source rotate 019bd4a0-6c00-7cc3-98c4-dc0c0c07398f\nafterword source rotate 019bd4a0-6c00-7cc3-98c4-dc0c0c07398f --end",
  })
    .option("--secret <secret>", "the new one; - reads it from standard input; a standard source is given one")
    .option("--end", "end the rotation: only the new secret stays valid")
    .action(async (source: string, { json, secret, end }: CommonOptions & { readonly secret?: string; readonly end?: boolean }) => {
      const id = readId(source);
      const service = await openService(cli.env);
      if (end === true) {
        await service.call("DELETE", `/sources/${id}/old-secret`);
        answerWith(cli, { json: json === true }, { id, rotating: false }, () => "Only the new secret is valid now.\n");
        return;
      }
      const given = await readSecret(secret);
      const rotated = await service.call<SourceAnswer>("POST", `/sources/${id}/rotate-secret`, given === null ? {} : { secret: given });
      answerWith(
        cli,
        { json: json === true },
        rotated,
        () => `${secretText(cli, rotated, secret === undefined)}\nWhen the sender signs with it: npx afterword source rotate ${id} --end\n`,
      );
    });

  verb(sources, "test <source>", {
    summary: "send a signed test webhook to its hook, and see what becomes of it",
    example: "afterword source test 019bd4a0-6c00-7cc3-98c4-dc0c0c07398f",
  }).action(async (source: string, options: CommonOptions) => {
    const found = await testSource(await openService(cli.env), readId(source));
    answerWith(
      cli,
      options,
      found,
      () => `${toned(cli.terminal, found.ok ? "good" : "bad", found.ok ? "works" : "fails")}  ${found.detail}\n`,
    );
    if (!found.ok) throw new Failed();
  });
}

const platformSendsHelp = "templates of mails that the platform sends itself, as order-confirmed,dispatch-notice, or none";

function readMails(text: string): readonly string[] {
  const names = text.split(/[\s,]+/).filter((name) => name !== "");
  return names.length === 1 && names[0] === "none" ? [] : names;
}

/** Asks which mails the platform sends, of those the schedule has; the usual ones when the answer is empty, none where nobody sits. */
async function askForMails(
  { ask }: Terminal,
  service: ServiceClient,
  { shopId, platform }: { readonly shopId: string; readonly platform: string },
): Promise<readonly string[]> {
  if (ask === undefined) return [];
  const { schedule } = await service.call<{ schedule: WrittenSchedule }>("GET", `/shops/${shopId}/schedule`);
  const usual = usuallySentBy(platform).filter((template) => schedule.steps.some((step) => step.template === template));
  if (usual.length === 0) return [];
  const answer = await ask(
    `Which mails does ${platform} send your buyers already? They are then switched off here.\n` +
      `  Enter for the usual: ${usual.join(", ")}; or a list, or none: `,
  );
  return answer === "" ? usual : readMails(answer);
}

/** What of the schedule was switched, and how to change it. */
function switchedText({ id, switched }: SourceAnswer): string {
  if (switched === undefined || switched === null) return "";
  const of = (keys: readonly string[], word: string) =>
    keys.length === 0 ? "" : `Switched ${word} in the schedule: ${keys.join(", ")}.\n`;
  const undo = switched.off.length === 0 ? "" : `To have them here after all: npx afterword source set ${id} --platform-sends none\n`;
  return `${of(switched.off, "off")}${of(switched.on, "on again")}${undo}`;
}

/** An id as an argument; anything else was not meant. */
export function readId(text: string): string {
  if (isId(text)) return text;
  throw new Failure(`${JSON.stringify(text)} is not an id such as 019bd4a0-6c00-7cc3-98c4-dc0c0c07398f`, { code: 2 });
}

/** From standard input a secret is seen by nobody who lists processes. */
async function readSecret(given: string | undefined): Promise<string | null> {
  if (given !== "-") return given ?? null;
  const secret = (await readAll(process.stdin)).trim();
  if (secret === "") throw new Failure("--secret - reads the secret from standard input, but nothing came", { code: 2 });
  return secret;
}

function secretText({ terminal }: Cli, source: SourceAnswer, ours: boolean): string {
  return fields(terminal, [
    ["id", source.id],
    ["platform", source.platform],
    ["hook", { text: source.hookUrl, tone: "strong" }],
    ["secret", ours && source.secret !== undefined ? `${source.secret}  (shown this once)` : "as given"],
  ]);
}
