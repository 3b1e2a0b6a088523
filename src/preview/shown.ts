export const schemes = ["light", "dark"] as const;
export type Scheme = (typeof schemes)[number];

/** A mail's HTML as a reader in one colour scheme shows it, whatever the browser prefers. */
export function inScheme(html: string, scheme: Scheme): string {
  return html
    .replaceAll("(prefers-color-scheme: dark)", scheme === "dark" ? "all" : "not all")
    .replaceAll('content="light dark"', `content="${scheme}"`)
    .replaceAll("color-scheme: light dark", `color-scheme: ${scheme}`);
}

/** What an inbox shows behind the subject: the preheader without its padding; empty when there is none. */
export function preheaderOf(html: string): string {
  const hidden = /display:none[^>]*>([^<]*)</.exec(html)?.[1] ?? "";
  return hidden
    .replace(/&#847;|&zwnj;|&nbsp;/g, "")
    .replace(/&#x?[0-9a-f]+;|&\w+;/gi, (entity) => entities[entity.toLowerCase()] ?? entity)
    .trim();
}

const entities: Readonly<Record<string, string>> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#39;": "'",
  "&#x27;": "'",
  "&#x3d;": "=",
  "&#x60;": "`",
};
