import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { readConfig } from "../../src/config.ts";

const file = readFileSync(join(import.meta.dirname, "../../docker-compose.yml"), "utf8");

/** What Docker Compose makes of the file with these variables; the name of the one that is required and missing, instead. */
function composed(env: Readonly<Record<string, string>>): { readonly missing: string } | { readonly services: Services } {
  let missing: string | undefined;
  const filled = file
    .replaceAll(/^ *#.*$/gm, "")
    .replaceAll(/\$\{(\w+)(?::([?-])([^}]*))?\}/g, (_all, name: string, kind?: string, otherwise = "") => {
      const value = env[name] ?? "";
      if (value !== "") return value;
      if (kind === "?") missing ??= name;
      return kind === "-" ? otherwise : "";
    });
  if (missing !== undefined) return { missing };
  return { services: composeFile.parse(parse(filled, { merge: true })).services };
}

const service = z.object({
  image: z.string(),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()).default({}),
  healthcheck: z.object({ test: z.array(z.string()) }).optional(),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  deploy: z.object({ replicas: z.int() }).optional(),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
  read_only: z.boolean().default(false),
});
const composeFile = z.object({ services: z.record(z.string(), service), volumes: z.record(z.string(), z.null()) });
type Services = z.output<typeof composeFile>["services"];

const filledIn = {
  POSTGRES_PASSWORD: "one",
  SECRET_KEY: "0123456789abcdef0123456789abcdef",
  API_TOKEN: "two-two-two",
  PUBLIC_URL: "https://mail.lantern.example",
};

function services(env: Readonly<Record<string, string>> = filledIn): Services {
  const result = composed(env);
  if ("missing" in result) throw new Error(`${result.missing} is missing`);
  return result.services;
}

test.each(Object.keys(filledIn))("nothing starts without %s: there is no default that would work in production", (name) => {
  expect(composed({ ...filledIn, [name]: "" })).toEqual({ missing: name });
});

test("each part is configured as the service wants it", () => {
  const { web, worker, migrate } = services();
  for (const [part, role] of [
    [web, "web"],
    [worker, "worker"],
    [migrate, "all"],
  ] as const) {
    const reading = readConfig({ ...part?.environment, HOST: "0.0.0.0", PORT: "3000" });
    expect(reading).toMatchObject({ ok: true, config: { role, databaseUrl: "postgres://afterword:one@postgres:5432/afterword" } });
    expect(part?.read_only).toBe(true);
  }
  expect(migrate?.command).toEqual(["migrate"]);
  expect(worker?.deploy?.replicas).toBe(2);
});

test("mail goes to the catcher until SMTP_URL is set", () => {
  expect(services()["worker"]?.environment["SMTP_URL"]).toBe("smtp://mailpit:1025");
  const real = "smtps://user:password@smtp.lantern.example";
  expect(services({ ...filledIn, SMTP_URL: real })["worker"]?.environment["SMTP_URL"]).toBe(real);
});

test("what others stand on is pinned, healthy before they start, and reachable from this machine alone", () => {
  const all = services();
  for (const [name, { image, healthcheck, ports }] of Object.entries(all)) {
    for (const port of ports) expect(port, name).toMatch(/^127\.0\.0\.1:/);
    if (image === "afterword") continue;
    expect(image, name).toMatch(/^[\w./-]+:v?\d[\w.-]*$/);
    expect(healthcheck?.test[0], name).toBe("CMD");
  }
  for (const part of [all["web"], all["worker"]]) {
    expect(part?.depends_on).toEqual({
      migrate: { condition: "service_completed_successfully" },
      postgres: { condition: "service_healthy" },
      valkey: { condition: "service_healthy" },
    });
  }
});
