// `fogbow quorum check`: what it says about one quorum set, and about those of a network together.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { toHex } from "@fogbow/core-bytes";
import { Ed25519PrivateKey } from "@fogbow/core-crypto";
import { describe, expect, test } from "vitest";
import { facts, newDirectory, refusal, run } from "./run-command.ts";

const keyAt = (i: number): string => toHex(new Ed25519PrivateKey(new Uint8Array(32).fill(i + 1)).publicKey());
const idAt = (i: number): string => `n${i}.test:8080`;

/** Network files of nodes that are all connected, each with the quorum set that is given for it. */
function networkFiles(sets: readonly (readonly [threshold: number, members: readonly number[]])[]): string[] {
  const folder = newDirectory();
  return sets.map(([threshold, members], i) => {
    const others = sets.flatMap((_, j) => (j === i ? [] : [`mcp://${idAt(j)}/?consensus-msg-key=${keyAt(j)}`]));
    const path = join(folder, `${i}.json`);
    const text = JSON.stringify({
      broadcast_peers: others,
      tx_source_urls: ["https://archive.test/"],
      quorum_set: { threshold, members: members.map((j) => ({ type: "Node", args: idAt(j) })) },
    });
    writeFileSync(path, text);
    return path;
  });
}
const named = (files: readonly string[]): string[] => files.map((file, i) => `${idAt(i)}=${file}`);

describe("one quorum set", () => {
  test("is described, and nothing said about quorums", async () => {
    const [file = ""] = networkFiles([
      [2, [1, 2]],
      [1, []],
      [1, []],
    ]);
    const { code, out, error } = await run(["quorum", "check", file]);
    expect({ code, error }).toEqual({ code: 0, error: "" });
    expect(out).toContain(`this node listens to 2 of (${idAt(1)}, ${idAt(2)})`);
    expect(out).toContain("takes the configurations of all nodes");
    expect(await facts(["quorum", "check", file])).toMatchObject({ problems: [], warnings: [] });
  });

  test("below a majority is warned of, and refused with --strict", async () => {
    const [file = ""] = networkFiles([
      [1, [1, 2]],
      [1, []],
      [1, []],
    ]);
    const { warnings } = await facts(["quorum", "check", file]);
    expect(warnings).toEqual([{ code: "threshold-below-majority", message: "this node: 1 of 2 is below a majority." }]);
    const { code, error } = await run(["quorum", "check", file, "--strict"]);
    expect({ code, error }).toEqual({
      code: 1,
      error: "fogbow: this node: 1 of 2 is below a majority. (quorum-unsafe)\n",
    });
  });

  test("that cannot be satisfied is refused with file and field", async () => {
    const [file = ""] = networkFiles([
      [3, [1, 2]],
      [1, []],
      [1, []],
    ]);
    const error = await refusal(["quorum", "check", file], "invalid-quorum-set");
    expect(error).toContain(`${file}, quorum_set:`);
  });
});

describe("a network", () => {
  test("of five, four of whom must agree, bears two liars or one silent node", async () => {
    const others = [0, 1, 2, 3, 4].map((i) => [3, [0, 1, 2, 3, 4].filter((j) => j !== i)] as const);
    const found = await facts(["quorum", "check", ...named(networkFiles(others))]);
    expect(found).toMatchObject({
      problems: [],
      warnings: [],
      liars: { nodes: 2, isExact: true, breaking: [idAt(0), idAt(1), idAt(2)] },
      disjoint: [[idAt(3)], [idAt(4)]],
      silent: { nodes: 1, isExact: true, breaking: [idAt(0), idAt(1)] },
    });
  });

  test("of two halves is refused, and both are named", async () => {
    const files = networkFiles([
      [1, [1]],
      [1, [0]],
      [1, [3]],
      [1, [2]],
    ]);
    const { code, out, error } = await run(["quorum", "check", ...named(files)]);
    expect(code).toBe(1);
    const said = `PROBLEM: ${idAt(2)}, ${idAt(3)} could decide one thing, and ${idAt(0)}, ${idAt(1)} another.`;
    expect(out).toContain(said);
    expect(error).toMatch(/could decide one thing.*\(quorum-unsafe\)\n$/);
  });

  test("in which one node waits for who is not there is refused, and named", async () => {
    const files = networkFiles([
      [1, [1]],
      [1, [0]],
      [2, [0, 3]],
      [1, [0]],
    ]).slice(0, 3);
    const { problems, warnings } = JSON.parse((await run(["quorum", "check", ...named(files), "--json"])).out);
    expect(problems).toEqual([{ code: "node-without-quorum", message: `${idAt(2)} never decides anything.` }]);
    expect(warnings).toContainEqual(expect.objectContaining({ code: "unknown-node" }));
  });

  test("in which nobody can decide anything is refused", async () => {
    const files = networkFiles([
      [2, [1, 2]],
      [2, [0, 2]],
      [1, [0]],
    ]).slice(0, 2);
    const { problems } = JSON.parse((await run(["quorum", "check", ...named(files), "--json"])).out);
    expect(problems[0]).toMatchObject({ code: "no-quorum" });
  });

  test("whose files disagree about a key is refused", async () => {
    const folder = join(newDirectory(), "net");
    await facts(["network", "generate", "--topology", "dense5", "--out", folder, "--accounts", "1", "--outputs", "1"]);
    const path = join(folder, "node0", "network.toml");
    const text = readFileSync(path, "utf8");
    writeFileSync(path, text.replace(/(:3301\/\?consensus-msg-key=)[A-Za-z0-9_=-]+/, `$1${keyAt(9)}`));
    const { problems } = JSON.parse((await run(["quorum", "check", folder, "--json"])).out);
    expect(problems).toEqual([expect.objectContaining({ code: "key-mismatch" })]);
  });

  test("given twice is refused", async () => {
    const files = named(
      networkFiles([
        [1, [1]],
        [1, [0]],
      ]),
    );
    const { problems } = JSON.parse((await run(["quorum", "check", ...files, files[0] ?? "", "--json"])).out);
    expect(problems).toEqual([expect.objectContaining({ code: "duplicate-node" })]);
  });

  test("in which nobody keeps the blocks is warned of", async () => {
    const folder = join(newDirectory(), "net");
    await facts(["network", "generate", "--topology", "dense5", "--out", folder, "--accounts", "1", "--outputs", "1"]);
    for (let i = 0; i < 5; i++) {
      const path = join(folder, `node${i}`, "node.toml");
      const forgetful = readFileSync(path, "utf8")
        .replace('"archive"', '"forget"')
        .replace(/archive_destination[^\]]+\]/, "");
      writeFileSync(path, forgetful);
    }
    const { warnings } = await facts(["quorum", "check", folder]);
    expect(warnings).toEqual([expect.objectContaining({ code: "no-archive-node" })]);
  });
});

test("network files without names cannot be compared", async () => {
  const files = networkFiles([
    [1, [1]],
    [1, [0]],
  ]);
  await refusal(["quorum", "check", ...files], "invalid-argument");
  await refusal(["quorum", "check", `other.test:1=${files[0]}`, `${idAt(1)}=${files[1]}`], "invalid-argument");
});

test("a folder without nodes is none of a network", async () => {
  await refusal(["quorum", "check", newDirectory()], "not-a-network");
});

test("the help has three examples", async () => {
  const { out } = await run(["quorum", "check", "--help"]);
  expect(out.match(/^ {2}fogbow quorum check /gm)).toHaveLength(3);
});
