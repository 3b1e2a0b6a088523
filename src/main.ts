import { migrateCommand } from "./cli/migrate.ts";
import { startCommand } from "./cli/start.ts";

const help = `Usage: afterword <command>

Commands:
  start     run the service (all of it in one process, unless ROLE says otherwise)
  migrate   bring the database to the newest schema, and end

Everything else is set through environment variables; README.md lists them.
`;

const commands: Readonly<Record<string, () => Promise<number>>> = { start: startCommand, migrate: migrateCommand };

const verb = process.argv[2] ?? "start";
if (verb === "--help" || verb === "-h" || verb === "help") {
  process.stdout.write(help);
} else {
  const command = Object.hasOwn(commands, verb) ? commands[verb] : undefined;
  if (command === undefined) {
    process.stderr.write(`afterword: there is no command ${JSON.stringify(verb)}.\n\n${help}`);
    process.exitCode = 2;
  } else {
    process.exitCode = await command();
  }
}
