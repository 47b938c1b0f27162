// Tests of validation: each breaks one rule of a valid transaction and gets that rule's code.
import { commit, compressedPoint } from "@fogbow/core-crypto";
import { kernel } from "@fogbow/kernel";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type BlockVersion,
  decodeTx,
  encodeTx,
  type InputRules,
  type SignatureRctBulletproofs,
  type Tx,
  type TxIn,
  type TxOut,
  type TxOutMembershipProof,
  type TxPrefix,
  type ValidationContext,
  validateTransaction,
} from "../../src/index.ts";
import { amount } from "../fixtures.ts";
import { seeded } from "../tx/made-transaction.ts";
import { prove } from "../tx/slow-tree.ts";
import { CURRENT_INDEX, compareKeys, makeOutput, makeValid, NO_RULES, type Valid } from "./valid-transaction.ts";

const VERSIONS: readonly BlockVersion[] = [0, 1, 2, 3, 4];

const valid = makeValid({ outputs: [amount(500_000_000n), amount(100_000_000n)] });
const twoInputs = makeValid({ inputs: [amount(500_000_000n), amount(500_000_000n)] });

/** The code of a transaction, perhaps changed, in a context, perhaps changed. */
function codeOf({ tx, context }: Valid, change: Partial<Tx> = {}, other: Partial<ValidationContext> = {}): string {
  return validateTransaction({ ...tx, ...change }, { ...context, ...other }).code;
}

const withPrefix = ({ tx }: Valid, change: Partial<TxPrefix>): Partial<Tx> => ({ prefix: { ...tx.prefix, ...change } });
const withSignature = ({ tx }: Valid, change: Partial<SignatureRctBulletproofs>): Partial<Tx> => ({
  signature: { ...tx.signature, ...change },
});
const withInput = (made: Valid, change: Partial<TxIn>): Partial<Tx> =>
  withPrefix(made, { inputs: made.tx.prefix.inputs.map((input, i) => (i === 0 ? { ...input, ...change } : input)) });
const firstInput = ({ tx }: Valid): TxIn => tx.prefix.inputs[0] as TxIn; // There is one.
const firstProof = (made: Valid): TxOutMembershipProof => firstInput(made).proofs[0] as TxOutMembershipProof;
const withProof = (made: Valid, change: Partial<TxOutMembershipProof>): Partial<Tx> =>
  withInput(made, { proofs: firstInput(made).proofs.map((proof, i) => (i === 0 ? { ...proof, ...change } : proof)) });
const sorted = (outputs: readonly TxOut[]): TxOut[] => [...outputs].sort(compareKeys);

describe("a valid transaction", () => {
  test.each(VERSIONS)("of block version %i is accepted, also after encoding and decoding", (version) => {
    const made = makeValid({ version });
    expect(validateTransaction(decodeTx(encodeTx(made.tx)), made.context)).toEqual({ code: "ok", detail: undefined });
  });

  test("with two inputs, or of two tokens, is accepted", () => {
    expect(codeOf(twoInputs)).toBe("ok");
    const inputs = [amount(1_000_000_000n), amount(7n, 1n)];
    expect(codeOf(makeValid({ inputs, outputs: [amount(600_000_000n), amount(7n, 1n)] }))).toBe("ok");
  });

  test("with an input signed in advance is accepted", () => {
    expect(codeOf(makeValid({ inputs: [amount(500_000_000n), amount(500_000_000n)], rules: NO_RULES }))).toBe("ok");
  });

  test("may leave the fee map digest out", () => {
    expect(codeOf(valid, { feeMapDigest: new Uint8Array(0) })).toBe("ok");
  });
});

