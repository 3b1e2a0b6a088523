import type { Command } from "commander";
import { readConfig } from "../config.ts";
import type { Check } from "./doctor/check.ts";
import { Failed } from "./failure.ts";
import { dataDirOf, serviceSettings } from "./settings.ts";
import { wrapped } from "./table.ts";
import { columnsOf, plain, type Terminal, type Tone, toned } from "./terminal.ts";
import { answerWith, type Cli, type CommonOptions, verb } from "./verb.ts";

const words: Readonly<Record<Check["state"], readonly [string, Tone]>> = {
  ok: ["ok", "good"],
  warning: ["warn", "warning"],
  failed: ["fail", "bad"],
  skipped: ["–", "quiet"],
};

/** `doctor`: looks at everything the service needs, whether it runs or not, and says what to do. */
export function addDoctor(program: Command, cli: Cli): void {
  verb(program, "doctor", {
    summary: "look at everything the service needs, and say what to do about what is amiss",
    example: "afterword doctor",
  }).action(async (options: CommonOptions) => {
    const checks = await examine(cli);
    const ok = checks.every(({ state }) => state !== "failed");
    answerWith(cli, options, { ok, checks }, () => checksText(cli.terminal, checks));
    if (!ok) throw new Failed();
  });
}

/** Every check, in the order in which one may be the cause of the next. */
async function examine({ env }: Cli): Promise<readonly Check[]> {
  const { checkDataDir, checkNode, checkSecretKey } = await import("./doctor/machine.ts");
  const first = [checkNode(process.versions.node), await checkDataDir(dataDirOf(env))];
  const reading = readConfig(env);
  if (!reading.ok) {
    const wrong = reading.problems.map(
      ({ variable, problem }): Check => ({
        name: "configuration",
        state: "failed",
        detail: `${variable} ${problem}`,
        remedy: `mend ${variable}; README.md lists what it may be`,
      }),
    );
    return [...first, ...wrong];
  }
  const { config } = reading;
  const { checkPublicUrl, checkService } = await import("./doctor/service.ts");
  const { checkDatabase } = await import("./doctor/database.ts");
  const { checkQueue } = await import("./doctor/queue.ts");
  const { checkSmtp } = await import("./doctor/mail.ts");
  const { url } = await serviceSettings(config.port === 0 ? { ...env, PORT: "3000" } : env);
  const { running, checks: service } = await checkService(url);
  const secretKey = await checkSecretKey(config.dataDir, config.secretKey);
  const [database, queue, mail, publicUrl] = await Promise.all([
    checkDatabase(config, running),
    checkQueue(config.redisUrls),
    checkSmtp(config.smtpUrl),
    checkPublicUrl(config, running),
  ]);
  return [
    ...first,
    { name: "configuration", state: "ok", detail: "nothing is wrong with the environment variables" },
    secretKey,
    ...service,
    ...database,
    queue,
    mail,
    publicUrl,
  ];
}

function checksText(terminal: Terminal, checks: readonly Check[]): string {
  const width = Math.max(...checks.map(({ name }) => columnsOf(name)));
  const lines = checks.map(({ name, state, detail, remedy }) => {
    const [word, tone] = words[state];
    const indent = " ".repeat(6 + width + 2);
    const said = wrapped(terminal, detail, indent).slice(indent.length);
    const todo = remedy === undefined ? "" : wrapped(terminal, `→ ${remedy}`, indent);
    return `${toned(terminal, tone, word.padEnd(4))}  ${plain(name).padEnd(width)}  ${said}${todo}`;
  });
  const failures = checks.filter(({ state }) => state === "failed").length;
  const warnings = checks.filter(({ state }) => state === "warning").length;
  const sum = failures + warnings === 0 ? "Everything is fine." : `${failures} to mend, ${warnings} to look at.`;
  return `${lines.join("")}\n${sum}\n`;
}
