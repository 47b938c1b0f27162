// Tests of the hashes of transactions and of what is signed, against values of the public reference library.
import { fromHex, toHex } from "@fogbow/core-bytes";
import { describe, expect, test } from "vitest";
import {
  blockVersion,
  createTxSummary,
  decodeTx,
  extendedMessageAndTxSummaryDigest,
  extendedMessageDigest,
  type InputRules,
  inputRulesDigest,
  mlsagSigningDigest,
  signedInputDigest,
  type Tx,
  txHash,
  txPrefixHash,
} from "../../src/index.ts";
import { expectCode } from "../typed-errors.ts";
import { KNOWN_TRANSACTIONS } from "./known-transactions.ts";
import { editTx, knownTx } from "./transactions.ts";

describe.each(KNOWN_TRANSACTIONS)("the known transaction of $name", (known) => {
  const tx = decodeTx(fromHex(known.tx));
  const version = blockVersion(known.blockVersion);

  test("has its hash", () => {
    expect(toHex(txHash(tx))).toBe(known.txHash);
  });

  test("has its prefix hash", () => {
    expect(toHex(txPrefixHash(tx.prefix))).toBe(known.prefixHash);
  });

  test("has its signing digest", () => {
    expect(toHex(mlsagSigningDigest(version, tx.prefix, tx.signature))).toBe(known.signed);
  });

  test("has its digest with a summary", () => {
    const summary = createTxSummary(tx.prefix, tx.signature.pseudoOutputCommitments);
    const digest = extendedMessageAndTxSummaryDigest(fromHex(known.extendedMessageDigest), summary);
    expect(toHex(digest)).toBe(known.summaryDigest);
  });

  test("has its digests of inputs with rules, and none of others", () => {
    const digests = tx.prefix.inputs.flatMap((input) => signedInputDigest(input) ?? []);
    expect(digests.map(toHex).join()).toBe(known.signedInputDigest);
    const rules = tx.prefix.inputs.flatMap(({ inputRules }) => inputRules ?? []);
    expect(rules.map(inputRulesDigest).map(toHex).join()).toBe(known.inputRulesDigest);
  });
});

test("the extended message digest is what block version 2 signs", () => {
  const { tx } = knownTx("version 2");
  expect(extendedMessageDigest(txPrefixHash(tx.prefix), tx.signature)).toEqual(
    mlsagSigningDigest(2, tx.prefix, tx.signature),
  );
});

test("before block version 2 the signed string holds every commitment and the range proof as they are", () => {
  const { tx } = knownTx("version 1");
  const signed = mlsagSigningDigest(1, tx.prefix, tx.signature);
  expect(signed).toHaveLength(32 + 32 * tx.prefix.inputs.length + tx.signature.rangeProofBytes.length);
});

test("a signed input's digest does not depend on its membership proofs, and on everything else", () => {
  const { tx } = knownTx("version 4 with input rules");
  const input = tx.prefix.inputs.find(({ inputRules }) => inputRules !== undefined);
  const rules = input?.inputRules;
  if (input === undefined || rules === undefined) throw new Error("This transaction has an input with rules.");
  const digest = signedInputDigest(input);
  expect(signedInputDigest({ ...input, proofs: [] })).toEqual(digest);
  expect(signedInputDigest({ ...input, ring: input.ring.slice(1) })).not.toEqual(digest);
  const changes: Partial<InputRules>[] = [
    { requiredOutputs: [] },
    { maxTombstoneBlock: 0n },
    { partialFillOutputs: [] },
    { partialFillChange: undefined },
    { minPartialFillValue: 99n },
  ];
  for (const change of changes) {
    const inputRules = { ...rules, ...change };
    expect(signedInputDigest({ ...input, inputRules })).not.toEqual(digest);
    expect(inputRulesDigest(inputRules)).not.toEqual(inputRulesDigest(rules));
  }
});

test("a summary of a transaction with too few or too many pseudo-outputs is refused", () => {
  const { tx } = knownTx("version 3");
  const { pseudoOutputCommitments } = tx.signature;
  expectCode(() => createTxSummary(tx.prefix, []), "length-mismatch");
  expectCode(
    () => createTxSummary(tx.prefix, [...pseudoOutputCommitments, ...pseudoOutputCommitments]),
    "length-mismatch",
  );
  const signature = { ...tx.signature, pseudoOutputCommitments: [] };
  expectCode(() => mlsagSigningDigest(3, tx.prefix, signature), "length-mismatch");
});

test("an output is associated to input rules by both of its keys, and the last rule for a public key counts", () => {
  const { tx } = knownTx("version 4 with input rules");
  const summarize = (changed: Tx): boolean[] =>
    createTxSummary(changed.prefix, changed.signature.pseudoOutputCommitments).outputs.map(
      ({ associatedToInputRules }) => associatedToInputRules,
    );
  expect(summarize(tx).filter((associated) => associated)).toHaveLength(3); // Required, partly filled, change.
  expect(summarize(editTx(tx, { rules: () => undefined })).some((associated) => associated)).toBe(false);

  const replaced = editTx(tx, {
    rules: (rules) => {
      const [required] = rules.requiredOutputs;
      const [partial] = rules.partialFillOutputs;
      if (required === undefined || partial === undefined) throw new Error("These rules have both.");
      // The required output's public key, with another target key.
      const claimed = { ...partial, txOut: { ...partial.txOut, publicKey: required.publicKey } };
      return { ...rules, partialFillOutputs: [claimed] };
    },
  });
  expect(summarize(replaced).filter((associated) => associated)).toHaveLength(1); // Only the change.
});
