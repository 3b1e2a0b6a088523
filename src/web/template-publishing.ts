import { fileOfLocale, type OverrideFiles, sharedKey, type TemplateProblem } from "../core/override.ts";
import { type Actor, audited } from "../store/audit.ts";
import { type OverrideVersion, overridesInForce, type Publishing, publishOverride } from "../store/template-overrides.ts";
import type { WebDeps } from "./deps.ts";
import type { TemplateSamples } from "./template-samples.ts";

export interface TemplatePublication {
  readonly shop: PublishingShop;
  readonly key: string;
  /** Empty: back to the built-in one. */
  readonly files: OverrideFiles;
  readonly note: string | null;
  /** See `OverridePublication`. */
  readonly basedOn: number | null;
  readonly actor: Actor;
}

export type PublishingShop = Parameters<TemplateSamples["preview"]>[0]["shop"] & { readonly id: string };

export type TemplatePublished =
  | { readonly kind: "published"; readonly version: number; readonly problems: readonly TemplateProblem[] }
  | { readonly kind: "refused"; readonly problems: readonly TemplateProblem[] }
  | { readonly kind: "moved-on"; readonly version: number };

/** Judges what a shop wants of a template and publishes it, with its line in the audit log; what blocks is never published. `null`: there is no such shop. */
export async function publishTemplate(
  deps: Pick<WebDeps, "db" | "now">,
  samples: TemplateSamples,
  { shop, key, files, note, basedOn, actor }: TemplatePublication,
): Promise<TemplatePublished | null> {
  const shopId = shop.id;
  const problems = await judgeForShop(samples, shop, key, files, await overridesInForce(deps.db, shopId));
  if (problems.some(({ severity }) => severity === "block")) return { kind: "refused", problems };
  const now = deps.now();
  const ended = await audited<Publishing | null>(deps.db, { actor, now }, async (trx) => {
    const result = await publishOverride(trx, { shopId, template: key, files, note, by: actor.name, basedOn, now });
    if (result?.kind !== "published") return { entry: null, result };
    const back = Object.keys(files).length === 0;
    const after = back ? { version: 0 } : { version: result.version, files: Object.keys(files).sort(), note };
    const entry = {
      shopId,
      action: back ? "template.reverted" : "template.published",
      subject: key,
      before: { version: result.before },
      after,
    };
    return { entry, result };
  });
  return ended?.kind === "published" ? { kind: "published", version: ended.version, problems } : ended;
}

/** What is wrong with files of a shop's own, beside what else of the shop's is in force. */
export function judgeFiles(
  samples: TemplateSamples,
  key: string,
  files: OverrideFiles,
  inForce: ReadonlyMap<string, OverrideVersion>,
  locales?: readonly string[],
): Promise<readonly TemplateProblem[]> {
  // without files it is as the product ships it, but for the words all share, which were judged with it
  if (Object.keys(files).length === 0) return Promise.resolve([]);
  const shared = key === sharedKey ? {} : (inForce.get(sharedKey)?.files ?? {});
  const others =
    key === sharedKey ? new Map([...inForce].map(([other, version]) => [other, version.files] as const)) : new Map<string, OverrideFiles>();
  others.delete(sharedKey);
  return samples.judge({ key, files, shared, others, ...(locales === undefined ? {} : { locales }) });
}

/** As `judgeFiles`, and whether the shop has what its words ask for: a website that it never gave would be a hole in every mail. */
export async function judgeForShop(
  samples: TemplateSamples,
  shop: PublishingShop,
  key: string,
  files: OverrideFiles,
  inForce: ReadonlyMap<string, OverrideVersion>,
): Promise<readonly TemplateProblem[]> {
  const problems = await judgeFiles(samples, key, files, inForce);
  if (problems.some(({ severity }) => severity === "block")) return problems;
  const shared = key === sharedKey;
  const own = (name: string) => inForce.get(name)?.files ?? {};
  const holes: TemplateProblem[] = [];
  for (const { key: template, locales } of samples.list.filter((one) => shared || one.key === key)) {
    const touched = Object.keys(files).some((file) => file.startsWith("body."))
      ? locales
      : locales.filter((one) => Object.hasOwn(files, fileOfLocale(one)));
    for (const locale of touched) {
      const wish = {
        key: template,
        locale,
        own: shared ? own(template) : files,
        shared: shared ? files : own(sharedKey),
        shop,
        order: null,
      };
      const mail = await samples.preview(wish);
      const file = Object.hasOwn(files, fileOfLocale(locale)) ? fileOfLocale(locale) : (Object.keys(files)[0] ?? "");
      if (mail.kind === "failed") holes.push({ ...hole, template, file, locale, detail: `${mail.reason}: ${shop.name} has none` });
    }
  }
  return [...problems, ...holes];
}

const hole = { severity: "block", line: 1, column: 1, key: null, rule: "render" } as const;
