import { createHash, createHmac } from "node:crypto";
import { type Instant, instantOf } from "../core/instant.ts";
import { signStandard } from "../sources/standard/signature.ts";

/** What the tour does over HTTP, as any shop's system and any operator would. */
export interface DemoClient {
  call(method: string, path: string, body?: unknown): Promise<unknown>;
  /** Delivers a webhook; answers the status. */
  deliver(hook: Hook): Promise<number>;
}

/** A signed webhook. */
export interface Hook {
  readonly url: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

export function demoClient(url: string, token: string): DemoClient {
  return {
    async call(method, path, body) {
      const response = await fetch(`${url}/api/v1${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
      return text === "" ? null : JSON.parse(text);
    },
    async deliver({ url: hookUrl, body, headers }) {
      const target = new URL(new URL(hookUrl).pathname, url);
      const response = await fetch(target, { method: "POST", body, headers: { "content-type": "application/json", ...headers } });
      await response.arrayBuffer();
      return response.status;
    },
  };
}

/** Where a source listens and what it signs with. */
export interface Connection {
  readonly hookUrl: string;
  readonly secret: string;
}

/** Signs as Shopify does. The same content is the same webhook, so sending it again is a repeat. */
export function shopifyHook({ hookUrl, secret }: Connection, topic: string, payload: object): Hook {
  const body = JSON.stringify(payload);
  return {
    url: hookUrl,
    body,
    headers: {
      "x-shopify-topic": topic,
      "x-shopify-shop-domain": "lantern.myshopify.com",
      "x-shopify-webhook-id": digest(topic + body),
      "x-shopify-hmac-sha256": createHmac("sha256", secret).update(body).digest("base64"),
    },
  };
}

/** Signs as Standard Webhooks want it, at `now` by the service's clock. */
export function standardHook(
  { hookUrl, secret }: Connection,
  event: { readonly type: string; readonly occurredAt: string; readonly data: object },
  now: Instant,
): Hook {
  const body = JSON.stringify(event);
  return { url: hookUrl, body, headers: signStandard(secret, `msg_${digest(body)}`, now, body) };
}

export function at(text: string): Instant {
  return instantOf(text);
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}
