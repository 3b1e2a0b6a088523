import type { WebContext } from "./caller.ts";
import { mailPolicy } from "./security-headers.ts";

/** A mail for a sandboxed frame: in an origin of its own, without script (SEC-02); its links open beside. `pictures`: those of other hosts are fetched. */
export function mailFrame(
  c: Pick<WebContext, "header" | "html">,
  { html, text, pictures = false }: { readonly html: string | null; readonly text: string; readonly pictures?: boolean },
): Response | Promise<Response> {
  c.header("content-security-policy", mailPolicy(pictures));
  return c.html(html === null ? plainHtml(text) : withLinksBeside(html));
}

/** Links of the mail open in a tab of their own, not in the frame. */
function withLinksBeside(html: string): string {
  const base = '<base target="_blank">';
  return /<head[^>]*>/i.test(html) ? html.replace(/<head[^>]*>/i, (head) => `${head}${base}`) : `${base}${html}`;
}

function plainHtml(text: string): string {
  const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<!doctype html><meta charset="utf-8"><title>Text</title><pre style="white-space:pre-wrap">${escaped}</pre>`;
}
