import { type Command, Option } from "commander";
import { tokenRoles } from "../core/token-role.ts";
import type { TokenAnswer } from "./answers.ts";
import { openService } from "./service-client.ts";
import { readId } from "./source.ts";
import { fields, table } from "./table.ts";
import { ownZone, when } from "./times.ts";
import { answerWith, type Cli, type CommonOptions, group, verb } from "./verb.ts";

/** `token create | list | revoke` */
export function addTokenCommands(program: Command, cli: Cli): void {
  const tokens = group(program, "token", "tokens of the API, for scripts and colleagues");

  verb(tokens, "create <name>", {
    summary: "make a token; it is shown this once",
    example: 'afterword token create "nightly export" --role viewer',
  })
    .addOption(
      new Option("--role <role>", "viewer: look and simulate; operator: everything but tokens; owner: everything")
        .choices(tokenRoles)
        .default("operator"),
    )
    .action(async (name: string, options: CommonOptions & { readonly role: string }) => {
      const service = await openService(cli.env);
      const made = await service.call<TokenAnswer>("POST", "/tokens", { name, role: options.role });
      answerWith(cli, options, made, () =>
        fields(cli.terminal, [
          ["id", made.id],
          ["name", made.name],
          ["role", made.role],
          ["token", { text: made.token ?? "", tone: "strong" }],
          ["", "Keep it now: it is stored nowhere and not shown again. Use it as AFTERWORD_TOKEN or as a bearer token."],
        ]),
      );
    });

  verb(tokens, "list", { summary: "list tokens, newest first", example: "afterword token list" }).action(async (options: CommonOptions) => {
    const service = await openService(cli.env);
    const list = await service.list<TokenAnswer>("/tokens", "tokens");
    const zone = ownZone();
    answerWith(cli, options, { tokens: list }, () =>
      list.length === 0
        ? "There is no token yet; `npx afterword token create <name>` makes one.\n"
        : table(
            cli.terminal,
            ["id", "name", "role", "made", "last used"],
            list.map((one) => [
              one.id,
              one.name,
              one.role,
              when(one.createdAt, zone),
              one.lastUsedAt === null ? "never" : when(one.lastUsedAt, zone),
            ]),
          ),
    );
  });

  verb(tokens, "revoke <id>", {
    summary: "end a token, at once",
    example: "afterword token revoke 019bd4a0-6c00-7cc3-98c4-dc0c0c07398f",
  }).action(async (id: string, options: CommonOptions) => {
    const service = await openService(cli.env);
    await service.call("DELETE", `/tokens/${readId(id)}`);
    answerWith(cli, options, { id, revoked: true }, () => "It opens nothing any more.\n");
  });
}
