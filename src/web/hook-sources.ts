import type { Keys } from "../core/keys.ts";
import { unseal } from "../core/keys.ts";
import { type Platform, platforms, type SourceKeys } from "../sources/adapter.ts";
import type { Database } from "../store/database.ts";
import { findSource } from "../store/sources.ts";

/** What a webhook's endpoint must know of its source; secrets are open. */
export interface HookSource {
  readonly id: string;
  readonly shopId: string;
  readonly platform: Platform;
  readonly keys: SourceKeys;
  /** Monotonic milliseconds. */
  readonly loadedAt: number;
}

export interface HookSources {
  /** The source as known for at most some seconds; `null` when there is none. Throws when the database does not answer. */
  find(id: string): Promise<HookSource | null>;
  /** The source as it is now: what another process has changed counts at once. */
  reload(id: string): Promise<HookSource | null>;
  /** To be called after a change in this process. */
  forget(id: string): void;
}

const keptMs = 5_000;
const mostKept = 1_000;

/** Keeps the sources whose webhooks come, so that a webhook costs no query for its secret. At most 1,000, each for 5 s. */
export function hookSources(db: Database, keys: Keys): HookSources {
  const known = new Map<string, HookSource>();
  const loading = new Map<string, Promise<HookSource | null>>();
  const load = async (id: string): Promise<HookSource | null> => {
    const row = await findSource(db, id);
    const platform = platforms.find((one) => one === row?.platform);
    if (row === null || platform === undefined) return null;
    const secrets = [row.secret, row.oldSecret].flatMap((secret) => (secret === null ? [] : [unseal(keys, secret)]));
    return { id, shopId: row.shopId, platform, keys: { secrets, domain: row.domain }, loadedAt: performance.now() };
  };
  const reload = (id: string): Promise<HookSource | null> => {
    const running = loading.get(id);
    if (running !== undefined) return running;
    const run = load(id)
      .then((source) => {
        // Forgotten meanwhile: what was loaded may be older than the change.
        if (source !== null && loading.get(id) === run) keep(known, source);
        return source;
      })
      .finally(() => {
        if (loading.get(id) === run) loading.delete(id);
      });
    loading.set(id, run);
    return run;
  };
  return {
    reload,
    find(id) {
      const source = known.get(id);
      return source !== undefined && performance.now() - source.loadedAt < keptMs ? Promise.resolve(source) : reload(id);
    },
    forget(id) {
      known.delete(id);
      loading.delete(id);
    },
  };
}

function keep(known: Map<string, HookSource>, source: HookSource): void {
  known.delete(source.id);
  known.set(source.id, source);
  if (known.size <= mostKept) return;
  for (const oldest of known.keys()) {
    known.delete(oldest);
    return;
  }
}
