// Tests of verifying transactions: those of the reference library are valid, and every way to be wrong has its name.
import { fromHex, tokenId, tokenValue } from "@fogbow/core-bytes";
import { compressedPoint, type RangeClaim, verifyRangeBatch } from "@fogbow/core-crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type BlockVersion,
  decodeTx,
  encodeTx,
  type SignatureRctBulletproofs,
  type Tx,
  txPrefixHash,
  verifyTxSignature,
} from "../../src/index.ts";
import { mutations } from "../arbitraries.ts";
import { KNOWN_TRANSACTIONS } from "./known-transactions.ts";
import { seeded } from "./made-transaction.ts";
import { editTx, knownTx } from "./transactions.ts";

if (process.env.FOGBOW_SEED !== undefined) {
  fc.configureGlobal({ seed: Number(process.env.FOGBOW_SEED) });
}

const verify = (tx: Tx, blockVersion: BlockVersion): string => verifyTxSignature({ blockVersion, tx });

/** The known transaction with this name, its signature changed. */
const result = (
  name: string,
  change: (signature: SignatureRctBulletproofs) => Partial<SignatureRctBulletproofs>,
): string => {
  const { tx, version } = knownTx(name);
  return verify(editTx(tx, { signature: change(tx.signature) }), version);
};

const flip = (bytes: Uint8Array, at: number): Uint8Array => bytes.map((byte, i) => (i === at ? byte ^ 1 : byte));
const NO_POINT = compressedPoint(fromHex("a3785913ca4deb75abd841414d0a700098e879777940c78c73fe6f2bee6c0352"));

describe.each(KNOWN_TRANSACTIONS)("the transaction of $name that the reference library signed", (known) => {
  const { tx, version } = knownTx(known.name);

  test("is valid", () => {
    expect(verify(tx, version)).toBe("valid");
  });

  test("is valid by the rules of no block version that has others", () => {
    const sameRules = version >= 3 ? [3, 4] : version <= 1 ? [0, 1] : [2];
    for (const other of [0, 1, 2, 3, 4] as const) {
      expect(verify(tx, other) === "valid").toBe(sameRules.includes(other));
    }
  });

  test("is not valid with any change that its bytes can take", () => {
    const bytes = fromHex(known.tx);
    fc.assert(
      fc.property(mutations, (change) => {
        let changed: Tx;
        try {
          changed = decodeTx(change(bytes));
        } catch (error) {
          expect(error).toHaveProperty("code");
          return;
        }
        // Nobody signs the view of the fees, and a valid encoding may be an unusual one.
        const same = equal(encodeTx({ ...changed, feeMapDigest: tx.feeMapDigest }), encodeTx(tx));
        expect(verify(changed, version) === "valid").toBe(same);
      }),
      { numRuns: 40 },
    );
  });
});

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

test("membership proofs of inputs with rules can be replaced, those of others cannot", () => {
  const { tx, version } = knownTx("version 4 with input rules");
  // All of them are in the prefix hash that the other inputs sign.
  const inputs = tx.prefix.inputs.map((input) => (input.inputRules ? { ...input, proofs: [] } : input));
  const changed = editTx(tx, { prefix: { inputs } });
  expect(txPrefixHash(changed.prefix)).not.toEqual(txPrefixHash(tx.prefix));
  expect(verify(changed, version)).toBe("invalid-signature");
});

test("another token than 0 is refused before block version 2", () => {
  expect(verify(knownTx("version 2").tx, 1)).toBe("token-not-allowed");
});

test("a transaction that nobody signed as a whole is refused", () => {
  const { tx, version } = knownTx("version 4 with input rules");
  const inputs = tx.prefix.inputs.filter(({ inputRules }) => inputRules !== undefined);
  expect(verify(editTx(tx, { prefix: { inputs } }), version)).toBe("all-rings-presigned");
  expect(verify(editTx(tx, { prefix: { inputs: [] } }), version)).toBe("all-rings-presigned");
});

test("a transaction without a ring signature and pseudo-output for each input is refused", () => {
  expect(result("version 3", () => ({ ringSignatures: [] }))).toBe("length-mismatch");
  expect(result("version 3", () => ({ pseudoOutputCommitments: [] }))).toBe("length-mismatch");
});

test("token ids are demanded from block version 3 on and refused before", () => {
  expect(result("version 3", () => ({ pseudoOutputTokenIds: [] }))).toBe("missing-pseudo-output-token-ids");
  expect(result("version 3", () => ({ outputTokenIds: [] }))).toBe("missing-output-token-ids");
  const ids = [tokenId(0n)];
  expect(result("version 1", () => ({ pseudoOutputTokenIds: ids }))).toBe("pseudo-output-token-ids-not-allowed");
  expect(result("version 1", () => ({ outputTokenIds: ids }))).toBe("output-token-ids-not-allowed");
});

test("an output spent twice in one transaction is refused", () => {
  const doubled = result("version 3 with two tokens", ({ ringSignatures: [first, second] }) => {
    if (first === undefined || second === undefined) throw new Error("This transaction has two inputs.");
    return { ringSignatures: [first, { ...second, keyImage: first.keyImage }] };
  });
  expect(doubled).toBe("duplicate-key-image");
});

