import { startApp } from "../app.ts";
import { openLog } from "../log.ts";
import { complain, configured } from "./configured.ts";

/** Runs the service until it is told to stop. Answers the exit code: 0 after SIGTERM or SIGINT, 1 when it could not start or go on, 2 for a bad configuration. */
export async function startCommand(): Promise<number> {
  const config = configured();
  if (config === null) return 2;
  const log = openLog(config.logLevel);
  const stopped = Promise.withResolvers<number>();
  try {
    const app = await startApp(config, log, (error) => {
      complain(error);
      stopped.resolve(1);
    });
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => stopped.resolve(0));
    log.info({ url: app.publicUrl, port: app.port, role: config.role, mail: config.smtpUrl === null ? "mailbox" : "smtp" }, "ready");
    if (process.stdout.isTTY) process.stderr.write(`Afterword is ready: ${app.publicUrl}\n`);
    const code = await stopped.promise;
    log.info({}, "stopping");
    await app.stop();
    log.info({}, "stopped");
    return code;
  } catch (error) {
    complain(error);
    return 1;
  }
}
