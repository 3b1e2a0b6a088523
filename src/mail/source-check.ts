import { lookUp, type Shape, scopesOf } from "./known-names.ts";
import type { Complaint } from "./override-words.ts";
import { readTag, type Tag, tagComplaints } from "./source-tags.ts";
import { readExpression, type Token, tokensOf } from "./source-tokens.ts";

/** What a source may name. */
export interface Names {
  readonly data: Shape;
  /** Words that every language has, for `[[word]]`. */
  readonly words: ReadonlySet<string>;
  /** Files of `_layout`, for `[[>file]]`. */
  readonly pieces: ReadonlySet<string>;
  /** For `[[@value]]`. */
  readonly values: ReadonlySet<string>;
}

/** Tags and expressions of one source: more is no mail. */
const maxTokens = 2_000;
const maxDepth = 40;

type Open = { readonly kind: "tag"; readonly name: string; readonly offset: number } | OpenBlock;
interface OpenBlock {
  readonly kind: "block";
  readonly name: string;
  readonly offset: number;
  hadElse: boolean;
}

/**
 * Judges a body that a shop wrote, without running it (SEC-09): only known tags, expressions and markers, each opened and closed within the body
 * and properly nested, so that nothing in it can reach what the frame puts around it: who writes, where, and the way out.
 */
export function checkSource(source: string, form: "html" | "text", names: Names): readonly Complaint[] {
  const tokens = tokensOf(source, form);
  if (tokens.length > maxTokens) return [at(0, "file", `it has more than ${maxTokens} tags and expressions`)];
  const complaints: Complaint[] = [];
  const open: Open[] = [];
  const scopes: Shape[] = [names.data];
  let raw: number | null = null;
  for (const token of tokens) {
    if (token.kind === "stray") complaints.push(at(token.offset, "expression", strayWords(token.source)));
    else if (token.kind === "marker") complaints.push(...markerComplaints(token, names));
    else if (token.kind === "expression") complaints.push(...takeExpression(token, open, scopes));
    else {
      const tag = readTag(token.source);
      if (tag === null) {
        complaints.push(at(token.offset, "markup", "this tag can't be read: attributes stand in double quotes, and there are no comments"));
        continue;
      }
      complaints.push(...tagComplaints(tag).map(({ offset, detail }) => at(token.offset + offset, "markup", detail)));
      for (const { value, offset } of tag.attributes) complaints.push(...insideAttribute(value, token.offset + offset, names, scopes));
      if (tag.name === "mj-raw") {
        if (tag.closes === (raw === null)) complaints.push(at(token.offset, "markup", "<mj-raw> is opened and closed in turn"));
        raw = tag.closes ? null : token.offset;
      } else complaints.push(...takeTag(tag, token, open));
    }
    if (open.length > maxDepth) return [...complaints, at(token.offset, "markup", `it is nested more than ${maxDepth} deep`)];
  }
  if (raw !== null) complaints.push(at(raw, "markup", "<mj-raw> is not closed"));
  return [
    ...complaints,
    ...open.map(({ kind, name, offset }) => at(offset, kind === "tag" ? "markup" : "expression", notClosed(kind, name))),
  ];
}

/** Judges one word: no tags to be read in it, everything else as in bodies. `anywhere`: it may stand within a list. */
export function checkWord(word: string, names: Names): readonly Complaint[] {
  const complaints: Complaint[] = [];
  const open: Open[] = [];
  const scopes = scopesOf(names.data);
  const known = (path: string) => scopes.some((scope) => lookUp(scope, path) !== null);
  for (const token of tokensOf(word, "text")) {
    if (token.kind === "marker") complaints.push(at(token.offset, "marker", "[[…]] does not stand in words"));
    else if (token.kind === "expression") {
      const expression = readExpression(token.source);
      if (expression?.kind === "open" && expression.block === "each")
        complaints.push(at(token.offset, "expression", "a list does not stand in words"));
      complaints.push(...takeExpression(token, open, [names.data], known));
    } else complaints.push(at(token.offset, "expression", strayWords(token.source)));
  }
  for (const { 1: path = "", index } of word.matchAll(/\]\(([^)]*)\)/g)) {
    if (!known(path))
      complaints.push(
        at(index + 2, "expression", `a link in words leads to a name such as links.buyerPage, not to “${path.slice(0, 60)}”`),
      );
  }
  return [...complaints, ...open.map(({ kind, name, offset }) => at(offset, "expression", notClosed(kind, name)))];
}

