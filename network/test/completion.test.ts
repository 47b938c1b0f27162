import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { run, stop } from "./run-command.ts";

/** What bash would offer after these words, the last of which is being typed. */
function offered(script: string, ...words: readonly string[]): string[] {
  const typed = ["fogbow", ...words];
  const asked = `${script}\nCOMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _fogbow; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync("bash", ["-c", asked, "bash", ...typed], { encoding: "utf8" })
    .split("\n")
    .filter(Boolean);
}

test("bash completes commands, their commands and their options", async () => {
  const { code, out } = await run(["completion", "bash"]);
  expect(code).toBe(0);
  expect(offered(out, "wal")).toEqual(["wallet"]);
  expect(offered(out, "")).toEqual(expect.arrayContaining(["up", "down", "pay", "fog", "completion", "--version"]));
  expect(offered(out, "wallet", "ba")).toEqual(["balance"]);
  expect(offered(out, "wallet", "history", "alice", "--c")).toEqual(["--csv"]);
  expect(offered(out, "pay", "alice", "bob", "5", "--")).toEqual(
    expect.arrayContaining(["--json", "--home", "--help"]),
  );
  expect(offered(out, "pay", "--home", "wallet", "--j")).toEqual(["--json"]); // A value that is called like a command.
  expect(offered(out, "nonsense", "up")).toEqual(["up"]);
});

test("zsh and fish are given the same words", async () => {
  const [zsh, fish] = await Promise.all([run(["completion", "zsh"]), run(["completion", "fish"])]);
  expect(zsh.out).toMatch(/^autoload -U \+X bashcompinit && bashcompinit\n_fogbow\(\) \{/);
  expect(offered(zsh.out.replace(/^autoload.*\n/, ""), "wallet", "bal")).toEqual(["balance"]);
  expect(fish.out).toMatch(/^complete -c fogbow -n 'not __fish_seen_subcommand_from [a-z ]+' -a wallet -d '[^\n]+'$/m);
  expect(fish.out).toMatch(/^complete -c fogbow -n '__fish_seen_subcommand_from pay' -l json -d '[^\n]+'$/m);
});

test("of another shell it says which there are", async () => {
  expect(await stop(["completion", "csh"], "invalid-argument")).toContain("bash, zsh or fish");
});
