import { type Command, Option } from "commander";
import { Failure } from "./failure.ts";
import type { Cli } from "./verb.ts";

const shells = ["bash", "zsh", "fish"] as const;

/** `completion bash | zsh | fish`: a script made from the very commands there are. */
export function addCompletion(program: Command, cli: Cli): void {
  program
    .command("completion <shell>")
    .description("print a script that completes commands on Tab: bash, zsh or fish")
    .addHelpText("after", "\nExample:\n  $ source <(afterword completion bash)")
    .action((shell: string) => {
      const words = wordsOf(program);
      if (shell === "bash") cli.terminal.out(bash(words));
      else if (shell === "zsh") cli.terminal.out(zsh(words));
      else if (shell === "fish") cli.terminal.out(fish(words));
      else throw new Failure(`there is no completion for ${JSON.stringify(shell)}, only for ${shells.join(", ")}`, { code: 2 });
    });
}

/** What may follow a command, by its path: `""`, `order`, `order timetable`. */
type Words = ReadonlyMap<string, readonly { readonly word: string; readonly help: string }[]>;

function wordsOf(program: Command): Words {
  const found = new Map<string, { word: string; help: string }[]>();
  const visit = (command: Command, path: string): void => {
    const verbs = command.commands.map((one) => ({ word: one.name(), help: one.description() }));
    const options = [...command.options, new Option("--help", "display help for command")];
    const flags = options.flatMap(({ long, description }) => (long == null ? [] : [{ word: long, help: description }]));
    const choices = [...command.options, ...command.registeredArguments].flatMap(({ argChoices }) => argChoices ?? []);
    found.set(path, [...verbs, ...flags, ...choices.map((word) => ({ word, help: "" }))]);
    for (const one of command.commands) visit(one, path === "" ? one.name() : `${path} ${one.name()}`);
  };
  visit(program, "");
  const completion = found.get("completion");
  completion?.push(...shells.map((word) => ({ word, help: "" })));
  return found;
}

function cases(words: Words): string {
  return [...words]
    .filter(([path]) => path !== "")
    .map(([path, list]) => `    "${path}") words="${list.map(({ word }) => word).join(" ")}" ;;`)
    .join("\n");
}

function pathPatterns(words: Words): string {
  return [...words.keys()]
    .filter((path) => path !== "")
    .map((path) => `"${path}"`)
    .join("|");
}

function topOf(words: Words): string {
  return (words.get("") ?? []).map(({ word }) => word).join(" ");
}

/** The words of a command are found by the longest path of commands that stand on the line. */
function bash(words: Words): string {
  return `# source <(afterword completion bash)
_afterword() {
  local current="\${COMP_WORDS[COMP_CWORD]}" path="" next words index
  for ((index = 1; index < COMP_CWORD; index++)); do
    next="\${path:+$path }\${COMP_WORDS[index]}"
    case "$next" in
      ${pathPatterns(words)}) path="$next" ;;
    esac
  done
  case "$path" in
${cases(words)}
    *) words="${topOf(words)}" ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  if [[ \${#COMPREPLY[@]} -eq 0 ]]; then COMPREPLY=($(compgen -f -- "$current")); fi
}
complete -F _afterword afterword
`;
}

function zsh(words: Words): string {
  return `#compdef afterword
# source <(afterword completion zsh)
_afterword() {
  local current="\${words[CURRENT]}" path_="" next index list
  for ((index = 2; index < CURRENT; index++)); do
    next="\${path_:+$path_ }\${words[index]}"
    case "$next" in
      ${pathPatterns(words)}) path_="$next" ;;
    esac
  done
  case "$path_" in
${cases(words).replaceAll('words="', 'list="')}
    *) list="${topOf(words)}" ;;
  esac
  compadd -- \${=list} || true
  [[ "$current" == -* ]] || _files
}
compdef _afterword afterword
`;
}

function fish(words: Words): string {
  const quoted = (text: string): string => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
  const lines = [...words].flatMap(([path, list]) => {
    const condition = quoted(`test (__afterword_path) = ${JSON.stringify(path)}`);
    return list.map(
      ({ word, help }) => `complete -c afterword -n ${condition} -a ${quoted(word)}${help === "" ? "" : ` -d ${quoted(help)}`}`,
    );
  });
  const paths = [...words.keys()].filter((path) => path !== "").map(quoted);
  return `# afterword completion fish | source
function __afterword_path
  set -l path ""
  for word in (commandline -opc)[2..-1]
    set -l next (string trim "$path $word")
    if contains -- $next ${paths.join(" ")}
      set path $next
    end
  end
  echo "$path"
end
${lines.join("\n")}
`;
}
