import { createHmac, timingSafeEqual } from "node:crypto";
import { serve } from "@hono/node-server";
import pg from "pg";
import { shopifySecret } from "../payloads.ts";

// The least that a receiver of webhooks has to do: check the signature over the bytes, insert one row, answer.

const pool = new pg.Pool({ connectionString: process.env["DATABASE_URL"], max: 10 });
await pool.query(
  "create table bare_hooks (key text primary key, topic text not null, body bytea not null, received_at timestamptz not null)",
);

const server = serve(
  {
    port: 0,
    hostname: "127.0.0.1",
    async fetch(request) {
      const body = Buffer.from(await request.arrayBuffer());
      const said = Buffer.from(request.headers.get("x-shopify-hmac-sha256") ?? "", "base64");
      const right = createHmac("sha256", shopifySecret).update(body).digest();
      if (said.length !== right.length || !timingSafeEqual(said, right)) return new Response("", { status: 401 });
      await pool.query("insert into bare_hooks (key, topic, body, received_at) values ($1, $2, $3, $4) on conflict do nothing", [
        request.headers.get("x-shopify-webhook-id"),
        request.headers.get("x-shopify-topic"),
        body,
        new Date(),
      ]);
      return new Response("{}", { status: 202 });
    },
  },
  ({ port }) => process.send?.(port),
);

process.once("SIGTERM", () => {
  server.close();
  void pool.end().then(() => process.exit(0));
});
