import type { Deps } from "../jobs/deps.ts";
import { letterOf } from "../jobs/letter.ts";
import { isId } from "./core/ids.ts";
import type { ShownMail } from "./core/letter.ts";
import { acceptedAttempt } from "./store/attempts.ts";
import { loadMessage } from "./store/claimed.ts";
import { loadForPlanning } from "./store/planning.ts";
import { shopIdentities } from "./store/shop-identities.ts";

/** Renders a message as it would go out now; nothing is sent or changed. */
export async function preview(deps: Deps, messageId: string): Promise<ShownMail | { readonly failed: string }> {
  const message = isId(messageId) ? await loadMessage(deps.db, messageId) : null;
  if (message === null) return { failed: "there is no such message" };
  const [known] = await loadForPlanning(deps.db, deps.keys, { orderIds: [message.orderId], lock: false });
  const shop = (await shopIdentities(deps.db, [message.shopId])).get(message.shopId);
  if (known === undefined || shop === undefined) return { failed: "its order can't be read" };
  const composed = await deps.mailer.compose(letterOf(message, known, shop, deps.now(), { mayAsk: true }));
  if (composed.kind === "failed") return { failed: composed.reason };
  return { subject: composed.subject, html: composed.html, text: composed.text, headers: composed.headers };
}

/** Shows a message as it went out, from the template and the data of that time; `null` when it never did, or when its data are erased. */
export async function sentMail(deps: Deps, messageId: string): Promise<ShownMail | null> {
  const attempt = isId(messageId) ? await acceptedAttempt(deps.db, messageId) : null;
  if (attempt === null || attempt.input === null) return null;
  return deps.mailer.show(attempt.compiled, attempt.input);
}
