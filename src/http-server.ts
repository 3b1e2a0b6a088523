import { createServer } from "node:http";
import { getRequestListener, type HttpBindings } from "@hono/node-server";

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
  const listener = getRequestListener((request, env) => answer(request, env as HttpBindings), {
    // What a request without a Host header (HTTP/1.0) counts as having said.
    hostname: "localhost",
    overrideGlobalObjects: false,
  });
  // A head that does not come in 10 s is an attack or a mistake (slowloris); bodies have limits of their own.
  const server = createServer({ headersTimeout: 10_000, requestTimeout: 60_000, keepAliveTimeout: 65_000 }, (incoming, outgoing) => {
    void listener(incoming, outgoing);
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      const address = server.address();
      resolve({
        port: address !== null && typeof address === "object" ? address.port : port,
        use(next) {
          answer = next;
        },
        stop: (graceMs) =>
          new Promise((done) => {
            server.close(() => done());
            server.closeIdleConnections();
            setTimeout(() => server.closeAllConnections(), graceMs).unref();
          }),
      });
    });
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
