import type { AddressInfo } from "node:net";
import { type HttpBindings, serve } from "@hono/node-server";

/** Answers one request; a Hono app's `fetch` is one. */
export type Answer = (request: Request, env: HttpBindings) => Response | Promise<Response>;

export interface HttpServer {
  /** The one it listens on: a free one when 0 was asked for. */
  readonly port: number;
  /** From now on requests are answered by this. */
  use(answer: Answer): void;
  /** Takes no more connections, lets requests under way end for at most `graceMs`, then cuts them off. */
  stop(graceMs: number): Promise<void>;
}

/**
 * Listens for HTTP. Until `use` is called only `/healthz` is fine, everything else is 503: an orchestrator sees that the process lives,
 * and senders of webhooks try again.
 *
 * Throws the system's error when it cannot listen (`EADDRINUSE`, `EACCES`, …).
 */
export function listen(host: string, port: number): Promise<HttpServer> {
  let answer: Answer = starting;
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: (request, env) => answer(request, env as HttpBindings), hostname: host, port }, (info: AddressInfo) => {
      server.off("error", reject);
      resolve({
        port: info.port,
        use(next) {
          answer = next;
        },
        stop: (graceMs) =>
          new Promise((done) => {
            server.close(() => done());
            if (!("closeAllConnections" in server)) return;
            server.closeIdleConnections();
            setTimeout(() => server.closeAllConnections(), graceMs).unref();
          }),
      });
    });
    server.on("error", reject);
  });
}

function starting(request: Request): Response {
  if (new URL(request.url).pathname === "/healthz") return Response.json({ ok: true });
  return Response.json(
    { ok: false, checks: [{ name: "start", ok: false, detail: "the service is starting" }] },
    {
      status: 503,
      headers: { "retry-after": "5" },
    },
  );
}
