import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { serviceSettings } from "../../src/cli/settings.ts";
import { deriveKeys, localToken } from "../../src/core/keys.ts";
import { temporaryFolder } from "../support/process.ts";

const dataDir = join(await temporaryFolder(), "data");
await mkdir(dataDir);
await writeFile(join(dataDir, "secret-key"), "kept key of this machine, long enough\n");
const kept = localToken(deriveKeys("kept key of this machine, long enough"));

test.each([
  ["the service that would run here", {}, { url: "http://localhost:3000", token: kept }],
  ["another port", { PORT: "4000" }, { url: "http://localhost:4000", token: kept }],
  ["an address, without its last slash", { AFTERWORD_URL: "http://127.0.0.1:5000/" }, { url: "http://127.0.0.1:5000", token: kept }],
  [
    "the key from the environment first",
    { SECRET_KEY: "k".repeat(32) },
    { url: "http://localhost:3000", token: localToken(deriveKeys("k".repeat(32))) },
  ],
  ["a token before the key", { API_TOKEN: "own token" }, { url: "http://localhost:3000", token: "own token" }],
  ["AFTERWORD_TOKEN before API_TOKEN", { API_TOKEN: "one", AFTERWORD_TOKEN: "two" }, { url: "http://localhost:3000", token: "two" }],
  ["no key for another machine", { AFTERWORD_URL: "https://mail.example" }, { url: "https://mail.example", token: null }],
  [
    "nor for a name that only looks like this one",
    { AFTERWORD_URL: "https://localhost.mail.example" },
    { url: "https://localhost.mail.example", token: null },
  ],
])("%s", async (_what, env, wanted) => {
  expect(await serviceSettings({ DATA_DIR: dataDir, ...env })).toEqual(wanted);
});

test.each([{ AFTERWORD_URL: "mail.example" }, { AFTERWORD_URL: "ftp://mail.example" }, { PORT: "0" }])(
  "%j is refused with what to do",
  async (env) => {
    await expect(serviceSettings({ DATA_DIR: dataDir, ...env })).rejects.toMatchObject({ code: 2 });
  },
);
