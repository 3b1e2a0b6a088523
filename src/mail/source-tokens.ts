/** A piece of a template's source, with its offset in it. */
export type Token =
  /** `{{…}}`, read by `readExpression`. */
  | { readonly kind: "expression"; readonly offset: number; readonly source: string }
  /** `[[…]]`. */
  | { readonly kind: "marker"; readonly offset: number; readonly source: string }
  /** `<name …>`, `</name>`; anything else that begins with `<` and a letter, `/`, `!` or `?`. */
  | { readonly kind: "tag"; readonly offset: number; readonly source: string }
  /** What opens or ends an expression and belongs to none. */
  | { readonly kind: "stray"; readonly offset: number; readonly source: string };

const pieces = /\{\{[^{}]*\}\}(?!\})|\[\[[^[\]]*\]\]|<[A-Za-z/!?](?:"[^"]*"|[^">])*>?|\{\{|\}\}|\[\[|\]\]/g;
const piecesOfText = /\{\{[^{}]*\}\}(?!\})|\[\[[^[\]]*\]\]|\{\{|\}\}|\[\[|\]\]/g;

/** Cuts a source into what is not plain text. In `text` a `<` is a letter like any other. */
export function tokensOf(source: string, form: "html" | "text"): readonly Token[] {
  return [...source.matchAll(form === "html" ? pieces : piecesOfText)].map(({ 0: found, index }): Token => {
    const before = index > 0 ? source[index - 1] : "";
    // Handlebars takes a backslash before an expression for "leave this alone", and a third brace for "do not escape"
    if (found.startsWith("{{")) {
      const whole = found.length > 4 && before !== "\\" && before !== "{";
      return { kind: whole ? "expression" : "stray", offset: index, source: found };
    }
    if (found.startsWith("[[") && found.length > 4) return { kind: "marker", offset: index, source: found };
    return { kind: found.startsWith("<") ? "tag" : "stray", offset: index, source: found };
  });
}

/** What an expression does. `null`: it is none that mails have. */
export type Expression =
  | { readonly kind: "value"; readonly path: string }
  | { readonly kind: "open"; readonly block: Block; readonly path: string }
  | { readonly kind: "else" }
  | { readonly kind: "close"; readonly block: Block };
export type Block = "if" | "unless" | "each";

/** Reads `{{path}}`, `{{#if path}}`, `{{else}}`, `{{/if}}` and their like. */
export function readExpression(source: string): Expression | null {
  const inner = source.slice(2, -2).trim();
  if (inner === "else") return { kind: "else" };
  const [, sign = "", block, path] = /^(?:([#/])(if|unless|each)\b\s*)?((?:\.\.\/)*[A-Za-z]\w*(?:\.[A-Za-z]\w*)*)?$/.exec(inner) ?? [];
  if (sign === "" && path !== undefined) return { kind: "value", path };
  if (sign === "#" && path !== undefined) return { kind: "open", block: block as Block, path }; // the pattern has these three
  if (sign === "/" && path === undefined && block !== undefined) return { kind: "close", block: block as Block }; // likewise
  return null;
}
