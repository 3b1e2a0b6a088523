import { html } from "hono/html";
import { includesRole, type TokenRole } from "../../../core/token-role.ts";
import type { Html } from "../../html.ts";
import type { ShopVisit } from "../route.ts";
import { settingsWords } from "./words.ts";

const tabs = [
  ["shop", "/settings", "viewer"],
  ["rules", "/settings/rules", "viewer"],
  ["transit", "/settings/transit", "viewer"],
  ["users", "/settings/users", "owner"],
  ["tokens", "/settings/tokens", "owner"],
  ["audit", "/settings/audit", "operator"],
  ["work", "/settings/work", "operator"],
] as const satisfies readonly (readonly [string, string, TokenRole])[];

/** The parts of the settings that this user may see. */
export function settingsTabs(visit: ShopVisit, here: (typeof tabs)[number][0]): Html {
  const w = visit.say(settingsWords);
  return html`<nav class="tabs" aria-label="${w.title}">${tabs
    .filter(([, , role]) => includesRole(visit.user.role, role))
    .map(
      ([name, path]) => html`<a href="${visit.link(path)}"${name === here ? html` aria-current="page"` : ""}>${w.tabs[name]}</a>`,
    )}</nav>`;
}
