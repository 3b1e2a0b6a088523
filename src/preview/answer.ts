import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { openPreviews, type Previews } from "../cli/template-previews.ts";
import { type RenderedSample, templatesFolder } from "../mail/samples.ts";
import { galleryPage, type Row, type View, type Width, widths } from "./gallery.ts";
import { inScheme, preheaderOf, type Scheme, schemes } from "./shown.ts";

const css = readFileSync(join(import.meta.dirname, "gallery.css"), "utf8");

/**
 * Answers the requests of the gallery: `/`, `/gallery.css`, `/mail/<message>/<locale>.html|.txt`. A template that was changed on disk is read
 * again at the next request; one that is not sound says what is wrong instead.
 */
export function answerGallery(): (request: Request) => Promise<Response> {
  let previews: Previews | null = null;
  let stamp = "";
  const current = () => {
    const now = stampOf(templatesFolder);
    if (previews === null || now !== stamp) previews = openPreviews();
    stamp = now;
    return previews;
  };
  return async (request) => {
    const url = new URL(request.url);
    try {
      if (url.pathname === "/gallery.css") return answer(css, "text/css");
      if (url.pathname === "/") return answer(await page(current(), url.searchParams), "text/html");
      const [, key, locale, ending] = /^\/mail\/([a-z0-9-]+)\/([A-Za-z0-9-]+)\.(html|txt)$/.exec(url.pathname) ?? [];
      if (key === undefined || locale === undefined) return answer("There is nothing here.\n", "text/plain", 404);
      const mail = await current().render(key, locale);
      if (ending === "txt") return answer(`${mail.subject}\n\n${mail.text}`, "text/plain");
      return answer(inScheme(mail.html, schemeIn(url.searchParams)), "text/html");
    } catch (error) {
      return answer(`${error instanceof Error ? error.message : String(error)}\n`, "text/plain", 500);
    }
  };
}

async function page(previews: Previews, wish: URLSearchParams): Promise<string> {
  const { list } = previews;
  const chosen = list.find(({ key }) => key === wish.get("message")) ?? list[0];
  const locales = [...new Set(list.flatMap((template) => template.locales))];
  const locale = locales.find((one) => one === wish.get("locale")) ?? "en";
  const width: Width = widths.find((one) => String(one) === wish.get("width")) ?? 600;
  const view: View = { message: chosen?.key ?? "", locale, all: wish.has("all"), width, scheme: schemeIn(wish) };
  const rows = await Promise.all(
    list.map(async ({ key, category, locales: own }): Promise<Row> => {
      const mail: RenderedSample = await previews.render(key, own.includes(locale) ? locale : "en");
      return { key, category, from: "Lantern & Loom", subject: mail.subject, preheader: preheaderOf(mail.html) };
    }),
  );
  return String(await galleryPage(view, rows, locales, chosen?.locales ?? []));
}

function schemeIn(wish: URLSearchParams): Scheme {
  return schemes.find((one) => one === wish.get("scheme")) ?? "light";
}

function answer(body: string, type: string, status = 200): Response {
  return new Response(body, { status, headers: { "content-type": `${type}; charset=utf-8`, "cache-control": "no-store" } });
}

/** Changes whenever a file of the folder does. */
function stampOf(folder: string): string {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return `${files.length} ${Math.max(...files.map((file) => statSync(join(file.parentPath, file.name)).mtimeMs))}`;
}
