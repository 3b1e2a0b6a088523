import type { Hono } from "hono";
import { isId } from "../core/ids.ts";
import type { RawRequest } from "../sources/adapter.ts";
import { adapters } from "../sources/registry.ts";
import { readBody } from "./body.ts";
import { callerOf, type WebContext, type WebEnv } from "./caller.ts";
import type { WebDeps, WebLimits } from "./deps.ts";
import { keptHeaders } from "./hook-headers.ts";
import type { HookSource, HookSources } from "./hook-sources.ts";
import { type Problem, problem, problemResponse } from "./problem.ts";
import { rateLimit } from "./rate-limit.ts";

/** 2 MiB (IN-14). */
export const maxHookBytes = 2 * 1024 * 1024;

/** How a webhook ended: the word it is counted under, and what its sender is told. */
interface Ending {
  readonly outcome: string;
  readonly platform?: string;
  readonly answer: Problem | "stored" | "pong";
}

/**
 * `POST /hooks/{sourceId}`: 202 once durably stored.
 *
 * The signature is checked over the raw bytes before anything in them is believed (IN-01, IN-02); their meaning is read later, by `take-in`.
 * Whatever is sent, the only 5xx is 503, when the database does not answer.
 */
export function serveHooks(app: Hono<WebEnv>, deps: WebDeps, limits: WebLimits, sources: HookSources): void {
  const receive = receiver(deps, limits, sources);
  app.post("/hooks/:sourceId", async (c) => {
    const ending = await receive(c, c.req.param("sourceId")).catch((error: unknown): Ending => {
      deps.log.error({ err: error, source: c.req.param("sourceId") }, "a webhook could not be stored");
      return { outcome: "failed", answer: problem(503, "the webhook could not be stored; send it again", { retryAfter: 10 }) };
    });
    deps.count("webhook", { platform: ending.platform ?? "unknown", outcome: ending.outcome });
    if (ending.answer === "pong") return c.text("", 200);
    if (ending.answer === "stored") return c.json({}, 202);
    return problemResponse(ending.answer);
  });
  app.all("/hooks/:sourceId", (c) => {
    c.header("allow", "POST");
    return c.json({ title: "Method not allowed", status: 405, detail: "webhooks are sent with POST" }, 405);
  });
}

function receiver(deps: WebDeps, limits: WebLimits, sources: HookSources) {
  const refusals = rateLimit(limits.refusedHooks);
  const signed = rateLimit(limits.signedHooks);

  /** A call that is refused is limited per caller and endpoint; one that is signed never pays for another's refusals. */
  function refuse(c: WebContext, endpoint: string, ending: Ending): Ending {
    const wait = refusals.take(`${callerOf(c)} ${endpoint}`);
    if (wait === 0) return ending;
    return { ...ending, outcome: "too-fast", answer: problem(429, "too many refused webhooks from this address", { retryAfter: wait }) };
  }

  return async (c: WebContext, sourceId: string): Promise<Ending> => {
    const encoding = c.req.header("content-encoding")?.trim().toLowerCase() ?? "";
    if (encoding !== "" && encoding !== "identity") {
      return { outcome: "encoded", answer: problem(415, `the body is encoded (${encoding.slice(0, 40)}); send it as it is`) };
    }
    const unknown: Ending = { outcome: "unknown-source", answer: problem(404, "there is no such source") };
    const source = isId(sourceId) ? await within(limits.storeMs, sources.find(sourceId)) : null;
    if (source === null) return refuse(c, "unknown", unknown);
    const platform = source.platform;

    const reading = await readBody(c, { maxBytes: maxHookBytes, withinMs: limits.bodyMs });
    if (reading.kind === "too-large") {
      return { outcome: "too-large", platform, answer: problem(413, "the body is larger than 2 MiB") };
    }
    if (reading.kind === "too-slow") return { outcome: "too-slow", platform, answer: problem(408, "the body took too long to come") };
    if (reading.kind === "broken") return { outcome: "broken", platform, answer: problem(400, "the body ended before its end") };

    const request: RawRequest = { headers: c.req.header(), body: reading.body };
    const verdict = await believe(request, source);
    if (verdict.kind === "refused") {
      const refused = problem(401, "the signature is missing, stale or not this source's");
      return refuse(c, sourceId, { outcome: "refused", platform, answer: refused });
    }
    if (verdict.kind === "ping") return refuse(c, `${sourceId} ping`, { outcome: "ping", platform, answer: "pong" });

    const wait = signed.take(sourceId);
    if (wait > 0) return { outcome: "too-fast", platform, answer: problem(429, "too many webhooks for this source", { retryAfter: wait }) };
    const { key, topic } = adapters[platform].identify(request);
    const { shopId } = source;
    const headers = keptHeaders(request.headers);
    const outcome = await within(
      limits.storeMs,
      deps.storeDelivery({ shopId, sourceId, key, topic, headers, body: request.body, receivedAt: deps.now() }),
    );
    if (outcome === "stored") deps.wake("take-in");
    return { outcome, platform, answer: "stored" };
  };

  /** A signature that is not of the secrets we remember may be of one that another process was given just now: those are read anew. */
  async function believe(request: RawRequest, source: HookSource) {
    const adapter = adapters[source.platform];
    const verdict = adapter.verify(request, source.keys, deps.now());
    if (verdict.kind !== "refused" || verdict.reason !== "wrong-signature") return verdict;
    if (performance.now() - source.loadedAt < rememberedMs) return verdict;
    const fresh = await within(limits.storeMs, sources.reload(source.id));
    return fresh === null ? verdict : adapter.verify(request, fresh.keys, deps.now());
  }
}

/** Forged webhooks cost at most one query a source in this time. */
const rememberedMs = 500;

/** Throws when `work` takes longer: the sender is told in time to try again. What it does still counts, and the next try is a repeat. */
async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`the database took longer than ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
