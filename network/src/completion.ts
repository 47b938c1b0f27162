// `fogbow completion`: what a shell needs to complete this program's commands and options, made from the commands themselves.
import type { Command } from "commander";
import { CommandError } from "./error.ts";
import { withExamples } from "./examples.ts";
import type { Surroundings } from "./surroundings.ts";

/** What can follow a command's words. */
interface Words {
  /** The words so far, without the program's name: "", "wallet", "wallet balance". */
  readonly path: string;
  readonly commands: readonly { readonly name: string; readonly does: string }[];
  readonly options: readonly { readonly flag: string; readonly does: string }[];
}

/** Adds the command; last, since it completes those that are there. */
export function addCompletionCommand(program: Command, { stdout }: Surroundings): void {
  const command = program
    .command("completion")
    .description("print what makes a shell complete this program's commands and options")
    .argument("<shell>", "bash, zsh or fish")
    .action((shell: string) => {
      const script = SCRIPTS[shell];
      if (script === undefined)
        throw new CommandError("invalid-argument", `A shell is bash, zsh or fish, not ${shell}.`);
      stdout.write(script(program.name(), wordsOf(program)));
    });
  withExamples(command, [
    ['eval "$(fogbow completion bash)"', "in ~/.bashrc"],
    ['eval "$(fogbow completion zsh)"', "in ~/.zshrc, after compinit"],
    ["fogbow completion fish > ~/.config/fish/completions/fogbow.fish", "once"],
  ]);
}

/** Every command, itself first, with what can follow. */
function wordsOf(command: Command, path = ""): Words[] {
  const own: Words = {
    path,
    commands: command.commands.map((child) => ({ name: child.name(), does: firstClause(child.description()) })),
    options: [
      ...command.options.map(({ long, description }) => ({ flag: long ?? "", does: firstClause(description) })),
      { flag: "--help", does: "print help" },
    ],
  };
  return [own, ...command.commands.flatMap((child) => wordsOf(child, `${path} ${child.name()}`.trim()))];
}

const firstClause = (text: string): string => text.split(/[:;,(]/, 1)[0]?.trim() ?? "";

const SCRIPTS: Readonly<Record<string, (name: string, all: readonly Words[]) => string>> = {
  bash: (name, all) => `${bashFunction(name, all)}complete -o default -F _${name} ${name}\n`,
  zsh: (name, all) =>
    `autoload -U +X bashcompinit && bashcompinit\n${bashFunction(name, all)}complete -o default -F _${name} ${name}\n`,
  fish: (name, all) => `complete -c ${name} -f\n${all.map((words) => fishLines(name, words)).join("")}`,
};

/** Commands and options by the words before the cursor that are no options. A value that an option takes is left to the shell. */
function bashFunction(name: string, all: readonly Words[]): string {
  const cases = all.map(({ path, commands, options }) => {
    const names = [...commands.map((child) => child.name), ...options.map(({ flag }) => flag)];
    return `    "${path}") words="${names.join(" ")}";;\n`;
  });
  const paths = all.map(({ path }) => `"${path}"`).join("|");
  return [
    `_${name}() {\n`,
    '  local i word path="" words=""\n',
    "  for ((i = 1; i < COMP_CWORD; i++)); do\n",
    `    word="\${COMP_WORDS[i]}"\n`,
    `    case "\${path:+$path }$word" in ${paths}) path="\${path:+$path }$word";; esac\n`,
    "  done\n",
    '  case "$path" in\n',
    ...cases,
    "  esac\n",
    `  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))\n`,
    "}\n",
  ].join("");
}

/** A line for each word that can follow a command's words. */
function fishLines(name: string, { path, commands, options }: Words): string {
  const seen = path === "" ? [] : path.split(" ").map((word) => `__fish_seen_subcommand_from ${word}`);
  const others = commands.map((child) => child.name).join(" ");
  const condition = [...seen, ...(others === "" ? [] : [`not __fish_seen_subcommand_from ${others}`])].join("; and ");
  const when = condition === "" ? "" : ` -n '${condition}'`;
  return [
    ...commands.map((child) => `complete -c ${name}${when} -a ${child.name} -d ${quoted(child.does)}\n`),
    ...options.map(({ flag, does }) => `complete -c ${name}${when} -l ${flag.replace(/^--/, "")} -d ${quoted(does)}\n`),
  ].join("");
}

const quoted = (text: string): string => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
