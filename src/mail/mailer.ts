import { join } from "node:path";
import { readAddress } from "../core/address.ts";
import { type Keys, linkToken } from "../core/keys.ts";
import type { Composed, Letter, Mailer } from "../core/letter.ts";
import { localDay } from "../core/local-time.ts";
import type { OverrideFiles } from "../core/override.ts";
import { zoneOfBuyer } from "../core/zone-of-buyer.ts";
import { type CompiledMail, compiledFromJson, mailCompiler } from "./compile.ts";
import { composeMail, rfcMessageId } from "./headers.ts";
import { localeFor, mailData } from "./mail-data.ts";
import { render } from "./render.ts";
import { forbiddenInMail } from "./send-lint.ts";
import { shopCompiler, type WantedOverride } from "./shop-compiler.ts";
import { loadTemplates } from "./template-files.ts";
import type { Transport } from "./transport.ts";

export interface MailerParts {
  readonly transport: Transport;
  readonly keys: Keys;
  /** What links start with, without a slash at the end. */
  readonly publicUrl: string;
  /** Keeps a compiled template for good before its first mail goes out; called at least once for each, in each process. */
  keepTemplate(template: {
    readonly version: string;
    readonly key: string;
    readonly locale: string;
    readonly compiled: unknown;
  }): Promise<void>;
  /** The files of one version of a shop's override, asked for once in each process; `null`: there is none. Rejects while it can't be told. */
  loadOverride(wanted: WantedOverride): Promise<OverrideFiles | null>;
}

/** Opens the mailer on the templates of this installation. Throws when they are not whole. */
export function openMailer({
  transport,
  keys,
  publicUrl,
  keepTemplate,
  loadOverride,
}: MailerParts): Mailer & { readonly templateKeys: ReadonlySet<string> } {
  const templates = loadTemplates(join(import.meta.dirname, "../../templates"));
  const builtIn = mailCompiler(templates);
  const compiler = shopCompiler(templates, builtIn, loadOverride);
  const kept = new Set<string>();

  async function keep(compiled: CompiledMail): Promise<void> {
    if (kept.has(compiled.version)) return;
    const { version, key, locale } = compiled;
    await keepTemplate({ version, key, locale, compiled });
    if (kept.size >= 10_000) kept.clear();
    kept.add(version);
  }

  /** Whatever is wrong with a template, or with what is known of an order, fails this mail alone: it would be wrong again at every other try. */
  async function fill(letter: Letter, links: ReturnType<typeof linksOf>) {
    const { order, shop } = letter;
    const locale = localeFor(order, shop, builtIn.localesOf(letter.template));
    // throws when the database can't be asked for the shop's own: that is no fault of the mail
    const compiling = await compiler.compile(shop, letter.template, locale);
    if (compiling.kind === "broken") return failed(compiling.reason);
    const compiled = compiling.mail;
    try {
      const { zone } = zoneOfBuyer(order.address, shop.timeZone);
      const data = mailData({ ...letter, zone, locale, links, today: localDay(zone, letter.date) });
      const rendered = render(compiled, data);
      if (rendered.kind === "failed") return failed(rendered.reason);
      const forbidden = forbiddenInMail(compiled, data);
      return forbidden === null ? ({ kind: "filled", compiled, data, rendered } as const) : failed(forbidden, "lint-blocked");
    } catch (error) {
      return failed(error instanceof Error ? error.message : String(error));
    }
  }

  async function compose(letter: Letter): Promise<Composed> {
    const { order, shop } = letter;
    const recipient = readAddress(shop.redirectTo ?? order.buyer.email ?? "");
    if (recipient.kind === "bad") return failed(`the address it would go to ${recipient.reason}`);
    if (!templates.byKey.has(letter.template)) return failed(`there is no template ${letter.template}`);
    const links = linksOf(letter, keys, publicUrl);
    const filled = await fill(letter, links);
    if (filled.kind === "failed") return filled;
    const { compiled, data, rendered } = filled;
    await keep(compiled);
    const { subject, html, text } = rendered;
    const mail = composeMail({
      messageId: letter.messageId,
      date: letter.date,
      from: shop.from,
      to: { name: order.buyer.name, address: recipient.address },
      replyTo: shop.replyTo,
      subject,
      html,
      text,
      category: letter.category,
      step: letter.step,
      shopId: shop.id,
      senderId: "afterword",
      unsubscribe: links.unsubscribe,
    });
    return {
      kind: "ready",
      subject,
      html,
      text,
      ...mail,
      rfcMessageId: rfcMessageId(letter.messageId, shop.from.address),
      templateVersion: compiled.version,
      input: { data, headers: mail.headers },
    };
  }

  return {
    templateKeys: new Set(templates.byKey.keys()),
    compose,
    send: (mail, begin, held) => transport.send({ envelope: mail.envelope, raw: mail.raw }, begin, held),
    show(compiled, input) {
      const template = compiledFromJson(compiled);
      if (template === null || !isKeptInput(input)) return null;
      const rendered = render(template, input.data);
      return rendered.kind === "failed"
        ? null
        : { subject: rendered.subject, html: rendered.html, text: rendered.text, headers: input.headers };
    },
  };
}

function failed(reason: string, because: "render-failed" | "lint-blocked" = "render-failed") {
  return { kind: "failed", because, reason } as const;
}

function linksOf({ messageId, order, shop }: Letter, keys: Keys, publicUrl: string) {
  const buyerPage = `${publicUrl}/b/${linkToken(keys, "buyer", order.id)}`;
  return {
    unsubscribe: `${publicUrl}/u/${linkToken(keys, "unsubscribe", messageId)}`,
    buyerPage,
    // A shop without a place for reviews still wants to hear how it went.
    review: shop.reviewUrl ?? buyerPage,
  };
}

function isKeptInput(input: unknown): input is { readonly data: object; readonly headers: Readonly<Record<string, string>> } {
  return typeof input === "object" && input !== null && "data" in input && "headers" in input && typeof input.data === "object";
}