describe("tokens, version and numbers", () => {
  test("another fee map", () => {
    expect(codeOf(valid, { feeMapDigest: new Uint8Array(32) })).toBe("fee-map-digest-mismatch");
    expect(codeOf(valid, { feeMapDigest: new Uint8Array(31) })).toBe("fee-map-digest-mismatch");
  });

  test("a token that the network does not know, of the fee or of an output", () => {
    const inputs = [amount(1_000_000_000n), amount(7n, 2n)];
    const made = makeValid({ inputs, outputs: [amount(600_000_000n), amount(7n, 2n)] });
    expect(codeOf(made)).toBe("token-not-yet-configured");
    const fee = makeValid({ version: 2, inputs: [amount(9n, 2n)], outputs: [amount(4n, 2n)], fee: amount(5n, 2n) });
    expect(fee.tx.signature.outputTokenIds).toEqual([]); // Nothing but the fee names its token.
    expect(codeOf(fee)).toBe("token-not-yet-configured");
  });

  test("an unknown block version", () => {
    expect(codeOf(valid, {}, { blockVersion: 5 as BlockVersion })).toBe("ledger");
  });

  test("no inputs and no outputs", () => {
    expect(codeOf(valid, withPrefix(valid, { inputs: [] }))).toBe("no-inputs");
    expect(codeOf(valid, withPrefix(valid, { outputs: [] }))).toBe("no-outputs");
  });

  test("16 inputs and 16 outputs are accepted, 17 of either are not", () => {
    const spent = Array.from({ length: 16 }, () => amount(100_000_000n));
    const made = makeValid({ inputs: spent, outputs: Array.from({ length: 16 }, () => amount(75_000_000n)) });
    const { inputs, outputs } = made.tx.prefix;
    expect(codeOf(made)).toBe("ok");
    expect(codeOf(made, withPrefix(made, { inputs: [...inputs, firstInput(valid)] }))).toBe("too-many-inputs");
    const seventeen = sorted([...outputs, makeOutput(4, amount(0n), seeded(8)).txOut]);
    expect(codeOf(made, withPrefix(made, { outputs: seventeen }))).toBe("too-many-outputs");
  });

  test("rings of 10 and of 12", () => {
    expect(codeOf(makeValid({ ringSize: 10 }))).toBe("insufficient-ring-size");
    expect(codeOf(makeValid({ ringSize: 12 }))).toBe("excessive-ring-size");
  });
});

describe("rings", () => {
  const [one, other] = twoInputs.tx.prefix.inputs as [TxIn, TxIn];

  test("a member twice in one ring", () => {
    const ring = one.ring.map((member, i) => (i === 1 ? (one.ring[0] as TxOut) : member));
    expect(codeOf(twoInputs, withInput(twoInputs, { ring }))).toBe("duplicate-ring-elements");
    const ruled = { ring, inputRules: NO_RULES };
    expect(codeOf(twoInputs, withInput(twoInputs, ruled))).toBe("duplicate-ring-elements");
  });

  test("a member in two rings, unless one of them was signed in advance", () => {
    const ring = sorted([other.ring[5] as TxOut, ...one.ring.slice(1)]);
    expect(codeOf(twoInputs, withInput(twoInputs, { ring }))).toBe("duplicate-ring-elements");
    const ruled = codeOf(twoInputs, withInput(twoInputs, { ring, inputRules: NO_RULES }));
    expect(ruled).not.toBe("duplicate-ring-elements");
  });

  test("a ring out of order", () => {
    const ring = [...one.ring].reverse();
    const inputs = [{ ...one, ring, proofs: [...one.proofs].reverse() }];
    expect(codeOf(twoInputs, withPrefix(twoInputs, { inputs }))).toBe("unsorted-ring-elements");
  });

  test("two members with one key are out of order, even if they differ", () => {
    const [first, second] = one.ring as [TxOut, TxOut];
    const ring = [first, { ...second, publicKey: first.publicKey }, ...one.ring.slice(2)];
    expect(codeOf(twoInputs, withInput(twoInputs, { ring }))).toBe("unsorted-ring-elements");
  });

  test("inputs out of order", () => {
    const plan = { inputs: [amount(500_000_000n), amount(500_000_000n)] };
    const made = makeValid({ ...plan, change: (prefix) => ({ ...prefix, inputs: [...prefix.inputs].reverse() }) });
    expect(codeOf(made)).toBe("unsorted-inputs");
  });

  test("a proof too few or too many", () => {
    const { proofs } = firstInput(valid);
    expect(codeOf(valid, withInput(valid, { proofs: proofs.slice(1) }))).toBe("missing-tx-out-membership-proof");
    const more = [...proofs, firstProof(valid)];
    expect(codeOf(valid, withInput(valid, { proofs: more }))).toBe("missing-tx-out-membership-proof");
    const ofOneInput = withInput(twoInputs, { proofs: one.proofs.slice(1) });
    expect(codeOf(twoInputs, ofOneInput)).toBe("missing-tx-out-membership-proof");
  });
});

