import { z } from "@hono/zod-openapi";
import { iso } from "../../core/instant.ts";
import { problemLine, sharedKey, type TemplateProblem } from "../../core/override.ts";
import { loadForPlanning } from "../../store/planning.ts";
import type { Shop } from "../../store/shops.ts";
import { findOverride, listOverrideVersions, type OverrideVersion, overridesInForce } from "../../store/template-overrides.ts";
import { type FieldError, problem } from "../problem.ts";
import { judgeFiles, judgeForShop, publishTemplate } from "../template-publishing.ts";
import type { TemplateSamples } from "../template-samples.ts";
import { type Api, shopOfId } from "./context.ts";
import { answer, badFields, serve, unknownId } from "./endpoint.ts";
import {
  lintOf,
  listedOut,
  previewIn,
  problemOut,
  publicationIn,
  templateOut,
  textsOf,
  versionAnswer,
  wholeVersionOut,
} from "./template-fields.ts";

const tag = "Templates";
const path = "/shops/{id}/templates";
const named = { name: /^[a-z_][a-z0-9-]{0,59}$/ };

/** What a shop makes of the templates: its own words and bodies, a version at a time. */
export function serveTemplates(api: Api): void {
  serveLooks(api);
  serveChanges(api);
}

function serveLooks(api: Api): void {
  const { app, deps } = api;

  serve(app, {
    method: "get",
    path,
    tag,
    summary: "Lists the templates, and which of them the shop has made its own",
    answers: {
      status: 200,
      description: "Templates; _layout holds the words all share",
      schema: z.object({ templates: z.array(listedOut) }),
    },
    handle: async ({ ids }) => {
      const shop = await shopOfId(api, ids["id"]);
      const samples = deps.samples?.();
      if (shop === null || samples === undefined) return unknownId();
      const inForce = await overridesInForce(deps.db, shop.id);
      const templates = [];
      for (const known of allOf(samples)) templates.push((await standing(samples, known, inForce)).listed);
      return answer(200, { templates });
    },
  });

  serve(app, {
    method: "get",
    path: `${path}/{name}`,
    words: named,
    tag,
    summary: "Shows a template: the built-in files, the shop's own, its versions and what is wrong with it",
    answers: { status: 200, description: "The template", schema: templateOut },
    handle: async ({ ids }) => {
      const found = await templateOf(api, ids);
      if (found === null) return unknownId();
      const { shop, samples, known } = found;
      const inForce = await overridesInForce(deps.db, shop.id);
      const { listed, problems } = await standing(samples, known, inForce);
      const own = inForce.get(known.key);
      const versions = await listOverrideVersions(deps.db, { shopId: shop.id, template: known.key, limit: 50 });
      return answer(200, {
        ...listed,
        files: own?.files ?? {},
        builtIn: samples.builtIn(known.key) ?? {},
        note: own?.note ?? null,
        versions: versions.map((version) => ({ ...versionAnswer(version), files: version.fileNames })),
        problems,
      });
    },
  });

  serve(app, {
    method: "get",
    path: `${path}/{name}/versions/{version}`,
    words: { ...named, version: /^[1-9]\d{0,8}$/ },
    tag,
    summary: "Shows one version that the shop published",
    answers: { status: 200, description: "The version", schema: wholeVersionOut },
    handle: async ({ ids }) => {
      const found = await templateOf(api, ids);
      const version = found === null ? null : await findOverride(deps.db, found.shop.id, found.known.key, Number(ids["version"]));
      return version === null ? unknownId() : answer(200, { ...versionAnswer(version), files: version.files });
    },
  });
}

