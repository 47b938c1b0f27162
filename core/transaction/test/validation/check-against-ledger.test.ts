// Tests of the checks that need the ledger.
import { equalBytes } from "@fogbow/core-bytes";
import { expect, test } from "vitest";
import { checkAgainstLedger, type LedgerState, type Tx } from "../../src/index.ts";
import { amount } from "../fixtures.ts";
import { CURRENT_INDEX, makeValid } from "./valid-transaction.ts";

// Two of each, of which one only is ever wrong.
const two = [amount(500_000_000n), amount(500_000_000n)];
const { tx, leaves } = makeValid({ inputs: two, outputs: two, fee: amount(0n) });
const empty: LedgerState = {
  ledger: { containsKeyImage: () => false, containsTxOutPublicKey: () => false },
  blockCount: CURRENT_INDEX,
  txOutCount: BigInt(leaves.length),
};
const ending = (tombstoneBlock: bigint): string =>
  checkAgainstLedger({ ...tx, prefix: { ...tx.prefix, tombstoneBlock } }, empty);

test("a transaction that fits the ledger is accepted", () => {
  expect(checkAgainstLedger(tx, empty)).toBe("ok");
});

test("one proof made in a tree that the ledger never had", () => {
  const txOutCount = BigInt(leaves.length);
  const withOneAt = (highestIndex: bigint): Tx => ({
    ...tx,
    prefix: {
      ...tx.prefix,
      inputs: tx.prefix.inputs.map((input, i) => ({
        ...input,
        proofs: input.proofs.map((proof, k) => (i === 1 && k === 3 ? { ...proof, highestIndex } : proof)),
      })),
    },
  });
  expect(checkAgainstLedger(withOneAt(txOutCount - 1n), empty)).toBe("ok");
  expect(checkAgainstLedger(withOneAt(txOutCount), empty)).toBe("ledger-tx-out-index-out-of-bounds");
});

test("the tombstone block counts from the block after the ledger's last", () => {
  expect(ending(CURRENT_INDEX)).toBe("tombstone-block-exceeded");
  expect(ending(CURRENT_INDEX + 1n)).toBe("ok");
  expect(ending(CURRENT_INDEX + 20_161n)).toBe("tombstone-block-too-far");
});

test("one spent key image among others", () => {
  const spent = tx.signature.ringSignatures[1]?.keyImage ?? new Uint8Array(0);
  const ledger = { ...empty.ledger, containsKeyImage: (keyImage: Uint8Array) => equalBytes(keyImage, spent) };
  expect(checkAgainstLedger(tx, { ...empty, ledger })).toBe("contains-spent-key-image");
});

test("one output key that exists among others", () => {
  const made = tx.prefix.outputs[1]?.publicKey ?? new Uint8Array(0);
  const ledger = { ...empty.ledger, containsTxOutPublicKey: (key: Uint8Array) => equalBytes(key, made) };
  expect(checkAgainstLedger(tx, { ...empty, ledger })).toBe("contains-existing-output-public-key");
});
