import type { Command } from "commander";
import type { Terminal } from "./terminal.ts";

/** What every command works with. */
export interface Cli {
  readonly terminal: Terminal;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Options that every command has. */
export interface CommonOptions {
  readonly json?: boolean;
}

/** A command below `group`, with `--json` and an example in its help. */
export function verb(group: Command, usage: string, { summary, example }: { summary: string; example: string }): Command {
  return group
    .command(usage)
    .description(summary)
    .option("--json", "answer as JSON, for scripts")
    .addHelpText("after", `\nExample:\n${example.replaceAll(/^/gm, "  $ ")}`);
}

/** A group of commands about one thing. Named alone, it shows its help. */
export function group(program: Command, name: string, summary: string): Command {
  return program.command(name).description(summary);
}

/** The result: as JSON for scripts, else in words for people. */
export function answerWith({ terminal }: Cli, { json }: CommonOptions, value: unknown, words: () => string): void {
  terminal.out(json === true ? `${JSON.stringify(value, null, 2)}\n` : words());
}
