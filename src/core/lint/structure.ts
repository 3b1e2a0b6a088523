import type { Rule } from "./rules.ts";

/** A rendered mail, and who its shop is. */
export interface BuiltMail {
  readonly html: string;
  readonly text: string;
  /** Whether it is about the order itself; all other mail must say who sends it, and must have a way out (R14). */
  readonly aboutOrder: boolean;
  readonly shopName: string;
  readonly postalAddress: string | null;
  readonly unsubscribe: string;
}

export interface StructureFinding {
  readonly rule: Rule;
  readonly part: "html" | "text";
  /** What was found, or what is missing. */
  readonly words: string;
  readonly offset: number;
  /** Only where it is another than the rule's. */
  readonly severity?: "block";
}

/** Bytes of HTML beyond which mail readers begin to cut it off; and beyond which it must not go. */
export const htmlWarnBytes = 80_000;
export const htmlBlockBytes = 100_000;
const dataImageChars = 2_730; // 2 kB in base64

/** Looks at how a rendered mail is built (standards 2.6 and R14); the language does not matter. */
export function checkStructure(mail: BuiltMail): readonly StructureFinding[] {
  return [
    ...size(mail.html),
    ...head(mail.html),
    ...images(mail.html),
    ...links(mail),
    ...textPart(mail.text),
    ...shouting(mail.text),
    ...identity(mail),
  ];
}

function size(html: string): StructureFinding[] {
  const bytes = new TextEncoder().encode(html).length;
  if (bytes <= htmlWarnBytes) return [];
  const words = `${bytes} bytes`;
  return [{ rule: "size", part: "html", words, offset: 0, ...(bytes > htmlBlockBytes ? { severity: "block" as const } : {}) }];
}

function head(html: string): StructureFinding[] {
  const title = /<title>([^<]*)<\/title>/i.exec(html)?.[1]?.trim();
  const lang = /<html\b[^>]{0,1000}?\slang="[a-z]/i.test(html);
  return [
    ...(title === undefined || title === "" ? [{ rule: "title", part: "html", words: "<title>", offset: 0 } as const] : []),
    ...(lang ? [] : [{ rule: "lang", part: "html", words: "<html>", offset: 0 } as const]),
  ];
}

function images(html: string): StructureFinding[] {
  return [...html.matchAll(/<img\b[^>]*>/gi)].flatMap(({ 0: tag, index }): StructureFinding[] => {
    const words = tag.slice(0, 120);
    const source = /\ssrc\s*=\s*"?data:([^"\s>]*)/i.exec(tag)?.[1];
    return [
      ...(/\salt\s*=/i.test(tag) ? [] : [{ rule: "alt", part: "html", words, offset: index } as const]),
      ...(source !== undefined && source.length > dataImageChars
        ? [{ rule: "data-image", part: "html", words, offset: index } as const]
        : []),
    ];
  });
}

/** `http:` on this very machine is a service tried out at home. */
const insecure = /\bhttp:\/\/(?!localhost\b|127\.0\.0\.1\b|\[::1\])[^\s"'<>)]*/gi;

function links({ html, text }: BuiltMail): StructureFinding[] {
  const inHtml = [...html.matchAll(/\s(?:href|src|background|action)\s*=\s*["']?(http:[^\s"'<>]*)/gi)].filter(
    ([, url = ""]) => url.match(insecure) !== null,
  );
  const inText = [...text.matchAll(insecure)];
  return [
    ...inHtml.map(({ 1: words = "", index }): StructureFinding => ({ rule: "http-link", part: "html", words, offset: index })),
    ...inText.map(({ 0: words, index }): StructureFinding => ({ rule: "http-link", part: "text", words, offset: index })),
  ];
}

function textPart(text: string): StructureFinding[] {
  return /[\p{L}\d]/u.test(text) ? [] : [{ rule: "text-part", part: "text", words: "", offset: 0 }];
}

/** Paragraphs of at least five words and 25 letters with hardly a small one among them, in scripts that have both. */
function shouting(text: string): StructureFinding[] {
  const found: StructureFinding[] = [];
  let offset = 0;
  for (const line of text.split("\n")) {
    const letters = line.match(/\p{Lu}|\p{Ll}/gu) ?? [];
    const capitals = letters.filter((letter) => /\p{Lu}/u.test(letter)).length;
    if (letters.length >= 25 && capitals / letters.length > 0.8 && line.trim().split(/\s+/).length >= 5) {
      found.push({ rule: "shouting", part: "text", words: line.trim().slice(0, 120), offset });
    }
    offset += line.length + 1;
  }
  return found;
}

function identity({ html, text, aboutOrder, shopName, postalAddress, unsubscribe }: BuiltMail): StructureFinding[] {
  if (aboutOrder) return [];
  const parts = [
    { part: "html", content: unescaped(html) },
    { part: "text", content: text },
  ] as const;
  const wanted = [
    { what: "the way to unsubscribe", value: unsubscribe },
    { what: "the postal address", value: postalAddress },
    { what: "the shop's name", value: shopName },
  ];
  return parts.flatMap(({ part, content }) =>
    wanted.flatMap(({ what, value }): StructureFinding[] =>
      value !== null && value !== "" && content.includes(value) ? [] : [{ rule: "R14", part, words: `${what} is missing`, offset: 0 }],
    ),
  );
}

function unescaped(html: string): string {
  return html
    .replaceAll("&#x27;", "'")
    .replaceAll("&#39;", "'")
    .replaceAll("&quot;", '"')
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&#x3D;", "=")
    .replaceAll("&amp;", "&");
}
