import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createBlock } from "@fogbow/core-block";
import { bytes, fromHex, toHex, tokenId, tokenValue } from "@fogbow/core-bytes";
import { Ed25519PrivateKey, publicKey } from "@fogbow/core-crypto";
import {
  decodeMembershipProof,
  decodeTxOut,
  signMintConfigTx,
  signMintTx,
  verifyMembershipProof,
} from "@fogbow/core-transaction";
import { openLedger } from "@fogbow/ledger-db";
import { beforeAll, describe, expect, test } from "vitest";
import { Progress, rows } from "../src/ledger/output.ts";
import { readNamedFile } from "../src/ledger/read-bounded.ts";
import { newLedger, outputs, signed, signer } from "./ledger-chain.ts";
import { facts, newDirectory, refusal, run } from "./run-command.ts";

let directory: string;
beforeAll(async () => {
  directory = await newLedger(4);
});

describe("fogbow ledger info", () => {
  test("tells how large the ledger is, its first and its newest block", async () => {
    const ledger = openLedger(directory, { readOnly: true });
    const last = ledger.lastBlock();
    expect(await facts(["ledger", "info", directory])).toEqual({
      blocks: "4",
      txOuts: "6",
      keyImages: "3",
      signedBlocks: "3",
      schemaVersion: "20261130",
      originId: toHex(ledger.block(0n)?.id ?? new Uint8Array()),
      lastId: toHex(last?.id ?? new Uint8Array()),
      lastVersion: 3,
      lastSignedAt: "1700000003",
      root: toHex(ledger.root().hash),
    });
    await ledger.close();
  });

  test("says the same in words", async () => {
    const { code, out, error } = await run(["ledger", "info", directory]);
    expect({ code, error }).toEqual({ code: 0, error: "" });
    expect(out).toMatch(/^blocks +4\noutputs +6\nkey images +3\n/);
    expect(out).toContain("2023-11-14T22:13:23.000Z");
  });
});

describe("fogbow ledger verify", () => {
  test("finds a good ledger valid, and says that nobody vouched for the signers", async () => {
    const { root } = await facts(["ledger", "info", directory]);
    expect(await facts(["ledger", "verify", directory])).toEqual({
      valid: true,
      blocks: "4",
      txOuts: "6",
      keyImages: "3",
      signatures: "3",
      metadata: "3",
      root,
    });
    const { code, out } = await run(["ledger", "verify", directory]);
    expect(code).toBe(0);
    expect(out).toContain("valid: 4 blocks, 6 outputs, 3 key images\n");
    expect(out).toContain("signer not verified");
  });

  test("names the block in which a byte was changed", async () => {
    const damaged = await newLedger(4);
    const { keyImages } = await facts(["ledger", "block", damaged, "2"]);
    const file = join(damaged, "data.mdb");
    const bytes = readFileSync(file);
    const image = Buffer.from(keyImages[0], "hex");
    // LMDB keeps old pages: change the image in the lists of block 2 wherever they are, and leave the index of images.
    const listed = Buffer.concat([Buffer.from("0a220a20", "hex"), image]);
    let changed = 0;
    for (let at = bytes.indexOf(listed); at >= 0; at = bytes.indexOf(listed, at + 1)) {
      bytes[at + 10] = (bytes[at + 10] ?? 0) ^ 1;
      changed += 1;
    }
    expect(changed).toBeGreaterThan(0);
    writeFileSync(file, bytes);
    expect(await refusal(["ledger", "verify", damaged], "corrupt-ledger")).toContain("Block 2");
  });

  test("refuses a file that is cut short", async () => {
    const cut = await newLedger(3);
    const file = join(cut, "data.mdb");
    writeFileSync(file, readFileSync(file).subarray(0, -4096));
    await refusal(["ledger", "verify", cut], "corrupt-ledger");
  });
});

