// Tests of `form-block`: the block is the one that core/block forms of the same, and nothing is taken on trust.
import { feeRecipient, formBlock, type TxWithProofs } from "@fogbow/core-block";
import { toHex } from "@fogbow/core-bytes";
import { ed25519Sign } from "@fogbow/core-crypto";
import type { Tx } from "@fogbow/core-transaction";
import type { TxContext, Values } from "@fogbow/core-wire";
import { beforeAll, describe, expect, test } from "vitest";
import {
  appendContents,
  configureMinting,
  forming,
  foundLedger,
  mint,
  spend,
  withProofs,
} from "../../../stores/ledger-db/test/economy.ts";
import type { Sign } from "../src/index.ts";
import { type FormRequest, formRequest, hashesOf, startNode, type TestNode } from "./test-node.ts";

const refused = (code: string): unknown => expect.objectContaining({ code });
const ledger = foundLedger();
const txs = [spend(ledger, [0n]), spend(ledger, [1n], { fee: 500_000_000n }), spend(ledger, [2n])];
let node: TestNode;
let contexts: TxContext[];
let values: Values;
let request: FormRequest;
beforeAll(async () => {
  node = await startNode();
  contexts = await node.accept(ledger, ...txs);
  values = await node.combine(ledger, { txHashes: hashesOf(txs) });
  request = formRequest(ledger, values, contexts);
});

const change = (by: Partial<FormRequest>): FormRequest => ({ ...request, ...by });
const reordered = (hashes: readonly Uint8Array[]): Values => ({ ...values, txHashes: [...hashes] });

test("forms what core/block forms when it verifies every signature itself", async () => {
  const byHash = new Map(txs.map((tx, i) => [toHex(hashesOf(txs)[i] as Uint8Array), tx]));
  const ordered = values.txHashes.map((hash): TxWithProofs => withProofs(ledger, byHash.get(toHex(hash)) as Tx));
  const inputs = { txs: ordered, mintConfigTxs: [], mintTxs: [], rootElement: ledger.root() };
  const parent = ledger.lastBlock();
  if (parent === undefined) throw new Error("There is one.");
  const expected = formBlock(parent, inputs, { ...forming(), feeRecipient: feeRecipient("development") });
  const formed = await node.formOf(request);
  expect({ block: formed.block, contents: formed.contents }).toEqual(expected);
  expect(formed.isSigned).toBe(true);
});

test("forms it again when it is asked again, and no other of this height or below", async () => {
  const own = foundLedger();
  const another = await startNode({ name: "another" });
  const [first, second] = [spend(own, [0n]), spend(own, [1n])];
  const known = await another.accept(own, first, second);
  const form = async (...some: readonly Tx[]) =>
    another.form(own, await another.combine(own, { txHashes: hashesOf(some) }), known);
  const one = await form(first);
  expect((await form(first)).block).toEqual(one.block);
  await expect(form(second)).rejects.toThrow(refused("height-already-signed"));
  const old = formRequest(own, await another.combine(own, { txHashes: hashesOf([first]) }), known);
  appendContents(own, one.contents);
  await form(second);
  await expect(another.formOf(old)).rejects.toThrow(refused("height-already-signed"));
});

test("whoever signs faster signs the same", async () => {
  const seen: Uint8Array[] = [];
  const sign: Sign = (key, message) => {
    seen.push(message);
    return ed25519Sign(key, message);
  };
  const other = await startNode({ overrides: { sign } }); // Of the same name, so with the same key.
  await other.accept(ledger, ...txs);
  expect(await other.formOf(request)).toEqual(await node.formOf(request));
  expect(seen).toHaveLength(1);
});

