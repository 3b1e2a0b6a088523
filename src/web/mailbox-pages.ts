import { html } from "hono/html";
import type { Header } from "postal-mime";
import { type Instant, iso } from "../core/instant.ts";
import type { KeptMail } from "../store/mailbox.ts";
import type { Html } from "./html.ts";

export const viewNames = ["html", "phone", "text", "headers"] as const;
export type MailView = (typeof viewNames)[number];

const viewTitles: Readonly<Record<MailView, string>> = { html: "Mail", phone: "On a phone", text: "Text", headers: "Headers" };

/** The list of mails, newest first. */
export function listBody(mails: readonly KeptMail[], more: boolean): Html {
  const last = mails.at(-1);
  if (last === undefined) {
    return html`<h1>No mail here yet.</h1>
      <p class="quiet">Mails stay here instead of going out, because no <code>SMTP_URL</code> is set. The first one appears when something is due.</p>`;
  }
  return html`<h1>Mailbox</h1>
    <p class="quiet">These mails stay here instead of going out, because no <code>SMTP_URL</code> is set. The newest 2,000 are kept.</p>
    <table class="rows mails">
      <thead><tr><th scope="col">When (UTC)</th><th scope="col">To</th><th scope="col">Subject</th></tr></thead>
      <tbody>${mails.map(
        (mail) =>
          html`<tr><td class="when">${when(mail.receivedAt)}</td><td>${mail.recipient}</td><td><a href="/mailbox/${mail.id}">${mail.subject || "(no subject)"}</a></td></tr>`,
      )}</tbody>
    </table>
    ${more ? html`<p><a href="/mailbox?after=${last.id}">Older mails</a></p>` : ""}`;
}

export interface ShownMail {
  readonly mail: KeptMail;
  readonly view: MailView;
  /** Pictures of other hosts are fetched. */
  readonly pictures: boolean;
  readonly text: string;
  readonly headers: readonly Header[];
}

/** One mail in one of its views; the view is in the address. */
export function mailBody({ mail, view, pictures, text, headers }: ShownMail): Html {
  const here = `/mailbox/${mail.id}`;
  return html`<p><a href="/mailbox">Mailbox</a></p>
    <h1>${mail.subject || "(no subject)"}</h1>
    <dl class="pairs">
      <dt>From</dt><dd>${mail.sender}</dd>
      <dt>To</dt><dd>${mail.recipient}</dd>
      <dt>When</dt><dd>${when(mail.receivedAt)} UTC</dd>
    </dl>
    <nav class="views" aria-label="Views of the mail">
      ${viewNames.map((name) => html`<a href="${here}?view=${name}"${name === view ? html` aria-current="page"` : ""}>${viewTitles[name]}</a>`)}
      <a href="${here}/raw" download>Download</a>
    </nav>
    ${content({ mail, view, pictures, text, headers })}`;
}

function content({ mail, view, pictures, text, headers }: ShownMail): Html {
  switch (view) {
    case "html":
    case "phone": {
      const source = `/mailbox/${mail.id}/html${pictures ? "?images=1" : ""}`;
      return html`<div class="frame ${view}"><iframe title="The mail as its reader sees it" src="${source}"
          sandbox="allow-popups allow-popups-to-escape-sandbox" loading="eager"></iframe></div>
        <p class="small">${
          pictures
            ? html`Pictures are fetched from their hosts. <a href="/mailbox/${mail.id}?view=${view}">Don’t fetch them</a>`
            : html`Pictures of other hosts are not fetched. <a href="/mailbox/${mail.id}?view=${view}&amp;images=1">Show pictures</a>`
        }</p>`;
    }
    case "text":
      return html`<pre class="sheet" tabindex="0">${text}</pre>`;
    case "headers":
      return html`<pre class="sheet" tabindex="0">${headers.map(({ originalKey, value }) => `${originalKey}: ${value}`).join("\n")}</pre>`;
  }
}

export function noMailBody(): Html {
  return html`<h1>There is no such mail.</h1><p class="quiet">The newest 2,000 are kept. <a href="/mailbox">All mails</a></p>`;
}

function when(at: Instant): string {
  return iso(at).slice(0, 16).replace("T", " ");
}
