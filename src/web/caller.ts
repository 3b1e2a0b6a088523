import type { HttpBindings } from "@hono/node-server";
import type { Context } from "hono";
import type { Actor } from "../store/audit.ts";

/** What the server hands to handlers; absent when a test calls `app.fetch` itself. */
export interface WebEnv {
  Bindings: Partial<HttpBindings>;
  Variables: {
    /** Whose token a call of the API came with; set before any of them is handled. */
    actor: Actor;
  };
}

export type WebContext = Context<WebEnv>;

/**
 * The caller's address, for limits: the peer's, or what the proxy on this machine saw last.
 *
 * `X-Forwarded-For` is believed only from a loopback peer, and only its last entry, the one that nearest proxy wrote. An IPv6 caller counts as
 * its /64, since one household has all of it.
 */
export function callerOf(c: WebContext): string {
  const peer = peerOf(c);
  const forwarded = isLoopback(peer) ? (c.req.header("x-forwarded-for")?.split(",").at(-1)?.trim() ?? "") : "";
  const address = forwarded === "" ? peer : plain(forwarded.slice(0, 64));
  return address.includes(":") ? address.split(":").slice(0, 4).join(":") : address;
}

/**
 * Whether the request was made on this machine, by somebody who may therefore see its mailbox.
 *
 * A proxy on this machine also connects over loopback, so a request that came through one does not count. Nor does one for another
 * host name: a web page could have pointed a name of its own at 127.0.0.1 (DNS rebinding).
 */
export function isLocal(c: WebContext): boolean {
  const proxied = ["x-forwarded-for", "x-real-ip", "forwarded", "via"].some((name) => c.req.header(name) !== undefined);
  return isLoopback(peerOf(c)) && !proxied && isLoopbackName(c.req.header("host") ?? "");
}

function peerOf(c: WebContext): string {
  return plain(c.env?.incoming?.socket.remoteAddress ?? "unknown");
}

/** IPv4 also when it came over an IPv6 socket. */
function plain(address: string): string {
  return address.toLowerCase().replace(/^::ffff:(?=\d+\.)/, "");
}

function isLoopback(address: string): boolean {
  return address === "::1" || /^127\.\d+\.\d+\.\d+$/.test(address);
}

function isLoopbackName(host: string): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/i.test(host);
}
