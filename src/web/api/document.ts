import { type OpenAPIHono, z } from "@hono/zod-openapi";
import type { WebEnv } from "../caller.ts";
import { id } from "./fields.ts";

const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
    errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
    state: z.string().optional().openapi({ description: "the state that forbids what was asked (409)" }),
  })
  .openapi("Problem");

/** What a problem of this number means anywhere in the API. */
export const errorAnswers = {
  400: "The body is not JSON",
  401: "No token, or a wrong one",
  403: "Not with a token of this role",
  404: "Unknown, or another shop's",
  409: "Not possible in the state it is in",
  413: "The body is larger than 2 MiB",
  422: "Fields are wrong; all of them are named",
} as const;

export interface AnswerKind {
  readonly status: 200 | 201 | 202 | 204;
  readonly description: string;
  readonly schema?: z.ZodType;
}

interface Described {
  readonly method: "get" | "post" | "put" | "patch" | "delete";
  readonly path: string;
  readonly words?: Readonly<Record<string, RegExp>>;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  readonly bodyOptional?: boolean;
  readonly yaml?: boolean;
  /** `application/json` when absent. */
  readonly contentType?: string;
  readonly answers: AnswerKind;
  /** Another good ending. */
  readonly orAnswers?: AnswerKind;
  readonly problems?: readonly (keyof typeof errorAnswers)[];
}

/** Writes a call into the document. */
export function registerOperation(app: OpenAPIHono<WebEnv>, call: Described): void {
  const names = [...call.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? "");
  const problems = new Set<keyof typeof errorAnswers>([
    401,
    ...(names.length > 0 ? ([404] as const) : []),
    ...(call.body === undefined ? [] : ([400, 413, 422] as const)),
    ...(call.query === undefined ? [] : ([422] as const)),
    ...(call.problems ?? []),
  ]);
  const answers = [call.answers, ...(call.orAnswers === undefined ? [] : [call.orAnswers])];
  app.openAPIRegistry.registerPath({
    method: call.method,
    path: `/api/v1${call.path}`,
    operationId: operationId(call.method, call.path),
    tags: [call.tag],
    summary: call.summary,
    ...(call.description !== undefined && { description: call.description }),
    security: [{ token: [] }],
    request: {
      ...(names.length > 0 && {
        params: z.object(Object.fromEntries(names.map((name) => [name, call.words?.[name] === undefined ? id : z.string()]))),
      }),
      ...(call.query !== undefined && { query: call.query }),
      ...(call.body !== undefined && {
        body: {
          required: call.bodyOptional !== true,
          content: {
            [call.contentType ?? "application/json"]: { schema: call.body },
            ...(call.yaml === true && { "application/yaml": { schema: z.string().openapi({ description: "the schedule alone" }) } }),
          },
        },
      }),
    },
    responses: {
      ...Object.fromEntries(
        answers.map(({ status, description, schema }) => [
          status,
          { description, ...(schema !== undefined && { content: { "application/json": { schema } } }) },
        ]),
      ),
      ...Object.fromEntries(
        [...problems]
          .sort()
          .map((number) => [
            number,
            { description: errorAnswers[number], content: { "application/problem+json": { schema: problemSchema } } },
          ]),
      ),
    },
  });
}

/** `POST /shops/{id}/sources` is `postShopsSources`: stable, for generated clients. */
function operationId(method: string, path: string): string {
  const words = path.split(/[/-]/).filter((part) => part !== "" && !part.startsWith("{"));
  const last = path.endsWith("}") ? "ById" : "";
  return `${method}${words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("")}${last}`;
}

const tags = [
  "Shops",
  "Sources",
  "Orders",
  "Messages",
  "Tasks",
  "Schedule",
  "Templates",
  "Closures",
  "Disruptions",
  "Calendar",
  "Suppressions",
  "Consents",
  "Buyers",
  "Clock",
  "Tokens",
  "Users",
  "Instance",
  "Public",
];

/** The whole document, OpenAPI 3.1. */
export function openApiDocument(app: OpenAPIHono<WebEnv>, publicUrl: string) {
  return app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "Afterword",
      version: "1",
      description:
        "Timed mails after a sale: which will go out, when, and why. JSON in camelCase, times in ISO 8601 UTC, ids are strings. " +
        "Errors are problem documents (RFC 9457). Lists take `limit` (at most 200) and `cursor`, and answer `next` while there is more.",
      license: { name: "MIT", url: "https://spdx.org/licenses/MIT.html" },
    },
    servers: [{ url: publicUrl }],
    tags: tags.map((name) => ({ name })),
  });
}
