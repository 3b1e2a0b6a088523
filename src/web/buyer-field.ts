import { html } from "hono/html";
import type { Html } from "./html.ts";
import type { BuyerWords } from "./words/words.ts";

/** What was posted and can't be taken as it is: said where it is to be mended, and nothing that was typed is lost. */
export interface Draft {
  readonly part: BuyerPart;
  readonly error: string;
  readonly values: Readonly<Record<string, string>>;
}

export const buyerParts = ["report", "choice", "feedback", "mails"] as const;
export type BuyerPart = (typeof buyerParts)[number];

/** Longest text a buyer may send, in characters. */
export const longestText = 2_000;

interface TextField {
  readonly id: string;
  readonly name: string;
  readonly label: string;
  readonly optional: boolean;
  readonly value: string;
  readonly error: string | null;
}

/** Room for some sentences, in whatever direction they are written. */
export function textField({ form }: BuyerWords, { id, name, label, optional, value, error }: TextField): Html {
  return html`<div class="field">
    <label for="${id}">${label}${optional ? html` <span class="quiet">(${form.optional})</span>` : ""}</label>
    ${error === null ? "" : html`<p class="wrong" role="alert" id="${id}-error">${error}</p>`}
    <textarea id="${id}" name="${name}" rows="4" maxlength="${longestText}" dir="auto"${optional ? "" : html` required`}${error === null ? "" : html` aria-invalid="true" aria-describedby="${id}-error"`}>${value}</textarea>
  </div>`;
}

/** What a buyer wrote, shown back. */
export function quoted(text: string | null): Html | "" {
  return text === null ? "" : html`<blockquote dir="auto">${text}</blockquote>`;
}