describe("fee, uniqueness and time", () => {
  test("a fee below the minimum of its token", () => {
    const outputs = [amount(600_000_001n)];
    expect(codeOf(makeValid({ fee: amount(399_999_999n), outputs }))).toBe("tx-fee-error");
    const token1 = (fee: bigint): Valid =>
      makeValid({ inputs: [amount(2_000n, 1n)], outputs: [amount(2_000n - fee, 1n)], fee: amount(fee, 1n) });
    expect(codeOf(token1(1_024n))).toBe("ok");
    expect(codeOf(token1(1_023n))).toBe("tx-fee-error");
  });

  test("a key image twice", () => {
    const [signature] = twoInputs.tx.signature.ringSignatures;
    if (signature === undefined) throw new Error("There are two.");
    const ringSignatures = [signature, signature];
    expect(codeOf(twoInputs, withSignature(twoInputs, { ringSignatures }))).toBe("duplicate-key-images");
  });

  test("an output key twice, before any order is asked for", () => {
    const random = seeded(7);
    const { txOut } = makeOutput(4, amount(1n), random);
    const outputs = [txOut, { ...makeOutput(4, amount(1n), random).txOut, publicKey: txOut.publicKey }];
    expect(codeOf(valid, withPrefix(valid, { outputs }))).toBe("duplicate-output-public-key");
  });

  test("the tombstone block is after the block being built, by at most 20160", () => {
    const ending = (tombstoneBlock: bigint): string =>
      codeOf(makeValid({ change: (prefix) => ({ ...prefix, tombstoneBlock }) }));
    expect(ending(CURRENT_INDEX)).toBe("tombstone-block-exceeded");
    expect(ending(CURRENT_INDEX + 1n)).toBe("ok");
    expect(ending(CURRENT_INDEX + 20_160n)).toBe("ok");
    expect(ending(CURRENT_INDEX + 20_161n)).toBe("tombstone-block-too-far");
  });
});