function serveChanges(api: Api): void {
  const { app, deps } = api;

  serve(app, {
    method: "put",
    path: `${path}/{name}`,
    words: named,
    tag,
    summary: "Publishes the shop's own files of a template; the next mail is made of them",
    description:
      "All its files at once: what is not among them is the built-in one. They are compiled and filled with a sample in every language they show in, and linted; what blocks is 422, each problem with file, line, column and word. With `?dryRun=true` nothing is published and all problems are answered.",
    query: z.object({ dryRun: z.enum(["true", "false"]).optional() }),
    body: publicationIn,
    answers: {
      status: 200,
      description: "The new version (null after a dry run), and what is not quite right with it",
      schema: z.object({ version: z.int().nullable(), problems: z.array(problemOut) }),
    },
    problems: [409],
    handle: async ({ ids, query, body, actor }) => {
      const found = await templateOf(api, ids);
      if (found === null) return unknownId();
      const { shop, samples, known } = found;
      const files = textsOf(body.files);
      if (query.dryRun === "true") {
        const problems = await judgeForShop(samples, shop, known.key, files, await overridesInForce(deps.db, shop.id));
        return answer(200, { version: null, problems });
      }
      const wish = { shop, key: known.key, files, note: body.note ?? null, basedOn: body.basedOn ?? null, actor };
      const ended = await publishTemplate(deps, samples, wish);
      if (ended === null) return unknownId();
      if (ended.kind === "refused") return badFields(ended.problems.filter(({ severity }) => severity === "block").map(fieldError));
      if (ended.kind === "moved-on") return movedOn(ended.version);
      return answer(200, { version: ended.version, problems: ended.problems });
    },
  });

  serve(app, {
    method: "delete",
    path: `${path}/{name}`,
    words: named,
    tag,
    summary: "Goes back to the built-in template; the shop's versions stay to be looked at",
    answers: { status: 204, description: "It is the built-in one" },
    handle: async ({ ids, actor }) => {
      const found = await templateOf(api, ids);
      if (found === null) return unknownId();
      const { shop, samples, known } = found;
      if (!(await overridesInForce(deps.db, shop.id)).has(known.key)) return answer(204);
      const ended = await publishTemplate(deps, samples, { shop, key: known.key, files: {}, note: null, basedOn: null, actor });
      return ended === null ? unknownId() : answer(204);
    },
  });

  serve(app, {
    method: "post",
    path: `${path}/{name}/preview`,
    words: named,
    tag,
    summary: "Renders a template for the shop, from its sample or an order, with files that are not published",
    body: previewIn,
    bodyOptional: true,
    answers: {
      status: 200,
      description: "As it would go out; bytes are those of the HTML",
      schema: z.object({ locale: z.string(), subject: z.string(), html: z.string(), text: z.string(), bytes: z.int() }),
    },
    handle: async ({ ids, body }) => {
      const found = await templateOf(api, ids);
      if (found === null) return unknownId();
      const { shop, samples, known } = found;
      const shared = known.key === sharedKey;
      const shown = samples.list.find(({ key }) => key === (shared ? (body.template ?? "check-in") : known.key));
      if (shown === undefined) return badFields([{ pointer: "/template", detail: `template: there is no template ${body.template}` }]);
      const locale = shown.locales.find((one) => one === (body.locale ?? shop.locale)) ?? (body.locale === undefined ? "en" : null);
      if (locale === null) return badFields([{ pointer: "/locale", detail: `locale: it is written in ${shown.locales.join(", ")}` }]);
      const order = body.orderId === undefined ? null : await orderOf(api, shop, body.orderId);
      if (body.orderId !== undefined && order === null)
        return badFields([{ pointer: "/orderId", detail: "orderId: the shop has no such order" }]);
      const inForce = await overridesInForce(deps.db, shop.id);
      const files = body.files === undefined ? undefined : textsOf(body.files);
      const preview = await samples.preview({
        key: shown.key,
        locale,
        own: (shared ? undefined : files) ?? inForce.get(shown.key)?.files ?? {},
        shared: (shared ? files : undefined) ?? inForce.get(sharedKey)?.files ?? {},
        shop,
        order: order === null ? null : { order, now: deps.now() },
      });
      if (preview.kind === "failed") {
        return badFields(preview.problems.length > 0 ? preview.problems.map(fieldError) : [{ pointer: "/files", detail: preview.reason }]);
      }
      const { subject, html, text } = preview;
      return answer(200, { locale, subject, html, text, bytes: Buffer.byteLength(html) });
    },
  });
}

interface KnownTemplate {
  readonly key: string;
  readonly category: TemplateSamples["list"][number]["category"] | null;
  readonly locales: readonly string[];
}

function allOf(samples: TemplateSamples): readonly KnownTemplate[] {
  return [...samples.list, { key: sharedKey, category: null, locales: samples.list[0]?.locales ?? [] }];
}

async function templateOf(
  api: Api,
  ids: Readonly<Record<string, string>>,
): Promise<{ readonly shop: Shop; readonly samples: TemplateSamples; readonly known: KnownTemplate } | null> {
  const shop = await shopOfId(api, ids["id"]);
  const samples = api.deps.samples?.();
  const known = samples === undefined ? undefined : allOf(samples).find(({ key }) => key === ids["name"]);
  return shop === null || samples === undefined || known === undefined ? null : { shop, samples, known };
}

async function standing(
  samples: TemplateSamples,
  { key, category, locales }: KnownTemplate,
  inForce: ReadonlyMap<string, OverrideVersion>,
) {
  const own = inForce.get(key);
  const problems = own === undefined ? [] : await judgeFiles(samples, key, own.files, inForce);
  const listed = {
    name: key,
    category,
    locales,
    version: own?.version ?? 0,
    files: Object.keys(own?.files ?? {}).sort(),
    publishedAt: own === undefined ? null : iso(own.publishedAt),
    publishedBy: own?.publishedBy ?? null,
    lint: lintOf(problems),
  };
  return { listed, problems };
}

async function orderOf({ deps }: Api, shop: Shop, orderId: string) {
  const [known] = await loadForPlanning(deps.db, deps.keys, { orderIds: [orderId], lock: false });
  return known === undefined || known.shopId !== shop.id ? null : known.input.order;
}

function fieldError(one: TemplateProblem): FieldError {
  const escaped = (name: string) => name.replaceAll("~", "~0").replaceAll("/", "~1");
  return { pointer: `/files/${escaped(one.file)}${one.key === null ? "" : `/${escaped(one.key)}`}`, detail: problemLine(one) };
}

function movedOn(version: number) {
  const now = version === 0 ? "the built-in one is in force again" : `version ${version} is in force`;
  return problem(409, `somebody else has published meanwhile: ${now}. Look at it, and publish again from there`);
}
