import type { Command } from "commander";
import { openService } from "./service-client.ts";
import { answerWith, type Cli, type CommonOptions, verb } from "./verb.ts";

interface InstanceAnswer {
  readonly sending: "on" | "held";
  readonly because: string | null;
}

/** `take-over` */
export function addTakeOver(program: Command, cli: Cli): void {
  verb(program, "take-over", {
    summary: "let a moved or restored installation send: makes its database this installation's own",
    example: "afterword take-over",
  }).action(async (options: CommonOptions) => {
    const service = await openService(cli.env);
    const before = await service.call<InstanceAnswer>("GET", "/instance");
    const after = await service.call<InstanceAnswer>("POST", "/instance/take-over", {});
    answerWith(cli, options, after, () =>
      before.because === null
        ? "Sending was not held; the database is this installation's.\n"
        : `Sending was held: ${before.because}.\nThe database is this installation's from now on. What is due goes out.\n`,
    );
  });
}