test("a commitment that is no point is refused, of an output, a pseudo-output and a ring member", () => {
  const { tx, version } = knownTx("version 3");
  expect(result("version 3", () => ({ pseudoOutputCommitments: [NO_POINT] }))).toBe("invalid-curve-point");
  const spoil = (txOut: Tx["prefix"]["outputs"][number]): typeof txOut => ({
    ...txOut,
    maskedAmount: { ...txOut.maskedAmount, commitment: NO_POINT },
  });
  const outputs = tx.prefix.outputs.map(spoil);
  expect(verify(editTx(tx, { prefix: { outputs } }), version)).toBe("invalid-curve-point");
  const inputs = tx.prefix.inputs.map((input) => ({ ...input, ring: input.ring.map(spoil) }));
  expect(verify(editTx(tx, { prefix: { inputs } }), version)).toBe("invalid-curve-point");
});

test("range proofs in the wrong place are refused", () => {
  const proofs = [new Uint8Array(672)];
  expect(result("version 2", () => ({ rangeProofs: proofs }))).toBe("too-many-range-proofs");
  expect(result("version 3", () => ({ rangeProofBytes: Uint8Array.of(1) }))).toBe("unexpected-range-proof");
  expect(result("version 3", () => ({ rangeProofs: [] }))).toBe("missing-range-proofs");
  expect(result("version 3", ({ rangeProofs }) => ({ rangeProofs: [...rangeProofs, ...rangeProofs] }))).toBe(
    "missing-range-proofs",
  );
});

test("a fee of a token that nothing else is of is refused", () => {
  const { tx, version } = knownTx("version 3");
  const changed = editTx(tx, {
    prefix: { feeTokenId: tokenId(99n) },
    signature: { rangeProofs: [...tx.signature.rangeProofs, new Uint8Array(672)] },
  });
  expect(verify(changed, version)).toBe("no-commitments-for-token-id");
});

test("every one of several range proofs must hold", () => {
  for (const bad of [0, 1]) {
    const change = ({ rangeProofs }: SignatureRctBulletproofs): Partial<SignatureRctBulletproofs> => ({
      rangeProofs: rangeProofs.map((proof, i) => (i === bad ? flip(proof, 200) : proof)),
    });
    expect(result("version 3 with two tokens", change)).toBe("invalid-range-proof");
  }
});

test("a range proof that is malformed, changed or of another token is refused", () => {
  expect(result("version 1", () => ({ rangeProofBytes: new Uint8Array(0) }))).toBe("invalid-range-proof");
  expect(result("version 1", ({ rangeProofBytes }) => ({ rangeProofBytes: flip(rangeProofBytes, 200) }))).toBe(
    "invalid-range-proof",
  );
  expect(result("version 3 with two tokens", ({ rangeProofs }) => ({ rangeProofs: [...rangeProofs].reverse() }))).toBe(
    "invalid-range-proof",
  );
  expect(
    result("version 3 with two tokens", ({ outputTokenIds }) => ({ outputTokenIds: [...outputTokenIds].reverse() })),
  ).not.toBe("valid");
});

test("a fee that the inputs do not pay is refused", () => {
  for (const name of ["version 0", "version 4 with input rules"]) {
    const { tx, version } = knownTx(name);
    const fee = tokenValue(tx.prefix.fee - 1n);
    expect(verify(editTx(tx, { prefix: { fee } }), version)).toBe("value-not-conserved");
  }
});

test("a ring signature that is not one of this transaction is refused", () => {
  const { tx, version } = knownTx("version 3");
  expect(verify(editTx(tx, { prefix: { tombstoneBlock: 1n } }), version)).toBe("invalid-signature");
  const changeFirst = (change: Partial<SignatureRctBulletproofs["ringSignatures"][number]>): string =>
    result("version 3", ({ ringSignatures }) => ({
      ringSignatures: ringSignatures.map((one) => ({ ...one, ...change })),
    }));
  expect(changeFirst({ keyImage: NO_POINT })).toBe("invalid-key-image");
  expect(changeFirst({ cZero: new Uint8Array(32) })).toBe("invalid-signature");
  expect(changeFirst({ responses: [] })).toBe("length-mismatch");
});

test("the rules of a presigned input are signed by its owner", () => {
  const { tx, version } = knownTx("version 4 with input rules");
  const changed = editTx(tx, { rules: (rules) => ({ ...rules, minPartialFillValue: 0n }) });
  expect(verify(changed, version)).toBe("invalid-signature");
});

test("range proofs of many transactions are verified together, and a bad one among them is noticed", () => {
  const claims: RangeClaim[] = [];
  const verifyRanges = (some: readonly RangeClaim[]): boolean => {
    claims.push(...some);
    return true;
  };
  for (const { name } of KNOWN_TRANSACTIONS) {
    const { tx, version: blockVersion } = knownTx(name);
    expect(verifyTxSignature({ blockVersion, tx, verifyRanges })).toBe("valid");
  }
  expect(claims.length).toBeGreaterThan(KNOWN_TRANSACTIONS.length); // Some are of two tokens.
  expect(verifyRangeBatch(claims, seeded(1))).toBe(true);
  const [first, ...others] = claims;
  if (first === undefined) throw new Error("There are claims.");
  expect(verifyRangeBatch([{ ...first, proof: flip(first.proof, 300) }, ...others], seeded(1))).toBe(false);
});
