import type { Config } from "../../config.ts";
import { isLoopback, isLoopbackHost } from "../../mail/smtp-url.ts";
import { type Check, failed, ok, sentenceOf, skipped, warning } from "./check.ts";

const patienceMs = 5_000;

/** Whether a service answers, and what it says of itself. `running` tells the other checks what to expect. */
export async function checkService(url: string): Promise<{ readonly running: boolean; readonly checks: readonly Check[] }> {
  const name = "service";
  const ready = await ask(`${url}/readyz`);
  if (!ready.ok) {
    const refused = /ECONNREFUSED/.test(ready.why);
    const detail = refused ? `none runs at ${url}` : `${url} does not answer: ${ready.why}`;
    return { running: false, checks: [refused ? skipped(name, detail) : failed(name, detail, "look whether AFTERWORD_URL is right")] };
  }
  const said = checksOf(ready.body);
  if (said === null) {
    return {
      running: false,
      checks: [failed(name, `something else answers at ${url}`, "set AFTERWORD_URL, or PORT, to where Afterword listens")],
    };
  }
  const broken = said.filter((check) => !check.ok && check.name !== "sending");
  if (broken.length === 0) return { running: true, checks: [ok(name, `ready at ${url}`)] };
  const list = broken.map((check) => `${check.name} (${check.detail ?? "not ready"})`).join(", ");
  return {
    running: true,
    checks: [failed(name, `runs at ${url}, but is not ready: ${list}`, "its log says more; the checks below may show why")],
  };
}

/** Whether the address in links is one that buyers and senders can reach. */
export async function checkPublicUrl({ publicUrl, smtpUrl }: Config, running: boolean): Promise<Check> {
  const name = "public address";
  if (publicUrl === null) {
    if (smtpUrl === null)
      return ok(name, "PUBLIC_URL is not set: links lead to this machine, which is enough while mail stays in the mailbox");
    const detail = "mail goes out by SMTP, but PUBLIC_URL is not set: links in it lead to localhost";
    const remedy = "set PUBLIC_URL to the address at which buyers reach this service";
    // A server on this machine may be one that only catches mail.
    return isLoopback(smtpUrl) ? warning(name, detail, remedy) : failed(name, detail, remedy);
  }
  const { protocol, hostname } = new URL(publicUrl);
  const here = isLoopbackHost(hostname.replace(/^\[|\]$/g, ""));
  if (protocol !== "https:" && !here) {
    return warning(
      name,
      `${publicUrl} is not https: mailboxes warn of such links, and one-click unsubscribing wants https (RFC 8058)`,
      "put a proxy with a certificate in front, and set PUBLIC_URL to its https:// address",
    );
  }
  if (!running) return ok(name, `${publicUrl}; whether it leads here shows when the service runs`);
  const answer = await ask(`${publicUrl}/healthz`);
  if (answer.ok && answer.status === 200) return ok(name, `${publicUrl} leads to a service that answers`);
  const why = answer.ok ? `answers ${answer.status}` : `does not answer from here: ${answer.why}`;
  return warning(
    name,
    `${publicUrl} ${why}`,
    "look at DNS, the certificate and the proxy; from inside a network it may be reachable only from outside",
  );
}

type Asked = { readonly ok: true; readonly status: number; readonly body: unknown } | { readonly ok: false; readonly why: string };

async function ask(url: string): Promise<Asked> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(patienceMs), headers: { accept: "application/json" } });
    const text = await response.text();
    return { ok: true, status: response.status, body: parsed(text) };
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    const code = cause instanceof Error && "code" in cause ? `${String(cause.code)} ` : "";
    return { ok: false, why: `${code}${sentenceOf(error)}` };
  }
}

interface Said {
  readonly name: string;
  readonly ok: boolean;
  readonly detail?: string;
}

/** By name, or, while the service starts, as a list. */
function checksOf(body: unknown): readonly Said[] | null {
  if (typeof body !== "object" || body === null || !("checks" in body)) return null;
  const { checks } = body;
  if (typeof checks !== "object" || checks === null) return null;
  const list: readonly unknown[] = Array.isArray(checks) ? checks : Object.entries(checks).map(([name, said]) => ({ name, ...said }));
  return list.filter((one): one is Said => typeof one === "object" && one !== null && "name" in one && "ok" in one);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
