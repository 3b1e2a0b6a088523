import type { Hono } from "hono";
import { html } from "hono/html";
import type { WebEnv } from "./caller.ts";
import type { WebDeps } from "./deps.ts";
import { deskLinks } from "./desk.ts";
import { deskPage, type Html } from "./html.ts";

/** `/`: what this is, whether it works, and where to go. */
export function serveStartPage(app: Hono<WebEnv>, deps: WebDeps): void {
  app.get("/", async (c) => {
    const checks = await deps.ready();
    const broken = checks.filter((check) => !check.ok).map((check) => check.name);
    const sentence = broken.length === 0 ? "Everything works." : `Not working: ${broken.join(", ")}.`;
    c.header("cache-control", "no-store");
    return c.html(
      deskPage({
        title: "Start",
        lang: "en",
        links: deskLinks(deps, "/"),
        body: html`<h1>${sentence}</h1>
          <p class="quiet">Afterword sends the mails that should follow a sale: at the right moment, in the buyer’s language, and never twice.</p>
          <ul class="links">
            ${deps.mailbox ? link("/mailbox", "Mailbox", "the mails that stay here because no SMTP server is set") : ""}
            ${link("/api/docs", "API", "connect shops, see what goes out, when, and why")}
            ${link("/api/openapi.json", "OpenAPI", "the same for programs")}
            ${link("/readyz", "Checks", "whether it is migrated, connected and working")}
            ${link("/metrics", "Metrics", "for Prometheus")}
          </ul>`,
      }),
    );
  });
}

function link(href: string, name: string, what: string): Html {
  return html`<li><a href="${href}">${name}</a><span class="quiet">${what}</span></li>`;
}
