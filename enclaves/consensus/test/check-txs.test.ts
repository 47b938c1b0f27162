// Tests of `check-txs`: what is well formed, as of which ledger, and what the host can and cannot do about it.
import { toHex } from "@fogbow/core-bytes";
import {
  membershipProofToWire,
  type SignatureRctBulletproofs,
  type Tx,
  type TxSignatureResult,
  txHash,
} from "@fogbow/core-transaction";
import {
  CheckTxsRequestSchema,
  CheckTxsResponseSchema,
  decodeMessage,
  encodeMessage,
  type TxVerdict,
} from "@fogbow/core-wire";
import { describe, expect, test } from "vitest";
import type { Ledger } from "../../../stores/ledger-db/src/index.ts";
import { appendContents, foundLedger, spend } from "../../../stores/ledger-db/test/economy.ts";
import type { SignatureMemo } from "../src/index.ts";
import { chainConfig, hashesOf, startNode, type TestNode } from "./test-node.ts";

const ledger = foundLedger();
const tx = spend(ledger, [0n]);
const refused = (code: string): unknown => expect.objectContaining({ code });
const resultsOf = (verdicts: readonly TxVerdict[]): (number | "unknown")[] =>
  verdicts.map(({ result, isUnknown }) => (isUnknown ? "unknown" : result));

/** A memo that counts what is asked of it. */
function countingMemo(): SignatureMemo & { readonly kept: Map<string, TxSignatureResult> } {
  const kept = new Map<string, TxSignatureResult>();
  return {
    kept,
    get: (hash) => kept.get(toHex(hash)),
    set: (hash, result) => void kept.set(toHex(hash), result),
  };
}

const spoiled = (change: (signature: SignatureRctBulletproofs) => SignatureRctBulletproofs): Tx => ({
  ...tx,
  signature: change(tx.signature),
});
const spoiledRing = spoiled((signature) => ({
  ...signature,
  ringSignatures: signature.ringSignatures.map((each) => ({ ...each, responses: [...each.responses].reverse() })),
}));
const spoiledRange = spoiled((signature) => ({
  ...signature,
  rangeProofs: signature.rangeProofs.map((proof) => proof.map((byte, i) => (i === 128 ? byte ^ 1 : byte))),
}));

/** Asks for verdicts with proofs of the caller's choice. */
async function ask(node: TestNode, hashes: readonly Uint8Array[], proofs: ReturnType<Ledger["membershipProofs"]>) {
  const input = encodeMessage(CheckTxsRequestSchema, {
    currentIndex: 1n,
    txHashes: [...hashes],
    rootProofs: proofs.map(membershipProofToWire),
  });
  return decodeMessage(CheckTxsResponseSchema, await node.ask("check-txs", input), { bytesMax: 100_000 }).verdicts;
}

describe("a transaction that is not well formed is told its code and forgotten", () => {
  test.each<[string, Tx, number]>([
    ["an invalid ring signature", spoiledRing, 15],
    ["an invalid range proof", spoiledRange, 15],
    [
      "inputs without proofs",
      { ...tx, prefix: { ...tx.prefix, inputs: tx.prefix.inputs.map((i) => ({ ...i, proofs: [] })) } },
      31,
    ],
    ["no outputs", { ...tx, prefix: { ...tx.prefix, outputs: [] } }, 20],
    ["a fee that is too low", { ...tx, prefix: { ...tx.prefix, fee: 1n as never } }, 37],
    ["a tombstone that has gone by", { ...tx, prefix: { ...tx.prefix, tombstoneBlock: 1n } }, 18],
    ["a tombstone that is too far", { ...tx, prefix: { ...tx.prefix, tombstoneBlock: 100_000n } }, 19],
  ])("%s", async (_, each, code) => {
    const node = await startNode();
    const contexts = await node.takeIn(each);
    expect(resultsOf(await node.check(ledger, contexts))).toEqual([code]);
    expect(resultsOf(await node.check(ledger, contexts))).toEqual(["unknown"]);
    await expect(node.combine(ledger, { txHashes: hashesOf([each]) })).rejects.toThrow(refused("unknown-tx"));
  });
});

test("verdicts come in the order that was asked for, also of unknown and repeated ones", async () => {
  const node = await startNode();
  const [good, bad, other] = await node.takeIn(tx, spoiledRing, spend(ledger, [1n]));
  if (!good || !bad || !other) throw new Error("They were taken in.");
  const unknown = { txHash: new Uint8Array(32), highestIndices: [] };
  const verdicts = await node.check(ledger, [bad, good, unknown, good, other]);
  expect(resultsOf(verdicts)).toEqual([15, 0, "unknown", 0, 0]);
});

