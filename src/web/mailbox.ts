import type { Hono } from "hono";
import PostalMime from "postal-mime";
import { isId } from "../core/ids.ts";
import { findMail, listMail, type RawMail } from "../store/mailbox.ts";
import type { WebContext, WebEnv } from "./caller.ts";
import type { WebDeps, WebLimits } from "./deps.ts";
import { deskLinks, operatorsOnly } from "./desk.ts";
import { deskPage } from "./html.ts";
import { mailFrame } from "./mail-frame.ts";
import { listBody, type MailView, mailBody, noMailBody, viewNames } from "./mailbox-pages.ts";
import { framingPolicy } from "./security-headers.ts";

const perPage = 50;

/** `/mailbox`: the mails that stay here because no SMTP server is set, as their readers would see them. */
export function serveMailbox(app: Hono<WebEnv>, deps: WebDeps, limits: WebLimits): void {
  if (!deps.mailbox) return;
  const links = deskLinks(deps, "/mailbox");
  app.use("/mailbox/*", operatorsOnly(deps, limits));

  app.get("/mailbox", async (c) => {
    const cursor = c.req.query("after") ?? "";
    const mails = await listMail(deps.db, { after: isId(cursor) ? cursor : null, limit: perPage + 1 });
    return c.html(deskPage({ title: "Mailbox", lang: "en", links, body: listBody(mails.slice(0, perPage), mails.length > perPage) }));
  });

  app.get("/mailbox/:id", async (c) => {
    const mail = await mailOf(deps, c);
    if (mail === null) return c.html(deskPage({ title: "No such mail", lang: "en", links, body: noMailBody() }), 404);
    const asked = c.req.query("view");
    const view: MailView = viewNames.find((name) => name === asked) ?? "html";
    const pictures = c.req.query("images") === "1";
    const { text, headers } = await PostalMime.parse(mail.raw);
    c.header("content-security-policy", framingPolicy);
    return c.html(
      deskPage({ title: mail.subject, lang: "en", links, body: mailBody({ mail, view, pictures, text: text ?? "", headers }) }),
    );
  });

  app.get("/mailbox/:id/html", async (c) => {
    const mail = await mailOf(deps, c);
    if (mail === null) return c.notFound();
    const { html, text } = await PostalMime.parse(mail.raw);
    return mailFrame(c, { html: html ?? null, text: text ?? "", pictures: c.req.query("images") === "1" });
  });

  app.get("/mailbox/:id/raw", async (c) => {
    const mail = await mailOf(deps, c);
    if (mail === null) return c.notFound();
    c.header("content-type", "message/rfc822");
    c.header("content-disposition", `attachment; filename="${mail.id}.eml"`);
    return c.body(new Uint8Array(mail.raw));
  });
}

function mailOf({ db }: WebDeps, c: WebContext): Promise<RawMail | null> {
  const id = c.req.param("id") ?? "";
  return isId(id) ? findMail(db, id) : Promise.resolve(null);
}
