import { type Instant, parseInstant } from "./core/instant.ts";
import { isLoopback, parseSmtpUrl } from "./mail/smtp-url.ts";

/** How this process is to run; read once from the environment. Absent means safe: embedded services, mail that stays here. */
export interface Config {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** Without a slash at its end; `null`: `http://localhost:PORT`. */
  readonly publicUrl: string | null;
  readonly dataDir: string;
  /** `null`: embedded PostgreSQL under `dataDir`. */
  readonly databaseUrl: string | null;
  /** Empty: the queue lives in PostgreSQL. Several: nodes of one cluster. */
  readonly redisUrls: readonly string[];
  /** `null`: mail stays in the built-in mailbox. */
  readonly smtpUrl: string | null;
  /** `null`: generated into `dataDir`. */
  readonly secretKey: string | null;
  readonly apiToken: string | null;
  readonly role: Role;
  readonly clock: { readonly kind: "system" } | { readonly kind: "manual"; readonly start: Instant | null };
  readonly logLevel: LogLevel;
  /** How many times shorter than usual leases, sweeps and waits between attempts are: 1 unless a test run is in haste. */
  readonly haste: number;
}

export const roles = ["all", "web", "worker"] as const;
export type Role = (typeof roles)[number];
export const logLevels = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;
export type LogLevel = (typeof logLevels)[number];

/** What is wrong with one variable: what was found, what is wanted. */
export interface ConfigProblem {
  readonly variable: string;
  readonly problem: string;
}

export type ConfigReading =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] };

type Environment = Readonly<Record<string, string | undefined>>;

/** The process's own environment. Nothing else reads it. */
export function environment(): Environment {
  return process.env;
}

/** Reads the whole configuration, or says everything that is wrong with it. An empty variable counts as absent. Never throws. */
export function readConfig(env: Environment): ConfigReading {
  const problems: ConfigProblem[] = [];
  const wrong = (variable: string, problem: string): void => {
    problems.push({ variable, problem });
  };
  const text = (variable: string): string | null => {
    const value = env[variable]?.trim();
    return value === undefined || value === "" ? null : value;
  };
  const url = (variable: string, protocols: readonly string[]): string | null => {
    const value = text(variable);
    if (value !== null) checkUrl(variable, value, protocols, wrong);
    return value;
  };

  const port = readPort(text("PORT"), wrong);
  const host = text("HOST") ?? "127.0.0.1";
  const publicUrl = url("PUBLIC_URL", ["http:", "https:"])?.replace(/\/+$/, "") ?? null;
  const databaseUrl = url("DATABASE_URL", ["postgres:", "postgresql:"]);
  const redisUrls = (text("REDIS_URL") ?? "")
    .split(",")
    .map((node) => node.trim())
    .filter((node) => node !== "");
  for (const node of redisUrls) checkUrl("REDIS_URL", node, ["redis:", "rediss:"], wrong);
  const smtpUrl = text("SMTP_URL");
  const smtp = smtpUrl === null ? null : parseSmtpUrl(smtpUrl);
  if (smtp !== null && !smtp.ok) wrong("SMTP_URL", smtp.error);
  const secretKey = text("SECRET_KEY");
  if (secretKey !== null && secretKey.length < 16) wrong("SECRET_KEY", "is shorter than 16 characters; take 32 random ones");
  if (secretKey === null && databaseUrl !== null) {
    wrong(
      "SECRET_KEY",
      "is missing; with DATABASE_URL it must be set, the same for every process, because it encrypts what is stored there",
    );
  }
  const apiToken = text("API_TOKEN");
  if (apiToken !== null && apiToken.length < 8) wrong("API_TOKEN", "is shorter than 8 characters");
  const role = choice("ROLE", text("ROLE"), roles, "all", wrong);
  if (role !== "all" && databaseUrl === null) {
    wrong("ROLE", `is ${role}, but several processes need a PostgreSQL they share: set DATABASE_URL`);
  }
  const logLevel = choice("LOG_LEVEL", text("LOG_LEVEL"), logLevels, "info", wrong);
  const clock = readClock(text("CLOCK"), wrong);
  if (clock.kind === "manual") {
    if (role !== "all") wrong("CLOCK", `is manual, which works in one process only; ROLE is ${role}`);
    if (smtpUrl !== null && smtp?.ok === true && !isLoopback(smtpUrl))
      wrong("CLOCK", "is manual while SMTP_URL leads to another machine; real buyers must not get mail of a made-up time");
  }

  const haste = readHaste(text("TEST_HASTE"), smtpUrl, wrong);

  if (problems.length > 0) return { ok: false, problems };
  const config: Config = {
    host,
    port,
    publicUrl,
    dataDir: text("DATA_DIR") ?? ".data",
    databaseUrl,
    redisUrls,
    smtpUrl,
    secretKey,
    apiToken,
    role,
    clock,
    logLevel,
    haste,
  };
  return { ok: true, config };
}

type Wrong = (variable: string, problem: string) => void;

function readPort(value: string | null, wrong: Wrong): number {
  if (value === null) return 3000;
  const port = Number(value);
  if (/^\d{1,5}$/.test(value) && port <= 65_535) return port;
  wrong("PORT", `is ${JSON.stringify(value)}; it must be a number from 0 (any free port) to 65535`);
  return 3000;
}

/** For tests of failures alone: real servers and buyers must not meet a service that tries again sixty times as often. */
function readHaste(value: string | null, smtpUrl: string | null, wrong: Wrong): number {
  if (value === null) return 1;
  const haste = Number(value);
  if (!(haste >= 1 && haste <= 120)) wrong("TEST_HASTE", `is ${JSON.stringify(value)}; it must be a number from 1 to 120`);
  else if (smtpUrl !== null && !isLoopback(smtpUrl))
    wrong("TEST_HASTE", "is set while SMTP_URL leads to another machine; it is for tests alone");
  return haste;
}

function readClock(value: string | null, wrong: Wrong): Config["clock"] {
  if (value === null || value === "system") return { kind: "system" };
  if (value === "manual") return { kind: "manual", start: null };
  const start = value.startsWith("manual:") ? parseInstant(value.slice("manual:".length)) : null;
  if (start !== null) return { kind: "manual", start };
  wrong("CLOCK", `is ${JSON.stringify(value)}; it must be system, manual, or manual: with a time such as manual:2026-01-20T08:00:00Z`);
  return { kind: "system" };
}

function choice<Word extends string>(variable: string, value: string | null, words: readonly Word[], otherwise: Word, wrong: Wrong): Word {
  if (value === null) return otherwise;
  const found = words.find((word) => word === value);
  if (found === undefined) wrong(variable, `is ${JSON.stringify(value)}; it must be one of ${words.join(", ")}`);
  return found ?? otherwise;
}

function checkUrl(variable: string, value: string, protocols: readonly string[], wrong: Wrong): void {
  const wanted = protocols.map((protocol) => `${protocol}//`).join(" or ");
  if (!URL.canParse(value)) wrong(variable, `is not a URL; it must start with ${wanted}`);
  else if (!protocols.includes(new URL(value).protocol))
    wrong(variable, `starts with ${new URL(value).protocol}//; it must start with ${wanted}`);
}