describe("the host's proofs", () => {
  test("of different times are refused", async () => {
    const node = await startNode();
    const grown = foundLedger(61);
    const proofs = [...ledger.membershipProofs([59n]), ...grown.membershipProofs([60n])];
    await node.takeIn(tx);
    await expect(ask(node, hashesOf([tx]), proofs)).rejects.toThrow(refused("proofs-of-different-times"));
  });

  test("that are missing are the host's fault: the transaction is kept", async () => {
    const node = await startNode();
    const contexts = await node.takeIn(tx);
    expect(resultsOf(await ask(node, hashesOf([tx]), []))).toEqual([34]);
    expect(resultsOf(await ask(node, hashesOf([tx]), ledger.membershipProofs([3n])))).toEqual([34]);
    expect(resultsOf(await node.check(ledger, contexts))).toEqual([0]);
  });

  test("of another ledger do not make its members this one's", async () => {
    const node = await startNode();
    const another = foundLedger(60);
    appendContents(another, (await blockOf(another, spend(another, [5n]))).contents);
    const forged = another.membershipProofs([59n]).map((proof) => ({
      ...proof,
      elements: proof.elements.map((each, i) => (i === 1 ? { ...each, hash: new Uint8Array(32).fill(7) } : each)),
    }));
    await node.takeIn(tx);
    expect(resultsOf(await ask(node, hashesOf([tx]), forged))).toEqual([32]);
  });
});

test("an older transaction is checked again with the ledger of now, and its signature is not verified again", async () => {
  const own = foundLedger();
  const memo = countingMemo();
  const node = await startNode({ overrides: { memo } });
  const [first, second] = [spend(own, [0n], { tombstoneBlock: 3n }), spend(own, [1n], { tombstoneBlock: 9n })];
  const contexts = await node.accept(own, first, second);
  appendContents(own, (await blockOf(own, spend(own, [2n]))).contents);
  memo.kept.clear();
  expect(resultsOf(await node.check(own, contexts))).toEqual([0, 0]);
  expect(resultsOf(await node.check(own, contexts, 3n))).toEqual([18, 0]);
  expect(memo.kept.size).toBe(0); // Nothing was verified that would have been noted.
});

describe("a memo of verified signatures", () => {
  test("is filled by who verifies, and believed by who asks next, good or bad", async () => {
    const memo = countingMemo();
    const one = await startNode({ name: "one", overrides: { memo } });
    await one.check(ledger, await one.takeIn(tx, spoiledRing));
    expect([...memo.kept]).toEqual([
      [toHex(txHash(tx)), "valid"],
      [toHex(txHash(spoiledRing)), "invalid-signature"],
    ]);
    memo.kept.set(toHex(txHash(spoiledRange)), "valid"); // It is believed: so nobody but tests and the simulation has one.
    const two = await startNode({ name: "two", overrides: { memo } });
    const contexts = await two.takeIn(tx, spoiledRing, spoiledRange);
    expect(resultsOf(await two.check(ledger, contexts))).toEqual([0, 15, 0]);
  });

  test("says nothing of what the ledger decides", async () => {
    const memo = countingMemo();
    memo.kept.set(toHex(txHash(tx)), "valid");
    const node = await startNode({ overrides: { memo } });
    await node.takeIn(tx);
    expect(resultsOf(await ask(node, hashesOf([tx]), []))).toEqual([34]);
  });
});

describe("where all proofs must be of one tree", () => {
  test("a transaction with others is refused, and one without is not", async () => {
    const own = foundLedger();
    const early = spend(own, [0n, 1n]);
    appendContents(own, (await blockOf(own, spend(own, [2n]))).contents);
    const late = spend(own, [0n, 1n], { number: 1 });
    const [earlyInput] = early.prefix.inputs;
    const [, lateInput] = late.prefix.inputs;
    if (!earlyInput || !lateInput) throw new Error("There are two inputs.");
    const mixed: Tx = { ...late, prefix: { ...late.prefix, inputs: [earlyInput, lateInput] } };
    const strict = await startNode({ chain: { ...chainConfig(), equalProofHeights: true } });
    expect(resultsOf(await strict.check(own, await strict.takeIn(early, late, mixed)))).toEqual([0, 0, 36]);
    const lenient = await startNode();
    expect(resultsOf(await lenient.check(own, await lenient.takeIn(mixed)))).not.toEqual([36]);
  });
});

test("more transactions than a call may name are refused", async () => {
  const node = await startNode();
  const hashes = Array.from({ length: 10_001 }, () => new Uint8Array(32));
  await expect(ask(node, hashes, [])).rejects.toThrow(refused("too-many-txs"));
});

test("on another network's fees, a transaction that names these is refused", async () => {
  const chain = chainConfig();
  const tokens = (chain.tokens ?? []).map((each) => ({ ...each, minimumFee: each.minimumFee * 2n }));
  const node = await startNode({ chain: { ...chain, tokens } });
  const session = await node.client();
  const { result } = await node.propose(session, tx);
  expect([result.case, result.value]).toEqual(tx.feeMapDigest.length > 0 ? ["refused", 55] : ["tx", expect.anything()]);
});

async function blockOf(own: Ledger, each: Tx) {
  const node = await startNode({ name: "other" });
  const contexts = await node.accept(own, each);
  return node.form(own, await node.combine(own, { txHashes: hashesOf([each]) }), contexts);
}
