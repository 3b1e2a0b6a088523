import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/global-setup.ts"],
    setupFiles: ["test/support/clean-up.ts"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Real servers, processes and browsers share two cores there: what fails once for want of time may try again, what fails thrice is wrong.
    retry: process.env["CI"] ? 2 : 0,
    pool: "forks",
    maxWorkers: 3,
    // What `.ci/run` counts the tests in.
    reporters: process.env["CI"] ? ["default", "json"] : ["default"],
    outputFile: { json: ".tmp/test-report.json" },
  },
});
