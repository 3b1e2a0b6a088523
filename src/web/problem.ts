/** An answer that says what went wrong, as RFC 9457 has it. */
export interface Problem {
  readonly kind: "problem";
  readonly status: 400 | 401 | 403 | 404 | 405 | 408 | 409 | 413 | 415 | 422 | 429 | 500 | 503;
  /** One sentence: what was found, what to do. */
  readonly detail: string;
  readonly errors?: readonly FieldError[];
  /** The state that forbids what was asked (409). */
  readonly state?: string;
  /** Seconds (429, 503). */
  readonly retryAfter?: number;
}

export interface FieldError {
  /** JSON Pointer (RFC 6901) into the body; for a parameter of the address, into these. */
  readonly pointer: string;
  readonly detail: string;
}

const titles: Readonly<Record<Problem["status"], string>> = {
  400: "Bad request",
  401: "Not authorised",
  403: "Not allowed",
  404: "Not found",
  405: "Method not allowed",
  408: "Request timeout",
  409: "Conflict",
  413: "Too large",
  415: "Unsupported encoding",
  422: "Bad fields",
  429: "Too many requests",
  500: "Internal error",
  503: "Not available",
};

export function problem(status: Problem["status"], detail: string, more: Pick<Problem, "errors" | "state" | "retryAfter"> = {}): Problem {
  return { kind: "problem", status, detail, ...more };
}

export function titleOf(status: Problem["status"]): string {
  return titles[status];
}

/** The problem as an `application/problem+json` response. */
export function problemResponse({ status, detail, errors, state, retryAfter }: Problem): Response {
  const body = { type: "about:blank", title: titles[status], status, detail, ...(errors && { errors }), ...(state && { state }) };
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      "content-type": "application/problem+json",
      "cache-control": "no-store",
      ...(status === 401 && { "www-authenticate": 'Bearer realm="Afterword"' }),
      ...(retryAfter !== undefined && { "retry-after": String(retryAfter) }),
    },
  });
}
