import type { Hono } from "hono";
import { html } from "hono/html";
import { addressHash, readLinkToken } from "../core/keys.ts";
import type { Category } from "../core/timetable.ts";
import { findAddressee } from "../store/message-list.ts";
import type { SuppressionScope } from "../store/schema.ts";
import { ownReason, suppress } from "../store/suppressions.ts";
import { readBody } from "./body.ts";
import { callerOf, type WebContext, type WebEnv } from "./caller.ts";
import type { WebDeps, WebLimits } from "./deps.ts";
import { type Html, letterPage } from "./html.ts";
import { wordsForBrowser } from "./languages.ts";
import { rateLimit } from "./rate-limit.ts";
import type { BuyerWords } from "./words/words.ts";

/**
 * `/u/{token}`: the way out (OUT-05, RFC 8058).
 *
 * GET shows a page with a button and changes nothing: scanners follow links. POST acts, without cookie, login or redirect, also for a mail
 * program that posts `List-Unsubscribe=One-Click`, and answers once nothing more can go out (OUT-06). The pages are the same for every token, so they
 * tell nobody whether a token is one of ours.
 */
export function serveUnsubscribe(app: Hono<WebEnv>, deps: WebDeps, limits: WebLimits): void {
  const wrong = rateLimit(limits.wrongLinks);

  app.get("/u/:token", (c) => {
    c.header("cache-control", "no-store");
    return c.html(askPage(wordsForBrowser(c)));
  });

  app.post("/u/:token", async (c) => {
    const words = wordsForBrowser(c);
    c.header("cache-control", "no-store");
    const messageId = readLinkToken(deps.keys, "unsubscribe", c.req.param("token"));
    if (messageId === null) {
      const wait = wrong.take(callerOf(c));
      if (wait === 0) return c.html(donePage(words));
      c.header("retry-after", String(wait));
      return c.html(sayPage(words, words.unsubscribe.tooFast), 429);
    }
    try {
      await stop(deps, messageId, await readChoice(c, limits.bodyMs));
    } catch (error) {
      deps.log.error({ err: error, message: messageId }, "an unsubscribe could not be stored");
      c.header("retry-after", "60");
      return c.html(sayPage(words, words.unsubscribe.failed), 503);
    }
    return c.html(donePage(words));
  });
}

/** `unsaid`: a mail program's one click, which has no choice to offer. */
type Choice = "kind" | "optional" | "unsaid";

async function stop(deps: WebDeps, messageId: string, choice: Choice): Promise<void> {
  const addressee = await findAddressee(deps.db, messageId);
  // Erased with its order, or the buyer never had an address: there is nobody left to mail.
  if (addressee === null || addressee.emailHash === null) return;
  const { shopId, emailHash, email, category } = addressee;
  const address = email !== null && addressHash(deps.keys, shopId, email).equals(emailHash) ? email : null;
  await suppress(deps.db, { shopId, addressHash: emailHash, address, scopes: scopesOf(choice, category), reason: ownReason }, deps.now);
  deps.log.info({ message: messageId, choice }, "a buyer unsubscribed");
  deps.wake("plan");
}

/**
 * Who wants no more notices about an order wants no more mail. A single click on anything else means all mail that nobody needs: who
 * leaves a check-in must not be asked for a review two weeks later.
 */
function scopesOf(choice: Choice, category: Category): readonly SuppressionScope[] {
  if (category === "order") return choice === "optional" ? optional : ["all"];
  return choice === "kind" ? [category] : optional;
}

const optional = ["care", "review", "offer"] as const;

/** What the page's form says. A mail program's post, or anything that can't be read, says nothing. */
async function readChoice(c: WebContext, withinMs: number): Promise<Choice> {
  const reading = await readBody(c, { maxBytes: 16_384, withinMs });
  if (reading.kind !== "read" || !/^application\/x-www-form-urlencoded/i.test(c.req.header("content-type") ?? "")) return "unsaid";
  const choice = new URLSearchParams(reading.body.toString("utf8")).get("choice");
  return choice === "kind" || choice === "optional" ? choice : "unsaid";
}

function askPage({ lang, unsubscribe: words }: BuyerWords): Html {
  return letterPage({
    lang,
    title: words.title,
    body: html`<h1>${words.ask}</h1>
      <p class="quiet">${words.explain}</p>
      <form method="post">
        <fieldset>
          <legend class="unseen">${words.title}</legend>
          <label class="choice"><input type="radio" name="choice" value="kind" checked><span>${words.kind}</span></label>
          <label class="choice"><input type="radio" name="choice" value="optional"><span>${words.optional}</span></label>
        </fieldset>
        <p><button class="button" type="submit">${words.confirm}</button></p>
      </form>`,
  });
}

function donePage({ lang, unsubscribe: words }: BuyerWords): Html {
  return letterPage({ lang, title: words.doneTitle, body: html`<h1>${words.doneTitle}</h1><p>${words.done}</p>` });
}

function sayPage({ lang, unsubscribe: words }: BuyerWords, sentence: string): Html {
  return letterPage({ lang, title: words.title, body: html`<h1>${words.title}</h1><p>${sentence}</p>` });
}
