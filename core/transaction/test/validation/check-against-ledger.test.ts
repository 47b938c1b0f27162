// Tests of the checks that need the ledger.
import { equalBytes } from "@fogbow/core-bytes";
import { expect, test } from "vitest";
import { checkAgainstLedger, type LedgerState } from "../../src/index.ts";
import { CURRENT_INDEX, makeValid } from "./valid-transaction.ts";

const { tx, leaves } = makeValid();
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

test("a proof made in a tree that the ledger never had", () => {
  const last = tx.prefix.inputs[0]?.proofs[0]?.highestIndex ?? 0n;
  expect(checkAgainstLedger(tx, { ...empty, txOutCount: last + 1n })).toBe("ok");
  expect(checkAgainstLedger(tx, { ...empty, txOutCount: last })).toBe("ledger-tx-out-index-out-of-bounds");
});

test("the tombstone block counts from the block after the ledger's last", () => {
  expect(ending(CURRENT_INDEX)).toBe("tombstone-block-exceeded");
  expect(ending(CURRENT_INDEX + 1n)).toBe("ok");
  expect(ending(CURRENT_INDEX + 20_161n)).toBe("tombstone-block-too-far");
});

test("a spent key image", () => {
  const spent = tx.signature.ringSignatures[0]?.keyImage ?? new Uint8Array(0);
  const ledger = { ...empty.ledger, containsKeyImage: (keyImage: Uint8Array) => equalBytes(keyImage, spent) };
  expect(checkAgainstLedger(tx, { ...empty, ledger })).toBe("contains-spent-key-image");
});

test("an output key that exists", () => {
  const made = tx.prefix.outputs[0]?.publicKey ?? new Uint8Array(0);
  const ledger = { ...empty.ledger, containsTxOutPublicKey: (key: Uint8Array) => equalBytes(key, made) };
  expect(checkAgainstLedger(tx, { ...empty, ledger })).toBe("contains-existing-output-public-key");
});
