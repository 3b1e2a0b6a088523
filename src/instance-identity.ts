import { realpath } from "node:fs/promises";
import { resolve } from "node:path";
import type { Config } from "./config.ts";
import type { Identity } from "./core/instance.ts";
import { secretKeyHash } from "./core/keys.ts";

/**
 * Who this process is, from its settings alone: neither the port nor the database's user or password changes it.
 *
 * An embedded database is known by its folder, since its port is another each time.
 */
export async function identityOf({ databaseUrl, dataDir, publicUrl }: Config, secretKey: string): Promise<Identity> {
  const folder = resolve(dataDir);
  const database = databaseUrl === null ? await realpath(folder).catch(() => folder) : addressOf(databaseUrl);
  return { keyHash: secretKeyHash(secretKey), database, publicUrl };
}

/** `host:port/name` of a PostgreSQL's URL, or of the socket its `?host=` names. */
function addressOf(databaseUrl: string): string {
  const url = new URL(databaseUrl);
  const host = (url.hostname || url.searchParams.get("host") || "localhost").toLowerCase();
  const name = decodeURIComponent(url.pathname.slice(1)) || decodeURIComponent(url.username);
  return `${host}:${url.port || "5432"}/${name}`;
}