describe("outputs", () => {
  /** The code after a change to the second of two outputs, signed as it is then. */
  const edit = (version: BlockVersion, change: (output: TxOut) => TxOut): string =>
    codeOf(
      makeValid({
        version,
        outputs: [amount(300_000_000n), amount(300_000_000n)],
        change: (prefix) => ({ ...prefix, outputs: prefix.outputs.map((each, i) => (i === 1 ? change(each) : each)) }),
      }),
    );

  test("a memo is there exactly from block version 1", () => {
    const { encryptedMemo } = valid.tx.prefix.outputs[0] as TxOut;
    expect(edit(0, (output) => ({ ...output, encryptedMemo }))).toBe("memos-not-allowed");
    expect(edit(1, (output) => ({ ...output, encryptedMemo: undefined }))).toBe("missing-memo");
    expect(edit(4, (output) => ({ ...output, encryptedMemo: undefined }))).toBe("missing-memo");
  });

  test("a masked token id is there exactly from block version 2", () => {
    const mask = (length: number) => (output: TxOut) => ({
      ...output,
      maskedAmount: { ...output.maskedAmount, version: 1 as const, maskedTokenId: new Uint8Array(length) },
    });
    expect(edit(1, mask(8))).toBe("masked-token-id-not-allowed");
    expect(edit(2, mask(0))).toBe("missing-masked-token-id");
    expect(edit(4, mask(0))).toBe("missing-masked-token-id");
    expect(edit(4, mask(8))).toBe("ok"); // No rule ties the version of amounts to that of blocks.
  });

  test("outputs are in order from block version 3", () => {
    const reversed = (version: BlockVersion): string =>
      codeOf(
        makeValid({
          version,
          outputs: [amount(300_000_000n), amount(300_000_000n)],
          change: (prefix) => ({ ...prefix, outputs: [...prefix.outputs].reverse() }),
        }),
      );
    expect(reversed(2)).toBe("ok");
    expect(reversed(3)).toBe("unsorted-outputs");
  });

  test("input rules are refused before block version 3", () => {
    const old = makeValid({ version: 2 });
    const inputRules: InputRules = NO_RULES;
    expect(codeOf(old, withInput(old, { inputRules }))).toBe("input-rules-not-allowed");
  });

  test("a broken input rule is named in detail", () => {
    const rules = { ...NO_RULES, maxTombstoneBlock: CURRENT_INDEX };
    const made = makeValid({ inputs: [amount(500_000_000n), amount(500_000_000n)], rules });
    expect(validateTransaction(made.tx, made.context)).toEqual({
      code: "input-rule-max-tombstone-block-exceeded",
      detail: "max-tombstone-block-exceeded",
    });
  });
});

describe("membership proofs", () => {
  const rootProof = valid.context.rootProofs[0] as TxOutMembershipProof;
  const roots = (first: TxOutMembershipProof, others = rootProof): Partial<ValidationContext> => ({
    rootProofs: valid.context.rootProofs.map((_, i) => (i === 0 ? first : others)),
  });

  test("the node has one proof for each ring member, of the right leaf", () => {
    const fewer = { rootProofs: valid.context.rootProofs.slice(1) };
    expect(codeOf(valid, {}, fewer)).toBe("invalid-ledger-context");
    const more = { rootProofs: [...valid.context.rootProofs, rootProof] };
    expect(codeOf(valid, {}, more)).toBe("invalid-ledger-context");
    expect(codeOf(valid, {}, roots(prove(valid.leaves, 0)))).toBe("invalid-ledger-context");
  });

  test("the node's proofs lead to one root", () => {
    const elements = rootProof.elements.map((element, i) =>
      i === 1 ? { ...element, hash: new Uint8Array(32) } : element,
    );
    expect(codeOf(valid, {}, roots({ ...rootProof, elements }))).toBe("invalid-ledger-context");
  });

  test("a node's proof that cannot be folded or is reversed", () => {
    const { elements } = rootProof;
    expect(codeOf(valid, {}, roots({ ...rootProof, elements: elements.slice(1) }))).toBe("invalid-ledger-context");
    const skipped = [...elements.slice(0, 1), ...elements.slice(2)];
    expect(codeOf(valid, {}, roots({ ...rootProof, elements: skipped }))).toBe("invalid-ledger-context");
    const reversed = elements.map((element, i) => (i === 1 ? { ...element, range: { from: 9n, to: 8n } } : element));
    const code = codeOf(valid, {}, roots({ ...rootProof, elements: reversed }));
    expect(code).toBe("membership-proof-validation-error");
  });

  test("a proof that leads to another root", () => {
    const elements = firstProof(valid).elements.map((element, i) =>
      i === 2 ? { ...element, hash: new Uint8Array(32) } : element,
    );
    expect(codeOf(valid, withProof(valid, { elements }))).toBe("invalid-tx-out-membership-proof");
  });

  test("a proof that is malformed, or for another output, says why", () => {
    const verdict = (change: Partial<Tx>): unknown => validateTransaction({ ...valid.tx, ...change }, valid.context);
    const error = (detail: string) => ({ code: "membership-proof-validation-error", detail });
    const { elements } = firstProof(valid);
    expect(verdict(withProof(valid, { elements: [] }))).toEqual(error("missing-leaf-hash"));
    expect(verdict(withProof(valid, { elements: elements.slice(0, -1) }))).toEqual(error("highest-index-mismatch"));
    const [first, second, ...others] = firstInput(valid).proofs as TxOutMembershipProof[];
    const swapped = withInput(valid, { proofs: [second, first, ...others] as TxOutMembershipProof[] });
    expect(verdict(swapped)).toEqual(error("incorrect-leaf-hash"));
  });
});

