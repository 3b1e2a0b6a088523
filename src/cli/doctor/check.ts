/** What one look found, and what to do about it. */
export interface Check {
  readonly name: string;
  /** `skipped`: it does not apply here, or could not be looked at because of another finding. */
  readonly state: "ok" | "warning" | "failed" | "skipped";
  readonly detail: string;
  /** A sentence; only where something is to be done. */
  readonly remedy?: string;
}

export function ok(name: string, detail: string): Check {
  return { name, state: "ok", detail };
}

export function warning(name: string, detail: string, remedy: string): Check {
  return { name, state: "warning", detail, remedy };
}

export function failed(name: string, detail: string, remedy: string): Check {
  return { name, state: "failed", detail, remedy };
}

export function skipped(name: string, detail: string): Check {
  return { name, state: "skipped", detail };
}

/** The sentence of an error, without a stack; of several at once (both addresses of a name) the first. */
export function sentenceOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return sentenceOf(error.errors[0]);
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? `: ${sentenceOf(error.cause)}` : "";
  return `${error.message || ("code" in error ? String(error.code) : error.name)}${cause}`;
}
