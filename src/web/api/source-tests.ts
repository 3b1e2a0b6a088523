import { z } from "@hono/zod-openapi";
import { newId } from "../../core/ids.ts";
import { type Instant, iso } from "../../core/instant.ts";
import { unreachable } from "../../core/unreachable.ts";
import type { RawRequest } from "../../sources/adapter.ts";
import { adapters } from "../../sources/registry.ts";
import { hmacOf } from "../../sources/signature.ts";
import { signStandard } from "../../sources/standard/signature.ts";
import { deliveryOfKey } from "../../store/deliveries-by-key.ts";
import type { HookSource } from "../hook-sources.ts";
import type { Api } from "./context.ts";
import { answer, serve, unknownId } from "./endpoint.ts";
import * as field from "./fields.ts";

const testSchema = z
  .object({
    id: field.id,
    url: z.string().openapi({ description: "where to POST it" }),
    headers: z.record(z.string(), z.string()),
    body: z.string().openapi({ description: "to be sent as it is: the signature is over its bytes" }),
  })
  .openapi("SourceTest");

const fateSchema = z
  .object({
    state: z.enum(["not-arrived", "stored", "taken", "ignored", "waiting", "quarantined"]),
    reason: z.string().nullable(),
    receivedAt: field.timeOut.nullable(),
  })
  .openapi("SourceTestFate", { description: "a test that went well ends as ignored: it says nothing about any order" });

/** Test deliveries: signed like the platform's own, to be sent by whoever asks the way the platform would send them. */
export function serveSourceTests({ app, deps, sources }: Api): void {
  const tag = "Sources";

  serve(app, {
    method: "post",
    path: "/sources/{id}/tests",
    tag,
    summary: "Makes a signed test delivery to send to the source's hook",
    body: z.strictObject({}),
    bodyOptional: true,
    answers: { status: 201, description: "The request to send", schema: testSchema },
    handle: async ({ ids }) => {
      const source = await sources.reload(ids["id"] ?? "");
      if (source === null) return unknownId();
      const id = newId(deps.now());
      const { headers, body } = testRequest(source, id, deps.now());
      return answer(201, { id, url: `${deps.publicUrl}/hooks/${source.id}`, headers, body: body.toString("utf8") });
    },
  });

  serve(app, {
    method: "get",
    path: "/sources/{id}/tests/{test}",
    tag,
    summary: "Says what has become of a test delivery",
    answers: { status: 200, description: "As far as it came", schema: fateSchema },
    handle: async ({ ids }) => {
      const source = await sources.find(ids["id"] ?? "");
      if (source === null) return unknownId();
      const { key } = adapters[source.platform].identify(testRequest(source, ids["test"] ?? "", deps.now()));
      const fate = await deliveryOfKey(deps.db, source.id, key);
      if (fate === null) return answer(200, { state: "not-arrived", reason: null, receivedAt: null });
      return answer(200, { ...fate, receivedAt: iso(fate.receivedAt) });
    },
  });
}

/** A delivery of a topic that says nothing about any order. Its idempotency key follows from `id` alone. */
export function testRequest(
  { platform, keys }: HookSource,
  id: string,
  now: Instant,
): RawRequest & { readonly headers: Record<string, string> } {
  const secret = keys.secrets[0] ?? "";
  const body = Buffer.from(JSON.stringify({ type: "afterword.test", data: { test: id } }));
  const json = { "content-type": "application/json" };
  switch (platform) {
    case "standard":
      return { headers: { ...json, ...signStandard(secret, id, now, body) }, body };
    case "shopify":
      return {
        headers: {
          ...json,
          "x-shopify-topic": "afterword/test",
          "x-shopify-webhook-id": id,
          "x-shopify-shop-domain": keys.domain ?? "test.myshopify.com",
          "x-shopify-hmac-sha256": hmacOf(secret, body).toString("base64"),
        },
        body,
      };
    case "woocommerce":
      return {
        headers: {
          ...json,
          "x-wc-webhook-topic": "action.afterword_test",
          "x-wc-webhook-source": `https://${keys.domain ?? "shop.example"}/`,
          "x-wc-webhook-signature": hmacOf(secret, body).toString("base64"),
        },
        body,
      };
    default:
      return unreachable(platform);
  }
}
