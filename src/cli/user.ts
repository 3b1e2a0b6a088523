import { readFileSync } from "node:fs";
import { type Command, Option } from "commander";
import { isId } from "../core/ids.ts";
import { tokenRoles } from "../core/token-role.ts";
import type { PasswordLinkAnswer, UserAnswer } from "./answers.ts";
import { Failure } from "./failure.ts";
import { openService, type ServiceClient } from "./service-client.ts";
import { fields, table } from "./table.ts";
import { ownZone, when } from "./times.ts";
import { answerWith, type Cli, type CommonOptions, group, verb } from "./verb.ts";

/** `user add | list | disable | enable | set-password | reset-link` */
export function addUserCommands(program: Command, cli: Cli): void {
  const users = group(program, "user", "people who may sign in to the console");

  verb(users, "add <email> <name>", {
    summary: "let somebody in; answers a link with which they choose a password",
    example: 'afterword user add mei@lantern.example "Mei Lin" --role operator',
  })
    .addOption(
      new Option("--role <role>", "viewer: look; operator: also act; owner: also decide who may").choices(tokenRoles).default("operator"),
    )
    .action(async (email: string, name: string, options: CommonOptions & { readonly role: string }) => {
      const service = await openService(cli.env);
      const made = await service.call<UserAnswer & PasswordLinkAnswer>("POST", "/users", { email, name, role: options.role });
      answerWith(cli, options, made, () =>
        fields(cli.terminal, [["id", made.id], ["user", `${made.name}, ${made.role}`], ...linkRows(made)]),
      );
    });

  verb(users, "list", { summary: "list users, newest first", example: "afterword user list" }).action(async (options: CommonOptions) => {
    const service = await openService(cli.env);
    const list = await service.list<UserAnswer>("/users", "users");
    const zone = ownZone();
    answerWith(cli, options, { users: list }, () =>
      list.length === 0
        ? "There is no user yet; the log of the service has the link that makes the first one.\n"
        : table(
            cli.terminal,
            ["email", "name", "role", "state", "last seen"],
            list.map((one) => [
              one.email,
              one.name,
              one.role,
              one.disabled ? "may not sign in" : one.hasPassword ? "active" : "has not chosen a password",
              one.lastSeenAt === null ? "never" : when(one.lastSeenAt, zone),
            ]),
          ),
    );
  });

  for (const [name, disabled, words] of [
    ["disable", true, "may not sign in any more, and is signed out"],
    ["enable", false, "may sign in again"],
  ] as const) {
    verb(users, `${name} <user>`, {
      summary: disabled ? "keep a user out, at once" : "let a disabled user in again",
      example: `afterword user ${name} mei@lantern.example`,
    }).action(async (user: string, options: CommonOptions) => {
      const service = await openService(cli.env);
      const { id } = await chooseUser(service, user);
      const changed = await service.call<UserAnswer>("PATCH", `/users/${id}`, { disabled });
      answerWith(cli, options, changed, () => `${changed.name} ${words}.\n`);
    });
  }

  verb(users, "set-password <user>", {
    summary: "set a user's password from a file, and sign the user out everywhere",
    example: "afterword user set-password mei@lantern.example --password-file new-password.txt",
  })
    .requiredOption(
      "--password-file <file>",
      "its first line is the password; - reads standard input (an argument would be seen by others)",
    )
    .action(async (user: string, options: CommonOptions & { readonly passwordFile: string }) => {
      const password = firstLine(options.passwordFile);
      const service = await openService(cli.env);
      const { id, name } = await chooseUser(service, user);
      await service.call("PUT", `/users/${id}/password`, { password });
      answerWith(cli, options, { id, set: true }, () => `${name} has a new password.\n`);
    });

  verb(users, "reset-link <user>", {
    summary: "make a link with which a user chooses a new password: once, within an hour",
    example: "afterword user reset-link mei@lantern.example",
  }).action(async (user: string, options: CommonOptions) => {
    const service = await openService(cli.env);
    const { id, name } = await chooseUser(service, user);
    const made = await service.call<PasswordLinkAnswer>("POST", `/users/${id}/password-link`, {});
    answerWith(cli, options, { id, ...made }, () => fields(cli.terminal, [["user", name], ...linkRows(made)]));
  });
}

function linkRows({ link, until }: PasswordLinkAnswer): Parameters<typeof fields>[1] {
  return [
    ["link", { text: link, tone: "strong" }],
    ["", `It opens once, until ${when(until, ownZone())}, and is stored nowhere.`],
  ];
}

/** The user that `named` means: an id or an address. */
async function chooseUser(service: ServiceClient, named: string): Promise<UserAnswer> {
  const users = await service.list<UserAnswer>("/users", "users");
  const found = users.find(({ id, email }) => (isId(named) ? id === named : email === named.trim().toLowerCase()));
  if (found === undefined) throw new Failure(`there is no user ${named}`, { next: "`npx afterword user list` shows them" });
  return found;
}

function firstLine(file: string): string {
  try {
    return readFileSync(file === "-" ? 0 : file, "utf8").split(/\r?\n/, 1)[0] ?? "";
  } catch (error) {
    throw new Failure(`can't read ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
