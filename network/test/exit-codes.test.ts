import { Code, ConnectError } from "@connectrpc/connect";
import { SdkError, type SdkErrorCode } from "@fogbow/sdk";
import { Command } from "commander";
import { expect, test } from "vitest";
import { CommandError } from "../src/error.ts";
import { exitCodeOf, nextCommandOf } from "../src/exit-codes.ts";
import { runProgram } from "../src/run-program.ts";
import { run } from "./run-command.ts";

test("failures end with the exit code of their kind", () => {
  const kinds: readonly (readonly [exit: number, codes: readonly SdkErrorCode[]])[] = [
    [1, ["amount-invalid", "no-fog", "state-damaged"]],
    [2, ["connection-failed", "server-error", "report-unavailable", "rate-limited"]],
    [3, ["attestation-failed", "report-refused"]],
    [4, ["insufficient-funds", "input-spent", "tombstone-passed", "fee-outdated", "tx-refused"]],
  ];
  for (const [exit, codes] of kinds) {
    for (const code of codes) expect(exitCodeOf(new SdkError(code, "for a test")), code).toBe(exit);
  }
  expect(exitCodeOf(new CommandError("network-up", "for a test"))).toBe(5);
  expect(exitCodeOf(new ConnectError("for a test", Code.Unavailable))).toBe(2);
  expect(exitCodeOf(new ConnectError("for a test", Code.InvalidArgument))).toBe(1);
  expect(exitCodeOf(new Error("for a test"))).toBe(1);
  expect(nextCommandOf(new Error("for a test"))).toBeUndefined();
});

test("what helps is said after the error, on a line of its own", async () => {
  let errors = "";
  const program = new Command("fogbow");
  program.command("fail").action(() => {
    throw new SdkError("insufficient-funds", "The wallet has 1 MOB less.");
  });
  const surroundings = {
    stdout: { write: () => undefined },
    stderr: { write: (text: string) => (errors += text) },
    env: {},
  };
  expect(await runProgram(program, ["fail"], surroundings)).toBe(4);
  expect(errors).toBe(
    "fogbow: The wallet has 1 MOB less. (insufficient-funds)\nnext: fogbow wallet balance, or fogbow faucet\n",
  );
});

test("a command that is misspelt gets the right one suggested", async () => {
  const { code, error } = await run(["walet"]);
  expect(code).toBe(1);
  expect(error).toMatch(/Did you mean wallet\?/);
});
