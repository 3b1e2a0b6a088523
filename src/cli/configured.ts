import { type Config, environment, readConfig } from "../config.ts";

/** The configuration, or `null` after one message that lists every problem by variable name. */
export function configured(): Config | null {
  const reading = readConfig(environment());
  if (reading.ok) return reading.config;
  const lines = reading.problems.map(({ variable, problem }) => `  ${variable} ${problem}`);
  process.stderr.write(`afterword: the configuration can't be used, nothing was started:\n${lines.join("\n")}\n`);
  return null;
}

/** One clear sentence about what kept a command from working, on stderr. */
export function complain(error: unknown): void {
  process.stderr.write(`afterword: ${sentence(error)}\n`);
}

function sentence(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error ? error.code : undefined;
  if (code === "EADDRINUSE")
    return `something else listens there already (${error.message}); set PORT to another port, or 0 for a free one.`;
  if (code === "EACCES") return `not allowed: ${error.message}.`;
  return error.message;
}