describe("fogbow ledger block", () => {
  test("prints a signed block", async () => {
    const block = await facts(["ledger", "block", directory, "2"]);
    const parent = await facts(["ledger", "block", directory, "1"]);
    expect(block).toMatchObject({ index: "2", version: 3, parentId: parent.id, cumulativeTxoCount: "5" });
    expect(block.outputs).toMatchObject([{ index: "4" }]);
    expect(block.keyImages).toHaveLength(1);
    expect(block.signature).toMatchObject({ signer, valid: true, signedAt: "1700000002" });
    expect(block.metadata).toMatchObject({ responderId: "node.example:8443" });
  });

  test("prints the origin block, which nobody signed", async () => {
    const { code, out } = await run(["ledger", "block", directory, "0"]);
    expect(code).toBe(0);
    expect(out).toMatch(/signed at +not signed\n/);
    expect(out).toMatch(/^output 2 +[0-9a-f]{64}$/m);
    expect(out).not.toContain("key image");
    expect((await run(["ledger", "block", directory, "1"])).out).toMatch(/signature +valid; signer not verified\n/);
  });

  test("prints what a block mints, and who may mint", async () => {
    const minter = new Ed25519PrivateKey(new Uint8Array(32).fill(7)); // A key for this test.
    const token = { tokenId: tokenId(5n), tombstoneBlock: 100n };
    const nonce = (byte: number): Uint8Array => new Uint8Array(64).fill(byte);
    const signerSet = { signers: [bytes(minter.publicKey(), 32, "key")], multiSigners: [], threshold: 1 };
    const configs = [{ tokenId: tokenId(5n), signerSet, mintLimit: tokenValue(90n) }];
    const limits = { ...token, configs, nonce: nonce(1), totalMintLimit: tokenValue(100n) };
    const mintConfigTx = signMintConfigTx(limits, [minter]);
    const [made] = outputs(1);
    if (made === undefined) {
      throw new Error("One was asked for.");
    }
    const key = publicKey(made.targetKey);
    const recipient = { viewPublicKey: key, spendPublicKey: key, encryptedFogHint: undefined };
    const mintTx = signMintTx({ ...token, ...recipient, amount: tokenValue(60n), nonce: nonce(2) }, [minter]);
    const directory = await newLedger(1);
    const ledger = openLedger(directory);
    for (const contents of [
      { keyImages: [], outputs: [], validatedMintConfigTxs: [{ mintConfigTx, signerSet }], mintTxs: [] },
      { keyImages: [], outputs: [made], validatedMintConfigTxs: [], mintTxs: [mintTx] },
    ]) {
      const parent = ledger.lastBlock();
      if (parent === undefined) {
        throw new Error("The ledger has an origin block.");
      }
      ledger.append(signed(createBlock(parent, { version: 3, rootElement: ledger.root(), contents }), contents));
    }
    await ledger.close();
    expect(await facts(["ledger", "block", directory, "1"])).toMatchObject({
      mintTxs: [],
      mintConfigTxs: [{ tokenId: "5", totalMintLimit: "100", mintLimits: ["90"], nonce: "01".repeat(64) }],
    });
    expect(await facts(["ledger", "block", directory, "2"])).toMatchObject({
      mintTxs: [{ tokenId: "5", amount: "60", viewPublicKey: toHex(key), nonce: "02".repeat(64) }],
      mintConfigTxs: [],
    });
    expect((await run(["ledger", "block", directory, "1"])).out).toMatch(/minting +of token 5, at most 100 in all\n$/);
    expect((await run(["ledger", "block", directory, "2"])).out).toMatch(/mints +60 of token 5\n$/);
    expect(await facts(["ledger", "verify", directory])).toMatchObject({ valid: true, blocks: "3" });
  });

  test.each(["4", "18446744073709551615"])("says that there is no block %s", async (index) => {
    await refusal(["ledger", "block", directory, index], "block-not-found");
  });

  test.each(["one", "1.5", "18446744073709551616", "0x1", ""])("refuses %j as an index", async (index) => {
    await refusal(["ledger", "block", directory, index], "invalid-argument");
  });
});

describe("fogbow ledger tx-out", () => {
  test("finds an output by index and by public key, with a proof that leads to the root", async () => {
    const byIndex = await facts(["ledger", "tx-out", directory, "4"]);
    expect(await facts(["ledger", "tx-out", directory, byIndex.publicKey])).toEqual(byIndex);
    expect(byIndex).toMatchObject({ index: "4", blockIndex: "2", proven: true });
    const { root } = await facts(["ledger", "info", directory]);
    const proof = decodeMembershipProof(fromHex(byIndex.proof));
    expect(verifyMembershipProof(decodeTxOut(fromHex(byIndex.encoded)), proof, fromHex(root))).toBe(true);
  });

  test("says the same in words", async () => {
    const { code, out } = await run(["ledger", "tx-out", directory, "0"]);
    expect(code).toBe(0);
    expect(out).toMatch(/^output +0\nin block +0\n/);
    expect(out).toMatch(/proof +leads to the root\n$/);
  });

  test.each(["6", "00".repeat(32)])("says that there is no output %s", async (which) => {
    await refusal(["ledger", "tx-out", directory, which], "tx-out-not-found");
  });

  test.each(["first", "00".repeat(31), "18446744073709551616"])("refuses %j as the name of one", async (which) => {
    await refusal(["ledger", "tx-out", directory, which], "invalid-argument");
  });
});

test.each([["info"], ["verify"], ["block", "0"], ["tx-out", "0"], ["export", "archives"]])(
  "fogbow ledger %s without a ledger says so and makes none",
  async (command, ...rest) => {
    const empty = newDirectory();
    const missing = join(empty, "ledger");
    await refusal(["ledger", command, missing, ...rest], "ledger-not-found");
    await refusal(["ledger", command, empty, ...rest], "ledger-not-found");
    expect(readdirSync(empty)).toEqual([]);
  },
);

test("without a command, fogbow ledger prints its commands and fails", async () => {
  const { code, out, error } = await run(["ledger"]);
  expect({ code, out }).toEqual({ code: 1, out: "" });
  for (const name of ["init", "info", "verify", "export", "import", "block", "tx-out"]) {
    expect(error).toMatch(new RegExp(`^  ${name} `, "m"));
    const help = await run(["ledger", name, "--help"]);
    expect(help.code).toBe(0);
    expect(help.out).toContain("--json");
  }
});

test("what a block says about itself cannot command the terminal", () => {
  expect(rows([["node", "a\u001b[2J\r\nvalid\u202e\u009b é"]])).toBe(
    "node  a\\u{1b}[2J\\u{d}\\u{a}valid\\u{202e}\\u{9b} é\n",
  );
});

test.runIf(process.platform === "linux")(
  "a file that has more than it says is read no further than it may be",
  async () => {
    await expect(readNamedFile("/proc/self/status", 10)).rejects.toMatchObject({ code: "file-too-large" });
  },
);

test("progress is silent for a second, then says one line a second", () => {
  let now = 0;
  let said = "";
  const progress = new Progress({ write: (text: string) => (said += text) }, () => now);
  for (const at of [0, 999, 1_000, 1_500, 1_999, 2_000, 2_100]) {
    now = at;
    progress.tell(() => `at ${at}`);
  }
  expect(said).toBe("at 1000\nat 2000\n");
});