describe("a block is refused", () => {
  test.each<[string, () => Partial<FormRequest>, string]>([
    ["in another order", () => ({ values: reordered([...values.txHashes].reverse()) }), "values-not-combined"],
    [
      "with a transaction twice",
      () => ({ values: reordered([...values.txHashes, values.txHashes[0] as Uint8Array]) }),
      "values-not-combined",
    ],
    ["of a transaction that nobody knows", () => ({ values: reordered([new Uint8Array(32)]) }), "unknown-tx"],
    ["of nothing", () => ({ values: reordered([]) }), "empty-block"],
    ["without the host's proofs", () => ({ rootProofs: [] }), "invalid-transaction"],
    [
      "on another tree",
      () => ({ rootElement: { range: { from: 0n, to: 63n }, hash: { data: new Uint8Array(32) } } }),
      "root-element-mismatch",
    ],
    ["after a parent that is none", () => ({ parent: { ...request.parent, index: 5n } }), "invalid-parent"],
    ["without a parent", () => ({ parent: undefined as never }), "missing-field"],
    ["with sources of minting that mints nothing", () => ({ mintSources: [{} as never] }), "mint-sources-mismatch"],
  ])("%s", async (_, by, code) => {
    await expect(node.formOf(change(by()))).rejects.toThrow(refused(code));
  });

  test("with proofs of different times", async () => {
    const grown = foundLedger(61);
    const other = formRequest(grown, values, [{ highestIndices: [60n] } as TxContext]);
    const rootProofs = [...request.rootProofs, ...other.rootProofs];
    await expect(node.formOf(change({ rootProofs }))).rejects.toThrow(refused("proofs-of-different-times"));
  });

  test("of a transaction that was taken in and not checked", async () => {
    const unchecked = spend(ledger, [3n]);
    await node.takeIn(unchecked);
    await expect(node.formOf(change({ values: reordered(hashesOf([unchecked])) }))).rejects.toThrow(
      refused("unknown-tx"),
    );
  });

  test("of a transaction whose tombstone has gone by since it was checked", async () => {
    const own = foundLedger();
    const another = await startNode({ name: "late" });
    const late = spend(own, [0n], { tombstoneBlock: 2n });
    const known = await another.accept(own, late, spend(own, [1n]));
    const filler = await another.combine(own, { txHashes: hashesOf([spend(own, [1n])]) });
    appendContents(own, (await another.form(own, filler, known)).contents);
    const combined = await another.combine(own, { txHashes: hashesOf([late]) });
    await expect(another.form(own, combined, known)).rejects.toThrow(refused("invalid-transaction"));
  });

  test("when the parent is of a later version than the rules", async () => {
    const own = foundLedger();
    const old = await startNode({
      chain: { blockVersion: 3, tokens: [{ tokenId: 0n, minimumFee: 400_000_000n }], network: "development" },
    });
    const block = await node.combine(own, { mintConfigTxs: [configureMinting(1)] });
    appendContents(own, (await (await startNode({ name: "new" })).form(own, block, [])).contents);
    const next = await old.combine(own, { mintConfigTxs: [configureMinting(2)] });
    await expect(old.form(own, next, [])).rejects.toThrow(refused("block-version-decreases"));
  });
});

describe("minting is refused", () => {
  test("under a configuration that its governors did not sign", async () => {
    const own = foundLedger();
    const minter = await startNode({ name: "minter" });
    const configured = await minter.combine(own, { mintConfigTxs: [configureMinting(1)] });
    const governed = await minter.form(own, configured, []);
    appendContents(own, governed.contents);
    const minted = await minter.combine(own, { mintTxs: [mint(1, 500n)] });
    const right = formRequest(own, minted, []);
    const forged = formRequest(own, minted, []);
    const [source] = forged.mintSources;
    if (source === undefined) throw new Error("There is one.");
    const wrong = {
      ...forged,
      mintSources: [{ ...source, mintConfigTx: { ...source.mintConfigTx, signature: { signatures: [] } } }],
    };
    await expect(minter.formOf(wrong)).rejects.toThrow(refused("invalid-mint-tx"));
    await expect(minter.formOf({ ...right, mintSources: [] })).rejects.toThrow(refused("mint-sources-mismatch"));
    expect((await minter.formOf(right)).contents.mintTxs).toHaveLength(1);
  });

  test("by governors that are not the token's", async () => {
    const own = foundLedger();
    const minter = await startNode({ name: "minter" });
    const configured = await minter.combine(own, { mintConfigTxs: [configureMinting(1, {}, 21)] });
    await expect(minter.form(own, configured, [])).rejects.toThrow(refused("invalid-mint-config-tx"));
  });
});
