/** A tag as it stands in a source. */
export interface Tag {
  readonly name: string;
  readonly closes: boolean;
  /** `<br />`, and tags that hold nothing. */
  readonly empty: boolean;
  readonly attributes: readonly { readonly name: string; readonly value: string; readonly offset: number }[];
}

/** Reads one tag, whose attributes must stand in double quotes. `null`: it is no tag that mails have. */
export function readTag(source: string): Tag | null {
  const [, slash = "", written, rest = ""] = /^<(\/?)([A-Za-z][A-Za-z0-9-]*)([\s\S]*)>$/.exec(source) ?? [];
  if (written === undefined) return null;
  const name = written.toLowerCase();
  if (slash !== "") return rest.trim() === "" ? { name, closes: true, empty: false, attributes: [] } : null;
  const attributes: { name: string; value: string; offset: number }[] = [];
  const attribute = /\s+([A-Za-z][A-Za-z-]*)="([^"]*)"/y;
  const start = 1 + written.length;
  for (let match = attribute.exec(rest); match !== null; match = attribute.exec(rest)) {
    const [whole, found = "", value = ""] = match;
    attributes.push({ name: found.toLowerCase(), value, offset: start + match.index + whole.length - value.length - 1 });
  }
  const end = attributes.reduce((last, { value, offset }) => Math.max(last, offset - start + value.length + 1), 0);
  const left = rest.slice(end).trim();
  if (left !== "" && left !== "/") return null;
  return { name, closes: false, empty: left === "/" || emptyTags.has(name), attributes };
}

const emptyTags: ReadonlySet<string> = new Set(["br", "hr", "img"]);
const mjmlTags = ["mj-text", "mj-table", "mj-button", "mj-raw", "mj-divider", "mj-spacer", "mj-image"];
const htmlTags =
  "a abbr b blockquote br caption code del div em h1 h2 h3 h4 hr i img ins li ol p s small span strong sub sup table tbody td tfoot th thead tr u ul";
const allowedTags: ReadonlySet<string> = new Set([...mjmlTags, ...htmlTags.split(" ")]);
const plainAttributes =
  "align alt bgcolor border cellpadding cellspacing class colspan dir height lang role rowspan scope start style target title valign width";
const htmlAttributes: ReadonlySet<string> = new Set([...plainAttributes.split(" "), "href", "src"]);
const neverAttributes: ReadonlySet<string> = new Set(["srcset", "usemap", "name", "rel", "id", "path"]);
/** What would lay something over what comes after, fetch something, or make text of its own. */
const badStyle =
  /&|url\s*\(|expression|javascript|@|behavior|binding|position\s*:|z-index|transform|content\s*:|margin[^;]*-\s*\d|[\\<>{}]|\/\*|float\s*:/i;

/** What is wrong with a tag by itself, at an offset within it. Whether it is closed is looked at elsewhere. */
export function tagComplaints(tag: Tag): readonly { readonly offset: number; readonly detail: string }[] {
  if (!allowedTags.has(tag.name)) return [{ offset: 0, detail: `<${tag.name}> is not for the body of a mail` }];
  return tag.attributes.flatMap(({ name, value, offset }) => {
    const detail = attributeComplaint(tag.name, name, value);
    return detail === null ? [] : [{ offset, detail }];
  });
}

function attributeComplaint(tag: string, name: string, value: string): string | null {
  const mjml = tag.startsWith("mj-");
  if (neverAttributes.has(name) || (!mjml && !htmlAttributes.has(name))) return `<${tag}> takes no ${name} in a mail`;
  if (name === "href" || name === "src") {
    const whole = /^\{\{\s*(?:\.\.\/)*[A-Za-z][\w.]*\s*\}\}$/.test(value);
    return whole || /^https:\/\/[^\s"'<>\\{}[\]]+$/.test(value)
      ? null
      : `${name} must be an https: address, or one whole expression such as {{links.buyerPage}}`;
  }
  if (name === "alt" || name === "title") return /[<>]/.test(value) ? `${name} holds no tags` : null;
  if (value.includes("{{")) return `no expression may stand in ${name}, only in href, src, alt and title`;
  const bare = value.replace(/\[\[@\w+\]\]/g, "x");
  if (bare.includes("[[")) return `only [[@values]] may stand in ${name}`;
  if (name === "style")
    return badStyle.test(bare)
      ? "style says something that mails may not: it could cover other parts of the mail, or fetch something"
      : null;
  return /^[\w #%.,()+-]*$/.test(bare) && !/url\s*\(/i.test(bare)
    ? null
    : `${name}="${value.slice(0, 60)}" has a letter in it that does not belong there`;
}