describe("signatures", () => {
  const verdict = (change: Partial<Tx>): unknown => validateTransaction({ ...valid.tx, ...change }, valid.context);
  const invalid = (detail: string) => ({ code: "invalid-transaction-signature", detail });

  test("a changed fee, range proof, response or commitment", () => {
    const { signature, prefix } = valid.tx;
    const zero = new Uint8Array(32);
    const fee = { ...prefix, fee: amount(400_000_001n).value };
    expect(verdict({ prefix: fee })).toEqual(invalid("value-not-conserved"));
    const rangeProofs = signature.rangeProofs.map((proof) => proof.map((byte, i) => (i === 200 ? byte ^ 1 : byte)));
    expect(verdict(withSignature(valid, { rangeProofs }))).toEqual(invalid("invalid-range-proof"));
    const ringSignatures = signature.ringSignatures.map((mlsag) => ({ ...mlsag, cZero: zero }));
    expect(verdict(withSignature(valid, { ringSignatures }))).toEqual(invalid("invalid-signature"));
    const pseudoOutputCommitments = signature.pseudoOutputCommitments.map(() =>
      compressedPoint(new Uint8Array(32).fill(0xff)),
    );
    expect(verdict(withSignature(valid, { pseudoOutputCommitments }))).toEqual(invalid("invalid-curve-point"));
  });

  test("a tombstone block or an output that was not signed", () => {
    const later = withPrefix(valid, { tombstoneBlock: valid.tx.prefix.tombstoneBlock + 1n });
    expect(verdict(later)).toEqual(invalid("invalid-signature"));
    const outputs = valid.tx.prefix.outputs.map((output) => ({ ...output, targetKey: output.publicKey }));
    expect(verdict(withPrefix(valid, { outputs }))).toEqual(invalid("invalid-signature"));
  });

  test("amounts beyond 64 bits or below zero, which the balance does not notice", () => {
    const tooMuch = commit({ ...amount(1n), blinding: new Uint8Array(32) }); // One unit, then 2⁶⁴ of them.
    const shift = kernel().ristretto.multiply(new Uint8Array(32).fill(1, 8, 9), tooMuch);
    const { add, subtract } = kernel().ristretto;
    const outputs = valid.tx.prefix.outputs.map((output, i) => {
      const commitment = compressedPoint((i === 0 ? add : subtract)(output.maskedAmount.commitment, shift));
      return { ...output, maskedAmount: { ...output.maskedAmount, commitment } };
    });
    expect(verdict(withPrefix(valid, { outputs }))).toEqual(invalid("invalid-range-proof"));
    // Nothing but the range proof and the signature, which a thief would make, stands against it.
    const unproven = { ...valid.context, verifyRanges: () => true };
    const { detail } = validateTransaction({ ...valid.tx, ...withPrefix(valid, { outputs }) }, unproven);
    expect(detail).toBe("invalid-signature");
  });

  test("an output under the token id of another", () => {
    const inputs = [amount(1_000_000_000n), amount(7n, 1n)];
    const made = makeValid({ inputs, outputs: [amount(600_000_000n), amount(7n, 1n)] });
    const outputTokenIds = [...made.tx.signature.outputTokenIds].reverse();
    const tx = { ...made.tx, ...withSignature(made, { outputTokenIds }) };
    expect(validateTransaction(tx, made.context)).toEqual(invalid("invalid-range-proof"));
  });

  test("range proofs can be left to whoever verifies many", () => {
    let claims = 0;
    const verifyRanges = (all: readonly unknown[]): boolean => {
      claims += all.length;
      return true;
    };
    expect(codeOf(valid, {}, { verifyRanges })).toBe("ok");
    expect(claims).toBe(1);
    expect(codeOf(valid, {}, { verifyRanges: () => false })).toBe("invalid-transaction-signature");
  });
});

