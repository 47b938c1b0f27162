// Tests of transactions as bytes.
import { fromHex, toHex } from "@fogbow/core-bytes";
import { decodeMessage, encodeMessage, TxSchema } from "@fogbow/core-wire";
import { kernel } from "@fogbow/kernel";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  decodeTx,
  decodeTxPrefix,
  encodeTx,
  encodeTxPrefix,
  TX_BYTES_MAX,
  type Tx,
  txHash,
  txToWire,
} from "../../src/index.ts";
import { mutations } from "../arbitraries.ts";
import { expectCode, expectTypedError } from "../typed-errors.ts";
import { KNOWN_TRANSACTIONS } from "./known-transactions.ts";
import { editTx, knownTx } from "./transactions.ts";

if (process.env.FOGBOW_SEED !== undefined) {
  fc.configureGlobal({ seed: Number(process.env.FOGBOW_SEED) });
}

describe.each(KNOWN_TRANSACTIONS)("the known transaction of $name", (known) => {
  const bytes = fromHex(known.tx);

  test("is the same after encoding and decoding", () => {
    const tx = decodeTx(bytes);
    expect(decodeTx(encodeTx(tx))).toEqual(tx);
    expect(decodeTxPrefix(encodeTxPrefix(tx.prefix))).toEqual(tx.prefix);
  });

  test("is as long as the reference library's bytes", () => {
    // Amounts of version 2 stand elsewhere in them, which no hash sees; nothing else may differ.
    expect(encodeTx(decodeTx(bytes))).toHaveLength(bytes.length);
  });

  test("with one byte changed is another transaction or a typed error, never a crash", () => {
    fc.assert(
      fc.property(mutations, (change) => {
        const changed = change(bytes);
        try {
          const tx = decodeTx(changed);
          expect(decodeTx(encodeTx(tx))).toEqual(tx);
        } catch (error) {
          expect(error).toHaveProperty("code");
        }
      }),
      { numRuns: 200 },
    );
  });
});

test.each(["version 0", "version 1", "version 2"])(
  "a transaction of %s is encoded to the reference library's bytes",
  (name) => {
    const { known, tx } = knownTx(name);
    expect(toHex(encodeTx(tx))).toBe(known.tx);
  },
);

test("every field of a transaction counts for its hash", () => {
  const { tx } = knownTx("version 4 with input rules");
  const [input] = tx.prefix.inputs;
  const [mlsag] = tx.signature.ringSignatures;
  if (input === undefined || mlsag === undefined) throw new Error("This transaction has inputs.");
  const others = (changed: Tx["signature"]["ringSignatures"][number]): Tx =>
    editTx(tx, { signature: { ringSignatures: [changed, ...tx.signature.ringSignatures.slice(1)] } });
  const changes: Tx[] = [
    editTx(tx, { prefix: { outputs: tx.prefix.outputs.slice(1) } }),
    editTx(tx, { prefix: { inputs: tx.prefix.inputs.slice(1) } }),
    editTx(tx, { prefix: { inputs: [{ ...input, proofs: [] }, ...tx.prefix.inputs.slice(1)] } }),
    editTx(tx, { prefix: { fee: 1n as Tx["prefix"]["fee"] } }),
    editTx(tx, { prefix: { feeTokenId: 1n as Tx["prefix"]["feeTokenId"] } }),
    editTx(tx, { prefix: { tombstoneBlock: 1n } }),
    editTx(tx, { rules: () => undefined }),
    editTx(tx, { rules: (rules) => ({ ...rules, maxTombstoneBlock: 7n }) }),
    editTx(tx, { signature: { pseudoOutputCommitments: [] } }),
    editTx(tx, { signature: { rangeProofBytes: Uint8Array.of(1) } }),
    editTx(tx, { signature: { rangeProofs: [] } }),
    editTx(tx, { signature: { pseudoOutputTokenIds: [] } }),
    editTx(tx, { signature: { outputTokenIds: [] } }),
    editTx(tx, { feeMapDigest: new Uint8Array(32) }),
    others({ ...mlsag, cZero: new Uint8Array(32) }),
    others({ ...mlsag, responses: mlsag.responses.slice(1) }),
    others({ ...mlsag, keyImage: new Uint8Array(32) }),
  ];
  const hashes = new Set([tx, ...changes].map((changed) => toHex(txHash(changed))));
  expect(hashes.size).toBe(changes.length + 1);
  for (const changed of changes) {
    expect(decodeTx(encodeTx(changed))).toEqual(changed);
  }
});

test("scalars of a ring signature are reduced, as the network reduces them", () => {
  const { tx } = knownTx("version 2");
  const [mlsag] = tx.signature.ringSignatures;
  if (mlsag === undefined) throw new Error("This transaction has an input.");
  const two = Uint8Array.of(2, ...new Uint8Array(31));
  const orderPlusTwo = fromHex("efd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
  const changed = editTx(tx, {
    signature: { ringSignatures: [{ ...mlsag, cZero: orderPlusTwo, responses: [orderPlusTwo] }] },
  });
  const [decoded] = decodeTx(encodeTx(changed)).signature.ringSignatures;
  expect(decoded?.cZero).toEqual(two);
  expect(decoded?.responses).toEqual([two]);
  expect(kernel().scalars.isCanonical(orderPlusTwo)).toBe(false);
});

test("an output without a known amount is refused by its own code, in rings, outputs and rules", () => {
  const { known, tx } = knownTx("version 4 with input rules");
  const places = [
    (message: ReturnType<typeof wire>) => message.prefix?.outputs[0],
    (message: ReturnType<typeof wire>) => message.prefix?.inputs[0]?.ring[2],
    (message: ReturnType<typeof wire>) =>
      message.prefix?.inputs.find((i) => i.inputRules)?.inputRules?.requiredOutputs[0],
    (message: ReturnType<typeof wire>) =>
      message.prefix?.inputs.find((i) => i.inputRules)?.inputRules?.partialFillChange?.txOut,
  ];
  const wire = () => decodeMessage(TxSchema, fromHex(known.tx), { bytesMax: TX_BYTES_MAX });
  for (const place of places) {
    const message = wire();
    const txOut = place(message);
    if (txOut === undefined) throw new Error("This transaction has an output there.");
    txOut.maskedAmount = { case: undefined };
    expectCode(() => decodeTx(encodeMessage(TxSchema, message)), "unknown-masked-amount-version");
  }
  expect(tx.prefix.outputs).not.toHaveLength(0);
});

test("a transaction without prefix or signature is refused", () => {
  const { tx } = knownTx("version 0");
  const { prefix, signature } = txToWire(tx);
  expectTypedError(() => decodeTx(encodeMessage(TxSchema, { signature })), "missing-field");
  expectTypedError(() => decodeTx(encodeMessage(TxSchema, { prefix })), "missing-field");
});

test("a transaction of too many bytes is refused before it is read", () => {
  expectTypedError(() => decodeTx(new Uint8Array(TX_BYTES_MAX + 1)), "message-too-large");
  expectTypedError(() => decodeTxPrefix(new Uint8Array(TX_BYTES_MAX + 1)), "message-too-large");
});
