import { html } from "hono/html";
import { findOverride } from "../../../store/template-overrides.ts";
import { publishTemplate } from "../../template-publishing.ts";
import { go, missing, type ShopVisit, shopRoute } from "../route.ts";
import { sheetOf } from "./draft.ts";
import { editPage, nameOf } from "./edit.ts";
import { editWords } from "./edit-words.ts";
import { draftMail } from "./preview.ts";

const actorOf = ({ user }: ShopVisit) => ({ kind: "user", id: user.id, name: user.name }) as const;

/** Publishes the draft; what blocks is shown in it, and nothing typed is lost. */
export const publishSheet = shopRoute({
  method: "post",
  path: "/templates/publish",
  role: "operator",
  section: "templates",
  async handle(visit) {
    const sheet = await sheetOf(visit);
    if (sheet === null) return missing();
    const e = visit.say(editWords);
    const { samples, key, locale, files, basedOn, inForce } = sheet;
    const before = inForce.get(key)?.version ?? 0;
    if (before === basedOn && JSON.stringify(files) === JSON.stringify(inForce.get(key)?.files ?? {})) {
      return editPage(visit, sheet, { notice: html`<div class="notice" role="status"><p>${e.same}</p></div>` });
    }
    const note = (visit.form.get("note") ?? "")
      .replaceAll(/\p{Cc}+/gu, " ")
      .trim()
      .slice(0, 200);
    const wish = { shop: visit.shop, key, files, note: note === "" ? null : note, basedOn, actor: actorOf(visit) };
    const ended = await publishTemplate(visit.deps, samples, wish);
    if (ended === null) return missing();
    if (ended.kind === "refused") {
      const notice = html`<div class="notice bad" role="alert"><p>${e.refused}</p></div>`;
      return editPage(visit, sheet, { notice, problems: ended.problems, status: 422 });
    }
    if (ended.kind === "moved-on") {
      const notice = html`<div class="notice bad" role="alert"><p>${e.movedOn} <a href="${visit.link("/templates/versions", { key })}">${e.versions}</a></p></div>`;
      return editPage(visit, { ...sheet, basedOn: ended.version }, { notice, status: 409 });
    }
    const undo = { action: visit.link("/templates/revert"), fields: { key, version: String(before) } };
    return go(visit.link("/templates/edit", { key, lang: locale, part: sheet.part }), { text: e.published(nameOf(visit, key)), undo });
  },
});

/** Sends the draft to whoever is signed in, through the transport that buyers' mail takes; it is in no ledger. */
export const testSheet = shopRoute({
  method: "post",
  path: "/templates/test",
  role: "operator",
  section: "templates",
  async handle(visit) {
    const sheet = await sheetOf(visit);
    if (sheet === null) return missing();
    const e = visit.say(editWords);
    const { deps, user, shop } = visit;
    const told = (tone: string, text: string) =>
      editPage(visit, sheet, { notice: html`<div class="notice ${tone}" role="status"><p>${text}</p></div>` });
    const mail = await draftMail(visit, sheet);
    if (mail.kind === "failed") return told("bad", mail.reason);
    // a copy of an installation sends nothing, tests neither
    if (deps.sendTest === undefined || (await deps.instance.standing()).kind !== "ours") return told("bad", e.heldBack);
    const { sent, answer } = await deps.sendTest({ shop, to: { name: user.name, address: user.email }, ...mail });
    await visit.change(async () => ({
      entry: { shopId: shop.id, action: "template.tested", subject: sheet.key, after: { sent } },
      result: undefined,
    }));
    return sent ? told("good", e.tested(user.email)) : told("bad", e.notTested(answer));
  },
});

/** Publishes an older version again; 0 is the product's. */
export const revertTemplate = shopRoute({
  method: "post",
  path: "/templates/revert",
  role: "operator",
  section: "templates",
  async handle(visit) {
    const key = visit.form.get("key") ?? "";
    const version = Number(visit.form.get("version"));
    const samples = visit.deps.samples?.();
    if (samples === undefined || samples.builtIn(key) === null || !Number.isInteger(version) || version < 0 || version > 1e9)
      return missing();
    const older = version === 0 ? null : await findOverride(visit.deps.db, visit.shop.id, key, version);
    if (version > 0 && older === null) return missing();
    const e = visit.say(editWords);
    const wish = {
      shop: visit.shop,
      key,
      files: older?.files ?? {},
      note: version === 0 ? null : e.again(version),
      basedOn: null,
      actor: actorOf(visit),
    };
    const ended = await publishTemplate(visit.deps, samples, wish);
    const to = visit.link("/templates/versions", { key });
    if (ended?.kind === "published") return go(to, { text: version === 0 ? e.backToProduct : e.backTo(version) });
    return ended?.kind === "refused" ? go(to, { text: e.refused }) : missing();
  },
});
