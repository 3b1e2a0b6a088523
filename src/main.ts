import { runCommand } from "./cli/program.ts";
import { ownTerminal } from "./cli/terminal.ts";
import { environment } from "./config.ts";

// Whoever reads us may have seen enough (`| head`): no reason to complain.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
});

const env = environment();
process.exitCode = await runCommand(process.argv.slice(2), { terminal: ownTerminal(env), env });
