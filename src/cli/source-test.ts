import { Failure } from "./failure.ts";
import type { ServiceClient } from "./service-client.ts";

export interface SourceTestResult {
  readonly ok: boolean;
  readonly hookUrl: string;
  /** HTTP status; `null`: nobody answered. */
  readonly status: number | null;
  readonly state: string;
  readonly detail: string;
}

interface TestRequest {
  readonly id: string;
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

interface TestFate {
  readonly state: string;
  readonly reason: string | null;
}

/** How long a stored webhook may take to be read. */
const patienceMs = 8_000;

/**
 * Sends a webhook to a source's hook from here, by the public address, signed as its platform signs; then asks the service what became
 * of it. One that is understood ends as ignored, because it speaks of no order.
 */
export async function testSource(service: ServiceClient, sourceId: string): Promise<SourceTestResult> {
  const test = await service.call<TestRequest>("POST", `/sources/${sourceId}/tests`, {});
  const status = await post(test);
  const result = (ok: boolean, state: string, detail: string): SourceTestResult => ({ ok, hookUrl: test.url, status, state, detail });
  if (status === null) {
    return result(
      false,
      "not-arrived",
      `nobody answers at ${test.url}; senders will not reach it either: look at PUBLIC_URL, DNS and the proxy`,
    );
  }
  if (status !== 202)
    return result(false, "not-arrived", `${test.url} answered ${status}; ${hints.get(status) ?? "a proxy in between may be in the way"}`);
  for (const until = performance.now() + patienceMs; ; await pause(200)) {
    const { state, reason } = await service.call<TestFate>("GET", `/sources/${sourceId}/tests/${test.id}`);
    if (state === "ignored") return result(true, state, `the hook took it (202), and it was read: ${reason ?? ""}`);
    if (state !== "stored" && state !== "not-arrived")
      return result(false, state, `the hook took it, but it ended as ${state}: ${reason ?? ""}`);
    if (performance.now() < until) continue;
    if (state === "stored") {
      return result(
        true,
        state,
        "the hook took it (202) and keeps it; it has not been read yet, so see whether a worker runs: npx afterword doctor",
      );
    }
    throw new Failure(`${test.url} answered 202, but the webhook did not come to ${service.url}`, {
      next: "see whether PUBLIC_URL leads to another Afterword",
    });
  }
}

const hints: ReadonlyMap<number, string> = new Map([
  [401, "something on the way changes the body or the headers: webhooks must come through as they are"],
  [404, "PUBLIC_URL leads somewhere else, or a proxy does not pass /hooks on"],
  [413, "a proxy limits the size of bodies"],
  [429, "too many webhooks were refused just now; wait a minute"],
  [502, "the proxy does not reach the service"],
  [503, "the database does not take it"],
]);

async function post({ url, headers, body }: TestRequest): Promise<number | null> {
  try {
    const response = await fetch(url, { method: "POST", headers, body, redirect: "manual", signal: AbortSignal.timeout(10_000) });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return null;
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
