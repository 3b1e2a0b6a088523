import { html } from "hono/html";
import type { SuppressionScope } from "../store/schema.ts";
import { ownReason, type Suppression } from "../store/suppressions.ts";
import type { BuyerScene } from "./buyer-scene.ts";
import type { Html } from "./html.ts";
import type { Choice } from "./words/words.ts";

/** Kinds of mail a buyer may do without. */
export const optionalMails = ["care", "review", "offer"] as const;

/** `on`; `stopped` by the buyer, who may have it back; `blocked` by somebody else: the shop, or a mailbox that takes no mail. */
export type MailStand = "on" | "stopped" | "blocked";

export function mailStand(suppressions: readonly Suppression[], scope: SuppressionScope): MailStand {
  const found = suppressions.find((one) => one.scope === scope);
  if (found === undefined) return "on";
  return found.reason === ownReason ? "stopped" : "blocked";
}

/** Which mails the buyer gets from the shop, and a way to change it. */
export function mailsPart(scene: BuyerScene, opened: boolean): Html | "" {
  const { words, href, suppressions, emailHash, closed } = scene;
  if (emailHash === null || closed) return "";
  const say = words.mails;
  const all = mailStand(suppressions, "all");
  const fold = (body: Html) => html`<section id="mails"><details class="fold"${opened ? html` open` : ""}>
    <summary><h2>${say.title}</h2></summary><div>${body}</div></details></section>`;
  if (all === "blocked") return fold(html`<p>${say.stoppedByShop}</p>`);
  const rows = optionalMails.map((scope) =>
    mailRow(scope, say[scope], all === "stopped" ? "stopped" : mailStand(suppressions, scope), scene),
  );
  const order =
    all === "stopped"
      ? mailRow("order", say.order, "stopped", scene)
      : html`<div class="card"><span><strong>${say.order.name}</strong><br><span class="quiet">${say.order.means}</span></span></div>`;
  return fold(html`<p class="quiet">${say.lead}</p>
    <form method="post" action="${href("mails")}">
      <fieldset><legend class="unseen">${say.title}</legend>${rows}${order}</fieldset>
      <p class="act"><button class="button" type="submit">${say.save}</button></p>
    </form>`);
}

function mailRow(name: string, { name: title, means }: Choice, stand: MailStand, { words }: BuyerScene): Html {
  if (stand === "blocked") {
    return html`<div class="card"><span><strong>${title}</strong><br><span class="quiet">${words.mails.stoppedByShop}</span></span></div>`;
  }
  return html`<label class="card"><input type="checkbox" name="${name}" value="on"${stand === "on" ? html` checked` : ""}>
    <span><strong>${title}</strong><br><span class="quiet">${means}</span></span></label>`;
}
