import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/global-setup.ts"],
    setupFiles: ["test/support/clean-up.ts"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: "forks",
    maxWorkers: 3,
    // What `.ci/run` counts the tests in.
    reporters: process.env["CI"] ? ["default", "json"] : ["default"],
    outputFile: { json: ".tmp/test-report.json" },
  },
});
