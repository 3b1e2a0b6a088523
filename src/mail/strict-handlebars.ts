import Handlebars from "handlebars";

/** A compiled source. Throws `MissingVariable` rather than leave a hole. */
export type Fill = (data: object) => string;

/** A template asked for what the data does not have. `variable` is its name as the template writes it. */
export class MissingVariable extends Error {
  readonly variable: string;
  constructor(variable: string, message: string) {
    super(message);
    this.name = "MissingVariable";
    this.variable = variable;
  }
}

/**
 * Compiles a Handlebars source in which nothing is ever left out in silence.
 *
 * `{{path}}` must have a text or a number, else the rendering fails: no "Hi ,". The condition of a block must at least be
 * there, `null` if need be, so that a misspelt name is no "no". What stands in `href` or `src` must be a web address. Only `if`,
 * `unless` and `each`, no partials, no unescaped `{{{…}}}`, own properties only (SEC-09).
 */
export function compileStrict(source: string, form: "html" | "text"): Fill {
  const tree = Handlebars.parse(form === "html" ? markAddresses(source) : source);
  check(tree.body);
  const template = sandbox.compile(tree, {
    knownHelpersOnly: true,
    knownHelpers,
    noEscape: form === "text",
    explicitPartialContext: true,
  });
  // Handlebars compiles at the first call: a source it cannot compile should fail where it is published
  return (data) => {
    left = mostWork;
    return template(data, { allowProtoMethodsByDefault: false, allowProtoPropertiesByDefault: false });
  };
}

/** Every expression of a source, as it stands there, blanks evened out. */
export function expressionsOf(source: string): string[] {
  return [...source.matchAll(/\{\{[^}]*\}\}/g)].map(([whole]) => whole.replace(/\s+/g, " "));
}

const knownHelpers = { if: true, unless: true, each: true, must: true, given: true, address: true } as const;

/**
 * What one rendering may do in its loops: a round costs 20 and a letter made in it 1. A mail of 1 MB without loops in each other stays far
 * below; loops in loops in loops end here, within some milliseconds, instead of keeping the process from everything else (SEC-09).
 */
const mostWork = 4_000_000;
const roundCosts = 20;
/** Of the rendering under way: there is never more than one, as none waits for anything. */
let left = 0;

const sandbox = Handlebars.create();
const { each } = sandbox.helpers;
sandbox.registerHelper("each", function (this: unknown, list: unknown, options: Handlebars.HelperOptions): string {
  const fn: Handlebars.TemplateDelegate = (item, round) => {
    const made = options.fn(item, round);
    left -= roundCosts + made.length;
    if (left < 0) throw new Error("loops in loops make more than a mail can hold");
    return made;
  };
  return each?.call(this, list, { ...options, fn }) as string; // Handlebars' own answers a text
});
for (const name of ["helperMissing", "blockHelperMissing", "lookup", "log", "with"]) sandbox.unregisterHelper(name);
sandbox.registerHelper("must", (value: unknown, name: string) => {
  if (typeof value === "number") return String(value);
  if (typeof value === "string" && value.trim() !== "") return value;
  throw new MissingVariable(name, value === undefined || value === null || value === "" ? `${name} is missing` : `${name} is not a text`);
});
sandbox.registerHelper("given", (value: unknown, name: string) => {
  if (value === undefined) throw new MissingVariable(name, `${name} is missing`);
  return value;
});
sandbox.registerHelper("address", (value: unknown, name: string) => {
  if (typeof value === "string" && isWebAddress(value)) return value;
  throw new MissingVariable(name, value === undefined || value === null ? `${name} is missing` : `${name} is not a web address`);
});

/** `https:`, or `http:` on this very machine (a service tried out at home). */
export function isWebAddress(text: string): boolean {
  return /^https:\/\/[^\s"'<>\\]+$/.test(text) || /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?(\/[^\s"'<>\\]*)?$/.test(text);
}

/** `href="{{path}}"` becomes `href="{{address path}}"`; any other expression within such an attribute is refused. */
function markAddresses(source: string): string {
  return source.replace(/\b(href|src|background|action)\s*=\s*"([^"]*)"/gi, (whole, attribute: string, value: string) => {
    if (!value.includes("{{")) return whole;
    const path = /^\{\{\s*([\w.@/]+)\s*\}\}$/.exec(value)?.[1];
    if (path === undefined) throw new Error(`${attribute}="${value}" must be one whole expression`);
    return `${attribute}="{{address ${path}}}"`;
  });
}

function check(statements: hbs.AST.Statement[]): void {
  for (const statement of statements) {
    if (statement.type === "ContentStatement" || statement.type === "CommentStatement") continue;
    if (isMustache(statement)) guardValue(statement);
    else if (isBlock(statement)) guardBlock(statement);
    else throw new Error(`${statement.type} is not for mails`);
  }
}

function guardValue(statement: hbs.AST.MustacheStatement): void {
  if (statement.escaped === false) throw new Error("unescaped {{{…}}} is not for mails");
  if (!isPath(statement.path)) throw new Error("only names stand in {{…}}");
  const helper = statement.path.original;
  if (helper === "address" && statement.params.length === 1) {
    statement.params = withName(statement.params[0]);
    return;
  }
  if (statement.params.length > 0 || statement.hash !== undefined) throw new Error(`there is no helper ${helper}`);
  statement.params = withName(statement.path);
  statement.path = nameOf("must", statement.path);
}

function guardBlock(block: hbs.AST.BlockStatement): void {
  const helper = block.path.original;
  if (!["if", "unless", "each"].includes(helper) || block.params.length !== 1) throw new Error(`there is no block {{#${helper}}}`);
  const [condition] = block.params;
  if (condition === undefined || !isPath(condition)) throw new Error(`{{#${helper}}} takes one name`);
  const guarded: hbs.AST.SubExpression = {
    type: "SubExpression",
    path: nameOf("given", condition),
    params: withName(condition),
    hash: { type: "Hash", pairs: [], loc: condition.loc },
    loc: condition.loc,
  };
  block.params = [guarded];
  check(block.program.body);
  if (block.inverse) check(block.inverse.body);
}

function withName(value: hbs.AST.Expression | undefined): hbs.AST.Expression[] {
  if (value === undefined || !isPath(value)) throw new Error("only names stand in {{…}}");
  const name: hbs.AST.StringLiteral = { type: "StringLiteral", value: value.original, original: value.original, loc: value.loc };
  return [value, name];
}

function nameOf(helper: string, { loc }: hbs.AST.Node): hbs.AST.PathExpression {
  return { type: "PathExpression", data: false, depth: 0, parts: [helper], original: helper, loc };
}

const isMustache = (node: hbs.AST.Node): node is hbs.AST.MustacheStatement => node.type === "MustacheStatement";
const isBlock = (node: hbs.AST.Node): node is hbs.AST.BlockStatement => node.type === "BlockStatement";
const isPath = (node: hbs.AST.Node): node is hbs.AST.PathExpression => node.type === "PathExpression";
