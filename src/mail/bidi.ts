/**
 * In a text from right to left, names, numbers and money from left to right must be told apart from what stands around them: else
 * "LK473124829CN, ePacket" or a full stop after "30 cm" ends up on the wrong side. Every value is isolated, its direction being that of its
 * own first letter (Unicode's UAX 9: FSI … PDI), by signs in HTML too: Gmail and Outlook drop the element for it, `<bdi>`.
 */
const firstStrongIsolate = "\u2068";
const popIsolate = "\u2069";

/** A value's expression, but for addresses of pages: nothing may cling to a URL that a reader's program makes a link of. */
const value = /\{\{(?!else\b)([\w.]+)\}\}/g;
const isUrl = (path: string) => path.startsWith("links.") || path.endsWith("Url") || path === "shop.website";

/** Isolates each value in a Handlebars source of plain text. */
export function isolateInText(source: string): string {
  return source.replace(value, (whole, path: string) => (isUrl(path) ? whole : `${firstStrongIsolate}${whole}${popIsolate}`));
}

/** Isolates each value in a Handlebars source of HTML where it is read: not in attributes and not in comments. */
export function isolateInHtml(source: string): string {
  return source
    .split(/(<!--[\s\S]*?-->|<[^>]*>)/g)
    .map((part) => (part.startsWith("<") ? part : isolateInText(part)))
    .join("");
}

/** Whether each isolate is closed again, and nothing else is. */
export function isBalanced(text: string): boolean {
  let open = 0;
  for (const letter of text) {
    if (letter === firstStrongIsolate) open += 1;
    if (letter === popIsolate) open -= 1;
    if (open < 0) return false;
  }
  return open === 0;
}
