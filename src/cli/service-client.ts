import { Failure } from "./failure.ts";
import { type ServiceSettings, serviceSettings } from "./settings.ts";

/** A running service, spoken to over its HTTP API. */
export interface ServiceClient {
  readonly url: string;
  /** Calls the API and gives its answer; any other ending is a `Failure` that says what to do. */
  call<Body>(method: string, path: string, body?: unknown): Promise<Body>;
  /** Sends bytes as they are. */
  send<Body>(path: string, bytes: Buffer, contentType: string): Promise<Body>;
  /** All pages of a list one after the other, at most `limit` rows. */
  list<Row>(path: string, field: string, limit?: number): Promise<readonly Row[]>;
}

/** What the API says when it refuses (RFC 9457). */
export interface ProblemAnswer {
  readonly status: number;
  readonly detail?: string;
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
}

/** The API refused: `problem` is all it said. */
export class Refusal extends Failure {
  readonly problem: ProblemAnswer;

  constructor(problem: ProblemAnswer, next: string | null) {
    const details = (problem.errors ?? []).map(({ detail }) => `\n  ${detail}`).join("");
    const said = problem.detail ?? `the service answered ${problem.status}`;
    super(problem.errors?.length === 1 && problem.errors[0]?.detail === said ? said : `${said}${details}`, { next });
    this.problem = problem;
  }
}

/** The service could not be reached, or broke off: trying again may help. */
export class Unreachable extends Failure {}

export async function openService(env: Readonly<Record<string, string | undefined>>): Promise<ServiceClient> {
  return clientOf(await serviceSettings(env));
}

function clientOf(settings: ServiceSettings): ServiceClient {
  const { url } = settings;

  async function request<Body>(method: string, path: string, body?: Buffer | string, contentType = "application/json"): Promise<Body> {
    const headers: Record<string, string> = { accept: "application/json" };
    if (settings.token !== null) headers["authorization"] = `Bearer ${settings.token}`;
    if (body !== undefined) headers["content-type"] = contentType;
    let response: Response;
    let text: string;
    try {
      const bytes = typeof body === "string" ? body : body === undefined ? undefined : new Uint8Array(body);
      response = await fetch(`${url}/api/v1${path}`, { method, headers, ...(bytes === undefined ? {} : { body: bytes }) });
      text = await response.text();
    } catch (error) {
      throw unreachable(url, error);
    }
    const answer = text === "" ? null : readJson(text);
    // Every answer of the API is described in its OpenAPI document, which is made from the very schemas that make the answers.
    if (response.ok && answer !== undefined) return answer as Body;
    throw refusal(settings, response, answer);
  }

  return {
    url,
    call: (method, path, body) => request(method, path, body === undefined ? undefined : JSON.stringify(body)),
    send: (path, bytes, contentType) => request("POST", path, bytes, contentType),
    async list<Row>(path: string, field: string, limit = Number.POSITIVE_INFINITY) {
      const rows: Row[] = [];
      let cursor: string | undefined;
      do {
        const page = new URLSearchParams({
          limit: String(Math.min(200, limit - rows.length)),
          ...(cursor === undefined ? {} : { cursor }),
        });
        const answer: Readonly<Record<string, unknown>> = await request("GET", `${path}${path.includes("?") ? "&" : "?"}${page}`);
        rows.push(...(answer[field] as readonly Row[])); // As the OpenAPI document has it.
        cursor = typeof answer["next"] === "string" ? answer["next"] : undefined;
      } while (cursor !== undefined && rows.length < limit);
      return rows;
    },
  };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refusal({ url, token }: ServiceSettings, response: Response, answer: unknown): Failure {
  if (response.status === 401 && token === null) {
    return new Failure(`the service at ${url} wants a token, and there is none here`, {
      next: "set AFTERWORD_TOKEN to one of its tokens, or run this where its SECRET_KEY or DATA_DIR is",
    });
  }
  if (!isProblem(answer)) {
    return new Failure(`${url} answered ${response.status}, but not as Afterword does`, { next: "look whether AFTERWORD_URL is right" });
  }
  if (response.status === 503)
    return new Unreachable(`the service at ${url} is not ready`, { next: "see what is wrong with `npx afterword doctor`" });
  const next = response.status === 401 ? "set AFTERWORD_TOKEN to a valid one; `npx afterword token create` makes one" : null;
  return new Refusal(answer, next);
}

function isProblem(answer: unknown): answer is ProblemAnswer {
  return typeof answer === "object" && answer !== null && ("status" in answer ? typeof answer.status === "number" : "checks" in answer);
}

function unreachable(url: string, error: unknown): Unreachable {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  if (code === "ECONNREFUSED") {
    return new Unreachable(`no service answers at ${url}`, {
      next: "start it with `npx afterword start`, or set AFTERWORD_URL to where it runs",
      cause: error,
    });
  }
  const why = cause instanceof Error ? cause.message || code : String(cause);
  return new Unreachable(`the service at ${url} can't be reached: ${why}`, {
    next: "look whether AFTERWORD_URL is right, and whether it runs",
    cause: error,
  });
}
