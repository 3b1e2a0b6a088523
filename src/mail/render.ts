import type { CompiledMail } from "./compile.ts";
import { inertSubject } from "./inert.ts";
import { Lru } from "./lru.ts";
import { compileStrict, type Fill, MissingVariable } from "./strict-handlebars.ts";

export type Rendering =
  | { readonly kind: "rendered"; readonly subject: string; readonly html: string; readonly text: string }
  /** Nothing was made: the message needs attention. `variable` names what the data lacked, `null` when it is something else. */
  | { readonly kind: "failed"; readonly reason: string; readonly variable: string | null };

/** Bytes of HTML or text beyond which a rendering fails: something ran wild. */
export const maxRenderedBytes = 1_000_000;
/** Letters of a subject. */
const maxSubject = 200;

const fills = new Lru<string, { subject: Fill; html: Fill; text: Fill }>(1_000);

/** Fills a compiled mail with data (see `mailData`). Never throws for what the data is; a hole, a wrong address or too much output fails it whole. */
export function render(mail: CompiledMail, data: object): Rendering {
  try {
    const fill = fills.getOrMake(mail.version, () => ({
      subject: compileStrict(mail.subject, "text"),
      html: compileStrict(mail.html, "html"),
      text: compileStrict(mail.text, "text"),
    }));
    const subject = inertSubject(fill.subject(data), maxSubject);
    const html = fill.html(data);
    const text = `${fill
      .text(data)
      .replace(/[ \t]+$/gm, "")
      .replace(/\n{3,}/g, "\n\n")
      .trim()}\n`;
    if (subject === "") return failed("the subject is empty");
    if (text.length < 2) return failed("the text part is empty");
    if (Buffer.byteLength(html) > maxRenderedBytes || Buffer.byteLength(text) > maxRenderedBytes) {
      return failed(`the mail would be larger than ${maxRenderedBytes} bytes`);
    }
    return { kind: "rendered", subject, html, text };
  } catch (error) {
    if (error instanceof MissingVariable) return { kind: "failed", reason: error.message, variable: error.variable };
    return failed(error instanceof Error ? error.message : String(error));
  }
}

function failed(reason: string): Rendering {
  return { kind: "failed", reason, variable: null };
}
