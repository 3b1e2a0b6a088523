import { spawn } from "node:child_process";

/** Runs a program to its end. A program that is not there ends with `null`. */
export function run(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<{ readonly code: number | null; readonly said: string }> {
  return new Promise((resolve) => {
    let said = "";
    const child = spawn(program, args, { env, stdio: ["ignore", "pipe", "pipe"] });
    const listen = (text: Buffer) => {
      said += text.toString();
    };
    child.stdout.on("data", listen);
    child.stderr.on("data", listen);
    child.once("error", (error) => resolve({ code: null, said: error.message }));
    child.once("close", (code) => resolve({ code, said }));
  });
}
