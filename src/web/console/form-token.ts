import { html } from "hono/html";
import type { Keys } from "../../core/keys.ts";
import type { WebContext } from "../caller.ts";
import type { WebDeps } from "../deps.ts";
import type { Html } from "../html.ts";
import { formToken, isFormToken } from "./links.ts";

const field = "_form";
const header = "x-afterword-form";

export function formFields(keys: Keys, secret: Buffer): Html {
  return html`<input type="hidden" name="${field}" value="${formToken(keys, secret)}">`;
}

/** For `hx-headers`. */
export function formHeaders(keys: Keys, secret: Buffer): string {
  return JSON.stringify({ [header]: formToken(keys, secret) });
}

/** Whether a form was sent from a page that we made for this session (SEC-06); a browser that says it came from elsewhere is believed. */
export function isOurForm(c: WebContext, { keys }: Pick<WebDeps, "keys">, secret: Buffer, form: URLSearchParams): boolean {
  const site = c.req.header("sec-fetch-site");
  if (site !== undefined && site !== "same-origin" && site !== "none") return false;
  return isFormToken(keys, secret, form.get(field) ?? c.req.header(header) ?? "");
}
