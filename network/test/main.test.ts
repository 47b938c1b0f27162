import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { main } from "../src/main.ts";

describe("fogbow tour", () => {
  test("tells the tour in words, without colours when nobody sees them", async () => {
    const { code, out, error } = await run(["tour"]);
    expect({ code, error }).toEqual({ code: 0, error: "" });
    for (const words of [
      "happens in this process",
      "mob:///b58/",
      "1.5 MOB",
      "search key",
      "key image",
      "refused: invalid-transaction-signature",
      "refused: contains-spent-key-image",
      "times as fast",
    ]) {
      expect(out).toContain(words);
    }
    expect(out).not.toContain("\u001b");
  });

  test("prints the same facts as one JSON object", async () => {
    const { code, out, error } = await run(["tour", "--json"]);
    expect({ code, error }).toEqual({ code: 0, error: "" });
    const facts = JSON.parse(out);
    expect(Object.keys(facts)).toEqual(["account", "output", "found", "fog", "keyImage", "ledger", "timing"]);
    expect(facts.account.words.split(" ")).toHaveLength(24);
    expect(facts.found.mob).toBe("1.5");
    expect(facts.ledger.transaction.verdict).toBe("ok");
    expect(facts.timing.ratio).toBeCloseTo(facts.timing.peerMicroseconds / facts.timing.kernelMicroseconds, 6);
  });

  test("uses colours on a terminal, unless NO_COLOR is set", async () => {
    expect((await run(["tour"], { terminal: true })).out).toContain("\u001b[");
    expect((await run(["tour"], { terminal: true, env: { NO_COLOR: "1" } })).out).not.toContain("\u001b[");
  });
});

test.each([[["walk"]], [["tour", "--jsom"]], [["tour", "twice"]]])(
  "%j gives one clear error and exit code 1",
  async (args) => {
    const { code, out, error } = await run(args);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(error).toMatch(/^error: .+/);
    expect(error.match(/error/g)).toHaveLength(1);
  },
);

test("without a command, the help goes to standard error and the exit code is 1", async () => {
  const { code, out, error } = await run([]);
  expect({ code, out }).toEqual({ code: 1, out: "" });
  expect(error).toContain("tour [options]");
});

test("--version prints the package's version, --help names the commands", async () => {
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  expect(await run(["--version"])).toEqual({ code: 0, out: `${version}\n`, error: "" });
  const help = await run(["--help"]);
  expect(help.code).toBe(0);
  expect(help.out).toContain("tour [options]");
});

test("the committed command runs the build", () => {
  const bin = fileURLToPath(new URL("../bin/fogbow.js", import.meta.url));
  const good = spawnSync(process.execPath, [bin, "tour", "--json"], { encoding: "utf8" });
  expect({ status: good.status, stderr: good.stderr }).toEqual({ status: 0, stderr: "" });
  expect(JSON.parse(good.stdout).found.mob).toBe("1.5");
  const bad = spawnSync(process.execPath, [bin, "walk"], { encoding: "utf8" });
  expect(bad.status).toBe(1);
  expect(bad.stderr).toMatch(/^error: unknown command 'walk'/);
});

/** Runs the command in this process and collects what it says. */
async function run(
  args: readonly string[],
  { terminal = false, env = {} }: { readonly terminal?: boolean; readonly env?: Record<string, string> } = {},
): Promise<{ readonly code: number; readonly out: string; readonly error: string }> {
  let out = "";
  let error = "";
  const stdout = { isTTY: terminal, write: (text: string) => (out += text) };
  const stderr = { write: (text: string) => (error += text) };
  const code = await main(args, { stdout, stderr, env });
  return { code, out, error };
}
