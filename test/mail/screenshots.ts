import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";
import { openPreviews } from "../../src/cli/template-previews.ts";
import { chromiumPath } from "../web/browser-path.ts";

/**
 * `npm run screenshots -- --out DIR [--locale en] [message …]`: photographs mails as readers show them, 600 and 360 points wide, light and dark,
 * into `DIR/<message>/<locale>.<width>.<scheme>.png`. Needs a Chromium; see `CHROMIUM`.
 */
const { values, positionals } = parseArgs({
  options: { out: { type: "string" }, locale: { type: "string", multiple: true } },
  allowPositionals: true,
});
const { out, locale: wanted } = values;
if (out === undefined) throw new Error("--out names the folder to write into");
if (chromiumPath === null) throw new Error("no Chromium was found; install one or set CHROMIUM to its path");

const previews = openPreviews();
const browser = await chromium.launch({ executablePath: chromiumPath, args: ["--no-sandbox", "--disable-gpu"] });
let count = 0;
try {
  for (const width of [600, 360]) {
    for (const scheme of ["light", "dark"] as const) {
      const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme: scheme, deviceScaleFactor: 1 });
      for (const { key, locales } of previews.list) {
        if (positionals.length > 0 && !positionals.includes(key)) continue;
        await mkdir(join(out, key), { recursive: true });
        for (const locale of locales) {
          if (wanted !== undefined && !wanted.includes(locale)) continue;
          const { html } = await previews.render(key, locale);
          await page.setContent(html);
          await page.screenshot({ path: join(out, key, `${locale}.${width}.${scheme}.png`), fullPage: true });
          count++;
        }
      }
      await page.close();
    }
  }
} finally {
  await browser.close();
}
process.stdout.write(`Wrote ${count} pictures into ${out}.\n`);
