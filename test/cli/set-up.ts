import { spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { runCommand } from "../../src/cli/program.ts";
import { type Json, token } from "../support/service.ts";

export const launcher = join(import.meta.dirname, "../../bin/afterword.mjs");

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

type Environment = Readonly<Record<string, string>>;

/** Runs a command in this process, as `bin/afterword.mjs` would, with just this environment. */
export async function run(args: readonly string[], env: Environment = {}, width = 120): Promise<Ended> {
  let out = "";
  let err = "";
  const terminal = {
    out(more: string) {
      out += more;
    },
    err(more: string) {
      err += more;
    },
    watched: false,
    colour: false,
    width,
  };
  const code = await runCommand(args, { terminal, env });
  return { code, out, err };
}

/** An address at which nobody listens. */
export async function nobodyThere(): Promise<string> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // A listening TCP server has one.
  server.close();
  return `http://127.0.0.1:${port}`;
}

/** Commands for one service, as its owner. */
export function commandsFor({ url }: { readonly url: string }) {
  const env = { AFTERWORD_URL: url, AFTERWORD_TOKEN: token };
  return {
    env,
    run: (...args: readonly string[]) => run(args, env),
    /** What it says; it must be done without a complaint. */
    async says(...args: readonly string[]): Promise<string> {
      const { code, out, err } = await run(args, env);
      if (code !== 0 || err !== "") throw new Error(`${args.join(" ")} ended with ${code}: ${err}${out}`);
      return out;
    },
    /** The same as JSON. */
    async json(...args: readonly string[]): Promise<Json> {
      const { code, out, err } = await run([...args, "--json"], env);
      if (code !== 0 || err !== "") throw new Error(`${args.join(" ")} ended with ${code}: ${err}${out}`);
      return JSON.parse(out);
    },
  };
}

/** Runs the program itself, as a process of its own with just this environment (and PATH). */
export function start(args: readonly string[], env: Environment = {}, cwd?: string) {
  const child = spawn(process.execPath, [launcher, ...args], {
    env: { PATH: process.env["PATH"] ?? "", ...env },
    stdio: "pipe",
    ...(cwd === undefined ? {} : { cwd }),
  });
  const said = Promise.all([text(child.stdout), text(child.stderr), once(child, "exit")]);
  return { child, ended: said.then(([out, err, [code]]): Ended => ({ code, out, err })) };
}

export function runProcess(args: readonly string[], env: Environment = {}, input = "", cwd?: string): Promise<Ended> {
  const { child, ended } = start(args, env, cwd);
  child.stdin.on("error", () => undefined);
  child.stdin.end(input);
  return ended;
}
