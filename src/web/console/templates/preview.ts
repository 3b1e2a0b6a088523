import { sharedKey } from "../../../core/override.ts";
import type { OverrideVersion } from "../../../store/template-overrides.ts";
import type { TemplateSamples } from "../../template-samples.ts";
import { missing, type Reply, type ShopVisit, shopRoute } from "../route.ts";
import { type Sheet, sheetOf } from "./draft.ts";

/** A mail as a shop has it: its words and bodies, its name and brand. */
export function asShopHas(
  { shop }: ShopVisit,
  samples: TemplateSamples,
  inForce: ReadonlyMap<string, OverrideVersion>,
  key: string,
  locale: string,
) {
  const of = (name: string) => inForce.get(name)?.files ?? {};
  return samples.preview({ key, locale, own: of(key), shared: of(sharedKey), shop, order: null });
}

/** The words all mails share are shown in this one. */
export const shownForShared = "check-in";

/** A mail as a draft would make it. */
export function draftMail({ shop }: ShopVisit, { samples, key, locale, inForce, files }: Sheet) {
  const of = (name: string) => inForce.get(name)?.files ?? {};
  const shared = key === sharedKey;
  const shown = shared ? shownForShared : key;
  return samples.preview({
    key: shown,
    locale,
    own: shared ? of(shown) : files,
    shared: shared ? files : of(sharedKey),
    shop,
    order: null,
  });
}

/** The draft in the frame beside its form: posted there, so that nothing of it is kept. */
export const draftFrame = shopRoute({
  method: "post",
  path: "/templates/mail",
  role: "operator",
  section: "templates",
  async handle(visit) {
    const sheet = await sheetOf(visit);
    if (sheet === null) return missing();
    const mail = await draftMail(visit, sheet);
    return mail.kind === "failed" ? { kind: "mail", html: null, text: mail.reason } : mailReply(mail, visit.form.get("view"));
  },
});

/** A mail as one looks at it: `dark`, `text`, else as it is. */
export function mailReply({ html, text }: { readonly html: string; readonly text: string }, view: string | null): Reply {
  if (view === "text") return { kind: "mail", html: null, text };
  return { kind: "mail", html: view === "dark" ? asDark(html) : html, text };
}

/** As a reader in the dark sees it: the rules for that are made to hold always. */
function asDark(mail: string): string {
  return mail.replaceAll(/@media\s*\(\s*prefers-color-scheme\s*:\s*dark\s*\)/g, "@media all");
}
