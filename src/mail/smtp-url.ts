import { isIP } from "node:net";

/** Where and how mail is submitted, read from `SMTP_URL`. */
export interface SmtpConfig {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte (`smtps://`); otherwise STARTTLS where the server offers it. */
  readonly implicitTls: boolean;
  /** Never go on without TLS. */
  readonly requireTls: boolean;
  readonly auth: { readonly user: string; readonly pass: string } | null;
  /** How many connections at most, 1 to 100. */
  readonly connections: number;
  /** Mails a second at most, of this process; `null`: as fast as the server takes them. */
  readonly rate: number | null;
  /** What we call ourselves in EHLO; `null`: the machine's host name. */
  readonly name: string | null;
}

export const defaultConnections = 5;

/**
 * Reads `smtp://user:pass@host:port?connections=5&rate=20&requireTLS=true&name=mail.shop.example` or `smtps://…`.
 *
 * Ports default to 587 and 465. User and password are percent-decoded. Unknown options are errors, so that a typo does not
 * silently send unencrypted. The sentence in `error` never holds the password.
 */
export function parseSmtpUrl(
  text: string,
): { readonly ok: true; readonly config: SmtpConfig } | { readonly ok: false; readonly error: string } {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return bad("is not a URL; it should look like smtp://user:password@host:587");
  }
  if (url.protocol !== "smtp:" && url.protocol !== "smtps:") return bad(`begins with ${url.protocol}// instead of smtp:// or smtps://`);
  const host = url.hostname.replace(/^\[|\]$/g, "");
  if (host === "") return bad("names no host");
  if (url.pathname !== "" && url.pathname !== "/") return bad("has a path, which means nothing here");
  const implicitTls = url.protocol === "smtps:";

  const options = readOptions(url.searchParams);
  if (typeof options === "string") return bad(options);
  const auth = readAuth(url);
  if (typeof auth === "string") return bad(auth);
  const port = url.port === "" ? (implicitTls ? 465 : 587) : Number(url.port);
  return { ok: true, config: { host, port, implicitTls, auth, ...options } };
}

/** Whether mail to this server stays on this machine. `false` for what cannot be read. */
export function isLoopback(text: string): boolean {
  const parsed = parseSmtpUrl(text);
  return parsed.ok && isLoopbackHost(parsed.config.host);
}

/** `localhost` and names below it, 127.0.0.0/8, `::1` and its IPv4-mapped kin. */
export function isLoopbackHost(host: string): boolean {
  const name = host.toLowerCase().replace(/\.$/, "");
  if (name === "localhost" || name.endsWith(".localhost")) return true;
  if (isIP(name) === 4) return name.startsWith("127.");
  return name === "::1" || /^::ffff:(127\.|7f[0-9a-f]{2}:)/.test(name);
}

type Options = Pick<SmtpConfig, "connections" | "rate" | "requireTls" | "name">;

function readOptions(params: URLSearchParams): Options | string {
  let options: Options = { connections: defaultConnections, rate: null, requireTls: false, name: null };
  for (const [key, value] of params) {
    const amount = Number(value);
    if (key === "connections") {
      if (!Number.isInteger(amount) || amount < 1 || amount > 100)
        return `has connections=${value}, which should be a whole number from 1 to 100`;
      options = { ...options, connections: amount };
    } else if (key === "rate") {
      if (!Number.isFinite(amount) || amount <= 0) return `has rate=${value}, which should be a number of mails a second above 0`;
      options = { ...options, rate: amount };
    } else if (key === "requireTLS") {
      if (value !== "true" && value !== "false") return `has requireTLS=${value}, which should be true or false`;
      options = { ...options, requireTls: value === "true" };
    } else if (key === "name") {
      if (!/^[A-Za-z0-9.:[\]-]{1,255}$/.test(value)) return `has name=${value}, which should be a host name`;
      options = { ...options, name: value };
    } else {
      return `has an unknown option ${key}; known are connections, rate, requireTLS and name`;
    }
  }
  return options;
}

function readAuth(url: URL): SmtpConfig["auth"] | string {
  if (url.username === "" && url.password === "") return null;
  if (url.username === "" || url.password === "") return "has a user without a password, or the other way round";
  try {
    return { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) };
  } catch {
    return "has a user or password with a broken % escape";
  }
}

function bad(error: string): { readonly ok: false; readonly error: string } {
  return { ok: false, error };
}
