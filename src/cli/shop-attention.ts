import type { Command } from "commander";
import type { FindingAnswer } from "./answers.ts";
import { chooseShop } from "./choose.ts";
import { openService } from "./service-client.ts";
import { table } from "./table.ts";
import { answerWith, type Cli, type CommonOptions, verb } from "./verb.ts";

/** `shop attention`: what needs a person's look. */
export function addAttention(shops: Command, cli: Cli): void {
  verb(shops, "attention [shop]", {
    summary: "say what needs a person's look, the most pressing first",
    example: "afterword shop attention Lantern",
  }).action(async (named: string | undefined, options: CommonOptions) => {
    const service = await openService(cli.env);
    const { id } = await chooseShop(service, named);
    const answer = await service.call<{ findings: readonly FindingAnswer[] }>("GET", `/shops/${id}/attention`);
    answerWith(cli, options, answer, () =>
      answer.findings.length === 0
        ? "Nothing needs you.\n"
        : table(
            cli.terminal,
            ["what", "is", "more at"],
            answer.findings.map(({ kind, detail, where }) => [{ text: kind, tone: "warning" }, detail, where]),
          ),
    );
  });
}
