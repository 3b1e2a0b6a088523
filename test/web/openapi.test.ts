import { describe, expect, test } from "vitest";
import { type Json, openWeb } from "./set-up.ts";

const web = await openWeb();
const document: Json = await (await fetch(`${web.url}/api/openapi.json`)).json();
const operations: { name: string; path: string; operation: Json }[] = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item as object).map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, path, operation })),
);

test("the document is OpenAPI 3.1 with a title, a server and the token", () => {
  expect(document.openapi).toMatch(/^3\.1\.\d+$/);
  expect(document.info).toMatchObject({ title: "Afterword", version: expect.any(String) });
  expect(document.servers).toEqual([{ url: "http://afterword.test" }]);
  expect(document.components.securitySchemes.token).toEqual({ type: "http", scheme: "bearer" });
});

test("every address outside the API is in it, too", () => {
  const paths = Object.keys(document.paths);
  for (const path of ["/hooks/{sourceId}", "/u/{token}", "/b/{token}", "/healthz", "/readyz", "/metrics"]) expect(paths).toContain(path);
});

test("every reference leads somewhere", () => {
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map((match) => match[1] ?? "");
  expect(references.length).toBeGreaterThan(20);
  for (const reference of references) {
    const found = reference
      .split("/")
      .slice(1)
      .reduce((at: Json, key) => at?.[key], document);
    expect(found, reference).toBeTypeOf("object");
  }
});

test("operation ids are there for the API and unique", () => {
  const ids = operations.filter(({ path }) => path.startsWith("/api/")).map(({ operation }) => operation.operationId);
  for (const id of ids) expect(id).toMatch(/^[a-z][A-Za-z]+$/);
  expect(new Set(ids).size).toBe(ids.length);
});

describe.each(operations)("$name", ({ path, operation }) => {
  test("has a summary, a tag, and answers with descriptions", () => {
    expect(operation.summary).toMatch(/\w/);
    expect(document.tags.map((tag: Json) => tag.name)).toContain(operation.tags[0]);
    expect(Object.keys(operation.responses).length).toBeGreaterThan(0);
    for (const [status, response] of Object.entries<Json>(operation.responses)) {
      expect(status).toMatch(/^[1-5]\d\d$/);
      expect(response.description).toMatch(/\w/);
    }
  });

  test("declares each name in its address once, as needed, with a schema", () => {
    const names = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
    const declared = (operation.parameters ?? []).filter((parameter: Json) => parameter.in === "path");
    expect(declared.map((parameter: Json) => parameter.name).sort()).toEqual(names.sort());
    for (const parameter of operation.parameters ?? []) {
      expect(parameter.schema).toBeTypeOf("object");
      if (parameter.in === "path") expect(parameter.required).toBe(true);
    }
  });

  test("says which types its fields have", () => {
    const body = operation.requestBody?.content;
    if (body !== undefined) for (const media of Object.values<Json>(body)) expect(media.schema).toBeTypeOf("object");
    for (const response of Object.values<Json>(operation.responses)) {
      for (const media of Object.values<Json>(response.content ?? {})) expect(media.schema).toBeTypeOf("object");
    }
  });
});

test("the page for people names every call", async () => {
  const page = await (await fetch(`${web.url}/api/docs`)).text();
  for (const { path } of operations) expect(page).toContain(path);
  for (const word of ["dryRun", "from.address", "redirectTo"]) expect(page).toContain(word);
});