function takeExpression(token: Token, open: Open[], scopes: Shape[], known?: (path: string) => boolean): Complaint[] {
  const expression = readExpression(token.source);
  const wrong = (detail: string) => [at(token.offset, "expression", detail)];
  if (expression === null)
    return wrong(
      `${token.source.slice(0, 60)} is not for mails: wanted {{name}}, {{#if name}}, {{#unless name}}, {{#each name}}, {{else}}, {{/if}}`,
    );
  const last = open.at(-1);
  switch (expression.kind) {
    case "value":
    case "open": {
      const steps = expression.path.split("../").length - 1;
      const scope = scopes.at(-1 - steps);
      const path = expression.path.replaceAll("../", "");
      const shape = scope === undefined ? null : lookUp(scope, path);
      const found = shape !== null || known?.(path) === true;
      const complaints = found
        ? []
        : wrong(`mails have no ${expression.path}${scopes.length > 1 ? " here; within a list, what is outside begins with ../" : ""}`);
      if (expression.kind === "value") return complaints;
      open.push({ kind: "block", name: expression.block, offset: token.offset, hadElse: false });
      if (expression.block !== "each") return complaints;
      scopes.push(shape?.kind === "list" ? shape.item : { kind: "value" });
      if (scopes.length > 2) complaints.push(...wrong("a list does not stand within another"));
      if (found && shape?.kind !== "list") complaints.push(...wrong(`${expression.path} is no list`));
      return complaints;
    }
    case "else":
      if (last?.kind !== "block" || last.name === "each" || last.hadElse)
        return wrong("{{else}} stands once between {{#if}} and {{/if}}, and no tag opened between them may be open there");
      last.hadElse = true;
      return [];
    case "close":
      if (last?.kind !== "block" || last.name !== expression.block) {
        return wrong(
          `{{/${expression.block}}} closes nothing here${last === undefined ? "" : `: ${last.kind === "tag" ? `<${last.name}>` : `{{#${last.name}}}`} is still open`}`,
        );
      }
      open.pop();
      if (expression.block === "each") scopes.pop();
      return [];
  }
}

function takeTag(tag: Tag, token: Token, open: Open[]): Complaint[] {
  if (!tag.closes) {
    if (!tag.empty) open.push({ kind: "tag", name: tag.name, offset: token.offset });
    return [];
  }
  const last = open.at(-1);
  if (last?.kind === "tag" && last.name === tag.name) {
    open.pop();
    return [];
  }
  const still = last === undefined ? "" : `: ${last.kind === "tag" ? `<${last.name}>` : `{{#${last.name}}}`} is still open`;
  return [at(token.offset, "markup", `</${tag.name}> closes nothing here${still}`)];
}

function insideAttribute(value: string, offset: number, names: Names, scopes: Shape[]): Complaint[] {
  return tokensOf(value, "text").flatMap((token) => {
    const complaints =
      token.kind === "marker"
        ? markerComplaints(token, names)
        : token.kind === "expression"
          ? readExpression(token.source)?.kind === "value"
            ? takeExpression(token, [], scopes)
            : [at(token.offset, "expression", "only {{name}} may stand in an attribute")]
          : [at(token.offset, "expression", strayWords(token.source))];
    return complaints.map((one) => ({ ...one, offset: one.offset + offset }));
  });
}

function markerComplaints({ source, offset }: Token, { words, pieces, values }: Names): Complaint[] {
  const [, sign = "", name = "", given = ""] = /^\[\[([@>]?)([\w.-]+)((?: +\w+=[\w.-]+)*)\]\]$/.exec(source) ?? [];
  if (name === "")
    return [at(offset, "marker", `${source.slice(0, 60)} can't be read: wanted [[word]], [[@value]] or [[>piece name=value]]`)];
  const [kind, known] =
    sign === ">" ? (["piece", pieces] as const) : sign === "@" ? (["value", values] as const) : (["word", words] as const);
  if (!known.has(name)) return [at(offset, "marker", `there is no ${kind} ${name}${kind === "word" ? " in every language" : ""}`)];
  return given !== "" && sign !== ">" ? [at(offset, "marker", "only a piece takes names")] : [];
}

function strayWords(source: string): string {
  return `${source} stands by itself, or with a brace or backslash too many`;
}

function notClosed(kind: Open["kind"], name: string): string {
  return kind === "tag" ? `<${name}> is not closed` : `{{#${name}}} is not closed`;
}

function at(offset: number, rule: Complaint["rule"], detail: string): Complaint {
  return { offset, key: null, rule, detail };
}
