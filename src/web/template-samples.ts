import type { Instant } from "../core/instant.ts";
import type { Finding } from "../core/lint/lint-mail.ts";
import type { Order } from "../core/order.ts";
import type { OverrideFiles, TemplateProblem } from "../core/override.ts";
import type { Category } from "../core/timetable.ts";

/** The templates of this installation, filled with samples, and with what a shop makes of them. */
export interface TemplateSamples {
  readonly list: readonly { readonly key: string; readonly category: Category; readonly locales: readonly string[] }[];
  /** In the brand given. Rejects for what there is not. */
  render(
    key: string,
    locale: string,
    brand: { readonly name: string; readonly color: string | null; readonly logoUrl: string | null },
  ): Promise<{ readonly subject: string; readonly html: string; readonly text: string }>;
  lint(key: string, locale: string): Promise<readonly (Finding & { readonly string: string | null })[]>;
  /** The files a shop may override, as the product ships them; `null` when there is no such template. */
  builtIn(key: string): OverrideFiles | null;
  /** What is wrong with an override, as publication judges it; in `locales`, when absent in all it shows in. */
  judge(judging: {
    readonly key: string;
    readonly files: OverrideFiles;
    /** For a template: the shop's own of the words all share. */
    readonly shared: OverrideFiles;
    /** For the words all share: the shop's own of each template. */
    readonly others: ReadonlyMap<string, OverrideFiles>;
    readonly locales?: readonly string[];
  }): Promise<readonly TemplateProblem[]>;
  /** A message as a shop has it, or would have it. Rejects when there is no such template or language. */
  preview(wish: {
    readonly key: string;
    readonly locale: string;
    readonly own: OverrideFiles;
    readonly shared: OverrideFiles;
    readonly shop: PreviewShop;
    readonly order: { readonly order: Order; readonly now: Instant } | null;
  }): Promise<
    | { readonly kind: "rendered"; readonly subject: string; readonly html: string; readonly text: string }
    | { readonly kind: "failed"; readonly reason: string; readonly problems: readonly TemplateProblem[] }
  >;
}

interface PreviewShop {
  readonly name: string;
  readonly website: string | null;
  readonly postalAddress: string | null;
  readonly signedBy: string | null;
  readonly timeZone: string;
  readonly country: string;
  readonly locale: string;
  readonly color: string | null;
  readonly logoUrl: string | null;
}
