import type { Hono } from "hono";
import { html } from "hono/html";
import type { OpenApi } from "./api/api.ts";
import type { WebEnv } from "./caller.ts";
import type { WebDeps } from "./deps.ts";
import { deskLinks } from "./desk.ts";
import { propertiesOf, type Row, typeOf } from "./docs-schema.ts";
import { deskPage, type Html } from "./html.ts";

type Operation = NonNullable<NonNullable<NonNullable<OpenApi["paths"]>[string]>["get"]>;

interface Call {
  readonly verb: string;
  readonly path: string;
  readonly operation: Operation;
}

const verbs = ["get", "post", "put", "patch", "delete"] as const;

/** `/api/docs`: the OpenAPI document for people, made from the document itself. */
export function serveDocsPage(app: Hono<WebEnv>, deps: WebDeps, document: OpenApi): void {
  const calls: readonly Call[] = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    verbs.flatMap((verb) => {
      const operation = item[verb];
      return operation === undefined ? [] : [{ verb: verb.toUpperCase(), path, operation }];
    }),
  );
  const tags = (document.tags ?? []).map((tag) => tag.name);
  const page = deskPage({
    title: "API",
    lang: "en",
    links: deskLinks(deps, "/api/docs"),
    body: html`<h1>The API</h1>
      <p class="quiet">${prose(document.info.description ?? "")}</p>
      <p>Send the token with each call: <code>Authorization: Bearer …</code>. For programs: <a href="/api/openapi.json">openapi.json</a> (OpenAPI 3.1).</p>
      ${tags.map(
        (tag) =>
          html`<section><h2>${tag}</h2>${calls.filter(({ operation }) => operation.tags?.includes(tag)).map((call) => callSection(call, document))}</section>`,
      )}`,
  });
  app.get("/api/docs", async (c) => c.html(page));
}

function callSection({ verb, path, operation }: Call, document: OpenApi): Html {
  return html`<details class="call"><summary><span class="verb">${verb}</span> <code>${path}</code> <span class="quiet">${operation.summary}</span></summary>
    <div class="inside">
      ${operation.description === undefined ? "" : html`<p>${prose(operation.description)}</p>`}
      ${parametersOf(operation, document)}
      ${bodiesOf(operation, document)}
      ${answersOf(operation, document)}
    </div></details>`;
}

function parametersOf({ parameters = [] }: Operation, document: OpenApi): Html | "" {
  const rows = parameters.flatMap((parameter): Row[] =>
    "$ref" in parameter || parameter.in !== "query"
      ? []
      : [
          {
            name: `?${parameter.name}`,
            type: typeOf(parameter.schema, document),
            needed: parameter.required === true,
            note: parameter.description ?? "",
          },
        ],
  );
  return rows.length === 0 ? "" : html`<h3>Parameters</h3>${table(rows)}`;
}

function bodiesOf({ requestBody }: Operation, document: OpenApi): Html | "" {
  if (requestBody === undefined || "$ref" in requestBody) return "";
  const rows = propertiesOf(requestBody.content["application/json"]?.schema, document);
  const types = Object.keys(requestBody.content).join(", ");
  return html`<h3>Body <span class="small">${types}</span></h3>${rows.length === 0 ? html`<p class="quiet">Empty.</p>` : table(rows)}`;
}

function answersOf({ responses }: Operation, document: OpenApi): Html {
  const known = Object.entries(responses ?? {}).flatMap(([status, response]) => ("$ref" in response ? [] : [{ status, response }]));
  const good = known
    .filter(({ status }) => status.startsWith("2"))
    .map(({ response }) => propertiesOf(response.content?.["application/json"]?.schema, document));
  return html`<h3>Answers</h3>
    <dl class="pairs">${known.map(({ status, response }) => html`<dt>${status}</dt><dd>${response.description}</dd>`)}</dl>
    ${good.filter((rows) => rows.length > 0).map(table)}`;
}

function table(rows: readonly Row[]): Html {
  return html`<div class="wide" tabindex="0" role="group" aria-label="Fields"><table class="rows"><thead><tr><th scope="col">Field</th><th scope="col">Type</th><th scope="col">Note</th></tr></thead>
    <tbody>${rows.map(
      ({ name, type, needed, note }) =>
        html`<tr><td><code>${name}</code></td><td>${type}${needed ? "" : html` <span class="small">optional</span>`}</td><td>${prose(note)}</td></tr>`,
    )}</tbody></table></div>`;
}

/** Text in which backticks mark code. */
function prose(text: string): Html[] {
  return text.split("`").map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : html`${part}`));
}
