import { Command, CommanderError } from "commander";
import { addClosureCommands } from "./closure.ts";
import { addCompletion } from "./completion.ts";
import { addDisruptionCommands } from "./disruption.ts";
import { addDoctor } from "./doctor.ts";
import { Failed, Failure } from "./failure.ts";
import { addImport } from "./import.ts";
import { addMessageCommands } from "./message.ts";
import { addOrderCommands } from "./order.ts";
import { addScheduleCommands } from "./schedule.ts";
import { addShopCommands } from "./shop.ts";
import { addSourceCommands } from "./source.ts";
import { addTakeOver } from "./take-over.ts";
import { addTaskCommands } from "./task.ts";
import { addTemplateCommands } from "./template.ts";
import { toned } from "./terminal.ts";
import { addTokenCommands } from "./token.ts";
import { addUserCommands } from "./user.ts";
import { type Cli, verb } from "./verb.ts";

/** Runs one command and answers its exit code: 0 done, 1 failed, 2 not asked as it should be. Never throws. */
export async function runCommand(args: readonly string[], cli: Cli): Promise<number> {
  const codes: number[] = [];
  const program = buildProgram(cli, (code) => codes.push(code));
  try {
    await program.parseAsync(args, { from: "user" });
    return Math.max(0, ...codes);
  } catch (error) {
    return endedBy(error, cli);
  }
}

/** All commands there are. `ended` is told the exit code of a command that has one of its own. */
export function buildProgram(cli: Cli, ended: (code: number) => void): Command {
  const program = new Command("afterword")
    .description("Post-sale mail at the right moment: runs the service, and speaks to one that runs.")
    .configureOutput({ writeOut: (text) => cli.terminal.out(text), writeErr: (text) => cli.terminal.err(text) })
    .exitOverride()
    .showSuggestionAfterError()
    .showHelpAfterError("How it is asked: the same with --help.")
    .addHelpText("after", environmentHelp);

  verb(program, "start", {
    summary: "run the service (all of it in one process, unless ROLE says otherwise)",
    example: "afterword start",
  }).action(async () => {
    const { startCommand } = await import("./start.ts");
    ended(await startCommand());
  });
  verb(program, "migrate", { summary: "bring the database to the newest schema, and end", example: "afterword migrate" }).action(
    async (options: { readonly json?: boolean }) => {
      const { migrateCommand } = await import("./migrate.ts");
      ended(await migrateCommand(options.json === true));
    },
  );
  addDoctor(program, cli);
  addShopCommands(program, cli);
  addSourceCommands(program, cli);
  addClosureCommands(program, cli);
  addDisruptionCommands(program, cli);
  addScheduleCommands(program, cli);
  addOrderCommands(program, cli);
  addMessageCommands(program, cli);
  addTaskCommands(program, cli);
  addTemplateCommands(program, cli);
  addImport(program, cli);
  addTokenCommands(program, cli);
  addUserCommands(program, cli);
  addTakeOver(program, cli);
  addCompletion(program, cli);
  return program;
}

const environmentHelp = `
Where the service runs is AFTERWORD_URL (http://localhost:PORT when absent), the token AFTERWORD_TOKEN or API_TOKEN;
on the machine of the service none is needed. Everything else is set through environment variables: see README.md.`;

function endedBy(error: unknown, { terminal }: Cli): number {
  if (error instanceof CommanderError) {
    // Help that was asked for is no failure; help shown because nothing was asked is.
    return error.code === "commander.helpDisplayed" || error.code === "commander.version" ? 0 : 2;
  }
  if (error instanceof Failed) return 1;
  const known = error instanceof Failure ? error : null;
  const said = error instanceof Error ? error.message : String(error);
  const next = known?.next == null ? "" : `\n${known.next[0]?.toUpperCase()}${known.next.slice(1)}.`;
  const end = /[.!?…]$|\n/.test(said) ? "" : ".";
  terminal.err(`${toned(terminal, "bad", "afterword:")} ${said}${end}${next}\n`);
  return known?.code ?? 1;
}
