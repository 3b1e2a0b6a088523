import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { deriveKeys, localToken } from "../core/keys.ts";
import { isLoopbackHost } from "../mail/smtp-url.ts";
import { Failure } from "./failure.ts";

/** Where the service runs and how to be let in. */
export interface ServiceSettings {
  /** Without a slash at the end. */
  readonly url: string;
  /** A bearer token; `null` when there is none to be had. */
  readonly token: string | null;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Finds out which service a command speaks to: `AFTERWORD_URL`, else the one that would run here (`PORT`, 3000 when absent).
 *
 * The token is `AFTERWORD_TOKEN`, else `API_TOKEN`, else the key of this machine (`localToken`), which is made from the service's own
 * secret and therefore shown to nobody but a service on this machine.
 */
export async function serviceSettings(env: Environment): Promise<ServiceSettings> {
  const given = text(env, "AFTERWORD_URL");
  const port = text(env, "PORT") ?? "3000";
  const url = given ?? `http://localhost:${port}`;
  const parsed = URL.parse(url);
  if (parsed === null || !/^https?:$/.test(parsed.protocol)) {
    throw new Failure(`AFTERWORD_URL is ${JSON.stringify(url)}, which is not an http:// or https:// address`, { code: 2 });
  }
  if (given === null && port === "0") {
    throw new Failure("PORT is 0, so the service took any free port", {
      code: 2,
      next: "set AFTERWORD_URL to the address it printed when it started",
    });
  }
  const token =
    text(env, "AFTERWORD_TOKEN") ?? text(env, "API_TOKEN") ?? (isLoopbackHost(bare(parsed.hostname)) ? await localKey(env) : null);
  return { url: url.replace(/\/+$/, ""), token };
}

async function localKey(env: Environment): Promise<string | null> {
  const secret = text(env, "SECRET_KEY") ?? (await keptKey(dataDirOf(env)));
  return secret === null ? null : localToken(deriveKeys(secret));
}

/** The key that a service on `dataDir` made; `null` when there is none, or it is not ours to read. */
export async function keptKey(dataDir: string): Promise<string | null> {
  const key = await readFile(join(dataDir, "secret-key"), "utf8").catch(() => "");
  return key.trim().length >= 16 ? key.trim() : null;
}

export function dataDirOf(env: Environment): string {
  return text(env, "DATA_DIR") ?? ".data";
}

function text(env: Environment, variable: string): string | null {
  const value = env[variable]?.trim();
  return value === undefined || value === "" ? null : value;
}

function bare(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, "");
}
