import { html } from "hono/html";
import { includesRole } from "../../../core/token-role.ts";
import { findDelivery, type RawDelivery, retryDelivery } from "../../../store/quarantine.ts";
import { findSource } from "../../../store/sources.ts";
import type { Html } from "../../html.ts";
import { actButton } from "../parts/act.ts";
import { number, when } from "../parts/time.ts";
import { go, missing, page, type ShopVisit, shopRoute } from "../route.ts";
import { nameOf } from "./health.ts";
import { sourceWords } from "./words.ts";

/** Of a larger body only so much is shown. */
const mostShown = 200_000;

/** One webhook as it came, and why it could not be used. */
export const deliveryPage = shopRoute({
  method: "get",
  path: "/deliveries/:id",
  role: "operator",
  section: "sources",
  async handle(visit) {
    const delivery = await findDelivery(visit.deps.db, visit.shop.id, visit.params["id"] ?? "");
    const source = delivery === null ? null : await findSource(visit.deps.db, delivery.sourceId);
    if (delivery === null || source === null) return missing();
    const w = visit.say(sourceWords).delivery;
    const again =
      ["quarantined", "waiting"].includes(delivery.state) && delivery.body !== null && includesRole(visit.user.role, "operator");
    return page({
      title: w.title,
      crumbs: [{ name: nameOf(source), href: visit.link(`/sources/${source.id}`) }],
      sentence: sentenceOf(visit, delivery),
      ...(again
        ? { actions: actButton(visit, { action: visit.link(`/deliveries/${delivery.id}/retry`), label: w.retry, tone: "main" }) }
        : {}),
      body: html`${again ? html`<p class="quiet">${w.help}</p>` : ""}
        <dl class="pairs"><dt>${w.came}</dt><dd>${when(visit, delivery.receivedAt, { exact: true })}</dd>
          <dt>${w.pointer}</dt><dd>${delivery.pointer === null || delivery.pointer === "" ? w.whole : html`<code>${delivery.pointer}</code>`}</dd></dl>
        <section aria-labelledby="body"><h2 id="body">${w.body}</h2>${bodyOf(visit, delivery)}</section>
        <details class="unfold"><summary>${w.headers}</summary><pre class="sheet" tabindex="0">${Object.entries(delivery.headers)
          .map(([name, value]) => `${name}: ${value}`)
          .join("\n")}</pre></details>`,
    });
  },
});

export const retryOne = shopRoute({
  method: "post",
  path: "/deliveries/:id/retry",
  role: "operator",
  section: "sources",
  async handle(visit) {
    const id = visit.params["id"] ?? "";
    if ((await findDelivery(visit.deps.db, visit.shop.id, id)) === null) return missing();
    const retried = await visit.change(async (trx) => {
      const result = await retryDelivery(trx, id);
      const entry = result.kind === "retried" ? { shopId: visit.shop.id, action: "delivery.retried", subject: id } : null;
      return { entry, result };
    });
    const w = visit.say(sourceWords).delivery;
    if (retried.kind === "unknown") return missing();
    visit.deps.wake("take-in");
    return go(visit.link(`/deliveries/${id}`), { text: retried.kind === "retried" ? w.retried : w.notPossible(retried.reason) });
  },
});

function sentenceOf(visit: ShopVisit, { state, topic, reason, waitsFor }: RawDelivery): string {
  const w = visit.say(sourceWords).delivery;
  if (state === "waiting") return w.waiting(topic, waitsFor ?? "");
  return state === "quarantined" ? w.sentence(topic, reason ?? "") : w.fine(topic);
}

/** Indented where it is JSON; numbers stay as they were written, since ids can be longer than a number holds. */
function bodyOf(visit: ShopVisit, { body }: RawDelivery): Html {
  const w = visit.say(sourceWords).delivery;
  if (body === null) return html`<p class="quiet">${w.dropped}</p>`;
  const text = body.subarray(0, mostShown).toString("utf8");
  return html`<pre class="sheet" tabindex="0">${body.length > mostShown ? text : indented(text)}</pre>
    ${body.length > mostShown ? html`<p class="small">${w.shortened(number(visit, body.length))}</p>` : ""}`;
}

function indented(text: string): string {
  try {
    JSON.parse(text);
  } catch {
    return text;
  }
  let depth = 0;
  // Outside of strings only: the text itself stays as it came.
  return text.replaceAll(/"(?:[^"\\]|\\.)*"|[{[]\s*[}\]]|[{[]|[}\]]|,|:\s*|\s+/g, (piece) => {
    if (piece.startsWith('"') || /^[{[]\s*[}\]]$/.test(piece)) return piece;
    if (piece === "{" || piece === "[") {
      depth += 1;
      return `${piece}\n${"  ".repeat(depth)}`;
    }
    if (piece === "}" || piece === "]") {
      depth -= 1;
      return `\n${"  ".repeat(Math.max(0, depth))}${piece}`;
    }
    if (piece === ",") return `,\n${"  ".repeat(depth)}`;
    return piece.startsWith(":") ? ": " : "";
  });
}
