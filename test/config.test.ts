import { describe, expect, test } from "vitest";
import { readConfig } from "../src/config.ts";
import { instantOf } from "../src/core/instant.ts";

const key = "a secret key for tests, 32 long..";
const database = "postgres://afterword@db.internal:5432/afterword";

function problemsOf(env: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const reading = readConfig(env);
  return reading.ok ? {} : Object.fromEntries(reading.problems.map(({ variable, problem }) => [variable, problem]));
}

function config(env: Readonly<Record<string, string>>) {
  const reading = readConfig(env);
  if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
  return reading.config;
}

describe("an empty environment", () => {
  test("means embedded services on this machine only, and mail that never leaves", () => {
    expect(config({})).toEqual({
      host: "127.0.0.1",
      port: 3000,
      publicUrl: null,
      dataDir: ".data",
      databaseUrl: null,
      redisUrls: [],
      smtpUrl: null,
      secretKey: null,
      apiToken: null,
      role: "all",
      clock: { kind: "system" },
      logLevel: "info",
      haste: 1,
    });
  });

  test("is what variables that are set and empty amount to", () => {
    const names = [
      "PORT",
      "HOST",
      "PUBLIC_URL",
      "DATA_DIR",
      "DATABASE_URL",
      "REDIS_URL",
      "SMTP_URL",
      "SECRET_KEY",
      "API_TOKEN",
      "ROLE",
      "CLOCK",
    ];
    expect(config(Object.fromEntries(names.map((name) => [name, " "])))).toEqual(config({}));
  });
});

describe("a full environment", () => {
  test("is read as it is meant", () => {
    expect(
      config({
        PORT: "0",
        HOST: "0.0.0.0",
        PUBLIC_URL: "https://mail.lantern.example//",
        DATA_DIR: "/var/lib/afterword",
        DATABASE_URL: database,
        REDIS_URL: "redis://a:6379, rediss://b:6379,",
        SMTP_URL: "smtps://user:pass@relay.example:465?connections=8",
        SECRET_KEY: key,
        API_TOKEN: "an owner's token",
        ROLE: "worker",
        CLOCK: "system",
        LOG_LEVEL: "warn",
      }),
    ).toMatchObject({
      port: 0,
      publicUrl: "https://mail.lantern.example",
      redisUrls: ["redis://a:6379", "rediss://b:6379"],
      smtpUrl: "smtps://user:pass@relay.example:465?connections=8",
      role: "worker",
      logLevel: "warn",
    });
  });
});

describe("a bad environment", () => {
  test("is refused with every problem at once, each by the variable's name", () => {
    const problems = problemsOf({
      PORT: "70000",
      PUBLIC_URL: "mail.lantern.example",
      DATABASE_URL: "mysql://db/afterword",
      REDIS_URL: "http://cache",
      SMTP_URL: "relay.example",
      API_TOKEN: "short",
      ROLE: "boss",
      CLOCK: "yesterday",
      LOG_LEVEL: "loud",
    });
    expect(Object.keys(problems).sort()).toEqual(
      ["API_TOKEN", "CLOCK", "DATABASE_URL", "LOG_LEVEL", "PORT", "PUBLIC_URL", "REDIS_URL", "ROLE", "SECRET_KEY", "SMTP_URL"].sort(),
    );
    expect(problems["PORT"]).toContain("0 (any free port) to 65535");
    expect(problems["ROLE"]).toContain("all, web, worker");
  });

  test.each(["-1", "65536", "3000.5", "0x50", "1e3", "port", "٣"])("has the port %j", (port) => {
    expect(Object.keys(problemsOf({ PORT: port }))).toEqual(["PORT"]);
  });

  test("names no password and no key in what it says", () => {
    const secrets = {
      DATABASE_URL: "mysql://u:hunter22@db/a",
      SMTP_URL: "smtp://u:hunter22@",
      SECRET_KEY: "hunter22",
      REDIS_URL: "http://:hunter22@c",
    };
    expect(JSON.stringify(problemsOf(secrets))).not.toContain("hunter22");
  });
});

describe("SECRET_KEY", () => {
  test("is required as soon as DATABASE_URL is set", () => {
    expect(Object.keys(problemsOf({ DATABASE_URL: database }))).toEqual(["SECRET_KEY"]);
    expect(problemsOf({ DATABASE_URL: database, SECRET_KEY: key })).toEqual({});
    expect(problemsOf({})).toEqual({});
  });

  test("must be long enough to be a secret", () => {
    expect(Object.keys(problemsOf({ SECRET_KEY: "fifteen letters" }))).toEqual(["SECRET_KEY"]);
  });
});

describe("CLOCK", () => {
  test("may be manual, with or without a time to start at", () => {
    expect(config({ CLOCK: "manual" }).clock).toEqual({ kind: "manual", start: null });
    expect(config({ CLOCK: "manual:2026-01-20T08:00:00Z" }).clock).toEqual({ kind: "manual", start: instantOf("2026-01-20T08:00:00Z") });
  });

  test.each(["manual:", "manual:2026-01-20", "manual:2026-01-20T08:00:00", "Manual", "manually", "2026-01-20T08:00:00Z"])(
    "is refused as %j",
    (clock) => {
      expect(Object.keys(problemsOf({ CLOCK: clock }))).toEqual(["CLOCK"]);
    },
  );

  test.each(["web", "worker"])("is refused as manual where ROLE is %s", (role) => {
    expect(Object.keys(problemsOf({ CLOCK: "manual", ROLE: role, DATABASE_URL: database, SECRET_KEY: key }))).toEqual(["CLOCK"]);
  });

  test.each(["smtp://relay.example:587", "smtps://user:pass@10.0.0.5", "smtp://127.0.0.1.example", "smtp://localhost.example:25"])(
    "is refused as manual while mail leaves this machine over %s",
    (smtp) => {
      expect(Object.keys(problemsOf({ CLOCK: "manual", SMTP_URL: smtp }))).toEqual(["CLOCK"]);
      expect(problemsOf({ SMTP_URL: smtp })).toEqual({});
    },
  );

  test.each(["smtp://127.0.0.1:2525", "smtp://localhost:25", "smtp://[::1]:25", "smtp://127.1.2.3:25"])(
    "may be manual while mail stays here over %s",
    (smtp) => {
      expect(problemsOf({ CLOCK: "manual", SMTP_URL: smtp })).toEqual({});
    },
  );
});

describe("ROLE", () => {
  test.each(["web", "worker"])("%s needs a database that processes share", (role) => {
    expect(Object.keys(problemsOf({ ROLE: role }))).toEqual(["ROLE"]);
    expect(problemsOf({ ROLE: role, DATABASE_URL: database, SECRET_KEY: key })).toEqual({});
  });
});

test("TEST_HASTE is a number, and never beside an SMTP server elsewhere", () => {
  expect(readConfig({ TEST_HASTE: "60", SMTP_URL: "smtp://127.0.0.1:2525" })).toMatchObject({ ok: true, config: { haste: 60 } });
  expect(readConfig({})).toMatchObject({ ok: true, config: { haste: 1 } });
  expect(readConfig({ TEST_HASTE: "0.5" })).toMatchObject({ ok: false, problems: [{ variable: "TEST_HASTE" }] });
  expect(readConfig({ TEST_HASTE: "60", SMTP_URL: "smtp://relay.example:587" })).toMatchObject({
    ok: false,
    problems: [{ variable: "TEST_HASTE" }],
  });
});