test("of several things that are wrong the first in the stated order decides", () => {
  const late = { ...valid.tx.prefix, tombstoneBlock: 0n };
  const ring = firstInput(valid).ring.slice(1);
  const unknownFees = { feeMapDigest: new Uint8Array(32) };
  expect(codeOf(valid, { prefix: late })).toBe("tombstone-block-exceeded");
  expect(codeOf(valid, { prefix: { ...late, inputs: [{ ...firstInput(valid), ring }] } })).toBe(
    "insufficient-ring-size",
  );
  expect(codeOf(valid, { prefix: { ...late, outputs: [] }, ...unknownFees })).toBe("fee-map-digest-mismatch");
});

test("nothing of input rules is opened for a sender who has not signed", () => {
  const rules = { ...NO_RULES, maxTombstoneBlock: CURRENT_INDEX };
  const made = makeValid({ inputs: [amount(500_000_000n), amount(500_000_000n)], rules });
  const ringSignatures = [...made.tx.signature.ringSignatures].reverse();
  expect(codeOf(made)).toBe("input-rule-max-tombstone-block-exceeded");
  expect(codeOf(made, withSignature(made, { ringSignatures }))).toBe("invalid-transaction-signature");
});

describe("a changed byte", () => {
  const two = [amount(500_000_000n), amount(500_000_000n)];
  const mixed = { inputs: [amount(1_000_000_000n), amount(7n, 1n)], outputs: [amount(600_000_000n), amount(7n, 1n)] };
  const kinds: readonly (readonly [name: string, made: Valid])[] = [
    ...VERSIONS.map((version) => [`block version ${version}`, makeValid({ version })] as const),
    ["two tokens", makeValid(mixed)],
    ["an input signed in advance", makeValid({ inputs: two, rules: { ...NO_RULES, maxTombstoneBlock: 500n } })],
  ];
  /** The verdict on these bytes, or the code with which they cannot be decoded. */
  const codeOfBytes = (bytes: Uint8Array, { context }: Valid): string => {
    try {
      return validateTransaction(decodeTx(bytes), context).code;
    } catch (error) {
      expect(error).toHaveProperty("code");
      return "undecodable";
    }
  };

  // The digest is the last field: its tag, its length and 32 bytes. With another tag it is a field that nobody knows.
  const digestField = 34;

  test.each(kinds)("of a transaction of %s makes it invalid, but for the tag of the fee map digest", (_, made) => {
    const bytes = encodeTx(made.tx);
    const tag = bytes.length - digestField;
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (position, change) => {
        fc.pre(position !== tag);
        const changed = bytes.map((byte, i) => (i === position ? byte ^ change : byte));
        expect(codeOfBytes(changed, made)).not.toBe("ok");
      }),
      { numRuns: 80 },
    );
    const withoutDigest = bytes.map((byte, i) => (i === tag ? byte ^ 0x20 : byte));
    expect(codeOfBytes(withoutDigest, made)).toBe("ok");
    expect(decodeTx(withoutDigest)).toEqual({ ...made.tx, feeMapDigest: new Uint8Array(0) });
  });
});
