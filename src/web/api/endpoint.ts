import { type OpenAPIHono, z } from "@hono/zod-openapi";
import { isId } from "../../core/ids.ts";
import { errorsOf } from "../../core/schedule-errors.ts";
import type { Actor } from "../../store/audit.ts";
import { readBody } from "../body.ts";
import type { WebContext, WebEnv } from "../caller.ts";
import { type FieldError, type Problem, problem, problemResponse } from "../problem.ts";
import { type AnswerKind, type errorAnswers, registerOperation } from "./document.ts";

/** One call of the API: from this its address, its checks and its chapter in the OpenAPI document are made. */
export interface Endpoint<Query extends z.ZodObject, Body extends z.ZodType> {
  readonly method: "get" | "post" | "put" | "patch" | "delete";
  /** With `{names}`, all of them ids but `words`. */
  readonly path: string;
  /** Names in the path that are no ids, and what they look like; anything else is 404. */
  readonly words?: Readonly<Record<string, RegExp>>;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly query?: Query;
  readonly body?: Body;
  /** A request without a body counts as `{}`. */
  readonly bodyOptional?: boolean;
  readonly answers: AnswerKind;
  readonly orAnswers?: AnswerKind;
  /** Problems besides those every call may end with. */
  readonly problems?: readonly (keyof typeof errorAnswers)[];
  readonly handle: (request: {
    readonly ids: Readonly<Record<string, string>>;
    readonly query: z.output<Query>;
    readonly body: z.output<Body>;
    /** Who asks, for the audit log. */
    readonly actor: Actor;
  }) => Promise<Answer | Problem>;
}

export interface Answer {
  readonly kind: "answer";
  readonly status: 200 | 201 | 202 | 204;
  readonly body?: unknown;
}

export function answer(status: Answer["status"], body?: unknown): Answer {
  return { kind: "answer", status, body };
}

export const apiRoot = "/api/v1";
const maxBodyBytes = 2 * 1024 * 1024;
const bodyMs = 15_000;

/**
 * Serves one call and describes it in the document.
 *
 * Ids in the address that have not the form of one are 404 like any unknown id; a body that is not JSON is 400, and 422 names everything that
 * is wrong with body and parameters at once.
 */
export function serve<Query extends z.ZodObject = z.ZodObject, Body extends z.ZodType = z.ZodType<undefined>>(
  app: OpenAPIHono<WebEnv>,
  endpoint: Endpoint<Query, Body>,
): void {
  registerOperation(app, endpoint);
  app.on(endpoint.method, `${apiRoot}${endpoint.path.replaceAll(/\{(\w+)\}/g, ":$1")}`, async (c) => {
    const ended = await run(c, endpoint);
    if (ended.kind === "problem") return problemResponse(ended);
    c.header("cache-control", "no-store");
    return ended.status === 204 ? c.body(null, 204) : c.json(ended.body ?? {}, ended.status);
  });
}

async function run<Query extends z.ZodObject, Body extends z.ZodType>(
  c: WebContext,
  endpoint: Endpoint<Query, Body>,
): Promise<Answer | Problem> {
  const ids = c.req.param();
  if (Object.entries(ids).some(([name, value]) => !(endpoint.words?.[name]?.test(value) ?? isId(value)))) return unknownId();
  const query = checked(endpoint.query ?? z.object({}), c.req.query());
  const body =
    endpoint.body === undefined ? { ok: true as const, value: undefined } : await readJson(c, endpoint.body, endpoint.bodyOptional);
  if ("kind" in body) return body;
  if (!query.ok || !body.ok) {
    return badFields([...(query.ok ? [] : query.errors), ...(body.ok ? [] : body.errors)]);
  }
  // Both were made by the schemas of the endpoint, or by the ones that stand for its absent schemas.
  return endpoint.handle({ ids, query: query.value as z.output<Query>, body: body.value as z.output<Body>, actor: c.get("actor") });
}

type Checked = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly errors: readonly FieldError[] };

async function readJson(c: WebContext, schema: z.ZodType, optional = false): Promise<Checked | Problem> {
  const bytes = await readApiBody(c);
  if ("kind" in bytes) return bytes;
  if (bytes.length === 0 && optional) return checked(schema, {});
  const json = parseJson(bytes);
  return json.ok ? checked(schema, json.value) : problem(400, `the body is not JSON: ${json.reason}`);
}

/** The body of a call to the API, at most 2 MiB. */
export async function readApiBody(c: WebContext): Promise<Buffer | Problem> {
  const reading = await readBody(c, { maxBytes: maxBodyBytes, withinMs: bodyMs });
  if (reading.kind === "read") return reading.body;
  if (reading.kind === "too-large") return problem(413, "the body is larger than 2 MiB");
  return problem(reading.kind === "too-slow" ? 408 : 400, "the body did not come");
}

export function parseJson(bytes: Buffer): { ok: true; value: unknown } | { ok: false; reason: string } {
  try {
    return { ok: true, value: JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) };
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : "it can't be read" };
  }
}

/** Checks a value against a schema; what is wrong is named place by place. */
export function checked(schema: z.ZodType, value: unknown): Checked {
  const parsed = schema.safeParse(value, { error: (issue) => (issue.input === undefined ? "is missing" : undefined) });
  if (parsed.success) return { ok: true, value: parsed.data };
  return { ok: false, errors: parsed.error.issues.flatMap((issue) => errorsOf(issue, [])) };
}

export function badFields(errors: readonly FieldError[]): Problem {
  return problem(422, errors.length === 1 ? (errors[0]?.detail ?? "") : `${errors.length} fields are wrong`, { errors });
}

export function unknownId(): Problem {
  return problem(404, "there is nothing of that id here");
}
