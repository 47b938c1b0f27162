// Tests of signing transactions: what is signed verifies, and what cannot be valid is refused before it is signed.
import { accountKey } from "@fogbow/core-account";
import { Secret, tokenId, tokenValue } from "@fogbow/core-bytes";
import { PrivateKey } from "@fogbow/core-crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type BlockVersion,
  createSigningData,
  decodeTx,
  encodeTx,
  type InputRing,
  mlsagSigningDigest,
  ringSigner,
  signRings,
  signTx,
  type Tx,
  type TxToSign,
  verifyTxSignature,
  wipeSigningData,
} from "../../src/index.ts";
import { amount } from "../fixtures.ts";
import { expectCode, expectTypedError } from "../typed-errors.ts";
import { type MadeTx, makeTx, type Plan, seeded } from "./made-transaction.ts";

const seed = Number(process.env.FOGBOW_SEED ?? 3);
fc.configureGlobal({ seed });

const VERSIONS: readonly BlockVersion[] = [0, 1, 2, 3, 4];

/** One input of 1000, one output of 990, a fee of 10. */
const plan = (version: BlockVersion, change: Partial<Plan> = {}): Plan => ({
  version,
  inputs: [amount(1000n)],
  outputs: [amount(990n)],
  fee: amount(10n),
  ...change,
});
const made = (version: BlockVersion, change: Partial<Plan> = {}): MadeTx => makeTx(plan(version, change), seeded(seed));
const signed = (toSign: TxToSign): Tx => ({
  prefix: toSign.prefix,
  signature: signTx(toSign, ringSigner()),
  feeMapDigest: new Uint8Array(0),
});
const refuse = (toSign: TxToSign, code: string): void => expectCode(() => signTx(toSign, ringSigner()), code);

describe.each(VERSIONS)("block version %i", (version) => {
  test("a signed transaction verifies, also after encoding and decoding", () => {
    const { toSign } = made(version, { inputs: [amount(600n), amount(400n)], outputs: [amount(1n), amount(989n)] });
    const tx = decodeTx(encodeTx(signed(toSign)));
    expect(verifyTxSignature({ blockVersion: version, tx })).toBe("valid");
  });

  test("what is signed is the signing digest of the transaction", () => {
    const { toSign } = made(version);
    const data = createSigningData(toSign);
    expect(data.mlsagSigningDigest).toEqual(mlsagSigningDigest(version, toSign.prefix, data));
  });
});

test("transactions of several tokens, some of their rings presigned, conserve every token and verify", () => {
  const tokens = fc.uniqueArray(fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), { minLength: 1, maxLength: 3 });
  const parts = fc.array(fc.bigInt({ min: 1n, max: 1n << 60n }), { minLength: 1, maxLength: 2 });
  fc.assert(
    fc.property(tokens, parts, fc.nat(), fc.boolean(), ([feeToken = 0n, ...others], values, random, presign) => {
      const outputs = [feeToken, ...others].flatMap((token) => values.map((value) => amount(value, token)));
      const inputs = [amount(values.reduce((a, b) => a + b) + 5n, feeToken)];
      for (const token of others) {
        inputs.push(...values.map((value) => amount(value, token)));
      }
      const presigned = presign && inputs.length > 1 ? [inputs.length - 1] : [];
      const { toSign } = makeTx({ version: 3, inputs, outputs, fee: amount(5n, feeToken), presigned }, seeded(random));
      expect(verifyTxSignature({ blockVersion: 3, tx: signed(toSign) })).toBe("valid");
    }),
    { numRuns: 10 },
  );
});

test("a ring is signed with the key that the account derives for a subaddress", () => {
  const { toSign, owner } = made(3);
  const rings = toSign.rings.map(
    (ring): InputRing =>
      ring.kind === "signable" ? { ...ring, onetimeKey: { kind: "subaddress-index", subaddressIndex: 0n } } : ring,
  );
  const tx = { ...signed(toSign), signature: signTx({ ...toSign, rings }, ringSigner(owner)) };
  expect(verifyTxSignature({ blockVersion: 3, tx })).toBe("valid");
  refuse({ ...toSign, rings }, "no-path-to-spend-key");
  const elsewhere = rings.map(
    (ring): InputRing =>
      ring.kind === "signable" ? { ...ring, onetimeKey: { kind: "subaddress-index", subaddressIndex: 1n } } : ring,
  );
  expectTypedError(() => signTx({ ...toSign, rings: elsewhere }, ringSigner(owner)), "onetime-key-mismatch");
  const random = seeded(99);
  const other = accountKey({ viewPrivateKey: PrivateKey.random(random), spendPrivateKey: PrivateKey.random(random) });
  expectTypedError(() => signTx({ ...toSign, rings }, ringSigner(other)), "onetime-key-mismatch");
});

test("rings can be signed where the range proofs were not made", () => {
  const { toSign } = made(4, { inputs: [amount(600n), amount(400n)] });
  const data = createSigningData(toSign);
  const signature = signRings(data, { rings: toSign.rings, signer: ringSigner(), random: seeded(8) });
  const tx: Tx = { prefix: toSign.prefix, signature, feeMapDigest: new Uint8Array(0) };
  expect(verifyTxSignature({ blockVersion: 4, tx })).toBe("valid");
  wipeSigningData(data);
  expectTypedError(() => data.pseudoOutputBlindings[0]?.expose(), "secret-wiped");
});

test("the same randomness signs the same transaction", () => {
  const again = (): Tx => signed(makeTx(plan(3), seeded(5)).toSign);
  expect(again()).toEqual(again());
});

test("another token than 0 is refused before block version 2", () => {
  const { toSign } = made(2, { inputs: [amount(20n, 1n)], outputs: [amount(10n, 1n)], fee: amount(10n, 1n) });
  refuse({ ...toSign, blockVersion: 1 }, "token-not-allowed");
  expect(verifyTxSignature({ blockVersion: 2, tx: signed(toSign) })).toBe("valid");
});

test("a second token is refused before block version 3, in inputs and in outputs", () => {
  const change = { inputs: [amount(20n), amount(7n, 1n)], outputs: [amount(10n), amount(7n, 1n)], fee: amount(10n) };
  const { toSign } = made(3, change);
  refuse({ ...toSign, blockVersion: 2 }, "mixed-transactions-not-allowed");
  const onlyOutputs = made(2, { outputs: [amount(990n, 1n)] }).toSign;
  refuse(onlyOutputs, "mixed-transactions-not-allowed");
  const oneInput = made(2, { inputs: [amount(20n), amount(7n, 1n)], outputs: [amount(10n)], fee: amount(10n) }).toSign;
  refuse(oneInput, "mixed-transactions-not-allowed");
  const oneOutput = made(2, { inputs: [amount(20n)], outputs: [amount(10n), amount(7n, 1n)], fee: amount(10n) }).toSign;
  refuse(oneOutput, "mixed-transactions-not-allowed");
});

test("a presigned ring is refused before block version 3", () => {
  const { toSign } = made(3, { inputs: [amount(600n), amount(400n)], presigned: [0] });
  refuse({ ...toSign, blockVersion: 2 }, "signed-input-rules-not-allowed");
});

test("a transaction without inputs is refused", () => {
  const { toSign } = made(3);
  refuse({ ...toSign, prefix: { ...toSign.prefix, inputs: [] }, rings: [] }, "no-inputs");
});

test("a transaction that nobody signs as a whole is refused", () => {
  refuse(made(3, { inputs: [amount(600n), amount(400n)], presigned: [0, 1] }).toSign, "all-rings-presigned");
});

test("a ring is presigned exactly when its input has rules", () => {
  const { toSign } = made(3, { inputs: [amount(600n), amount(400n)], presigned: [0] });
  const inputs = toSign.prefix.inputs.map((input) => ({ ...input, inputRules: undefined }));
  refuse({ ...toSign, prefix: { ...toSign.prefix, inputs } }, "presigned-ring-mismatch");
});

test("a fee of a token that nothing else is of is refused", () => {
  refuse(made(3, { fee: amount(0n, 5n), outputs: [amount(1000n)] }).toSign, "no-commitments-for-token-id");
});

test("lists that do not go together are refused", () => {
  const { toSign } = made(3);
  refuse({ ...toSign, rings: [] }, "length-mismatch");
  refuse({ ...toSign, outputs: [] }, "length-mismatch");
});

test("a transaction that creates or loses money is refused, whatever the token", () => {
  refuse(made(3, { fee: amount(11n) }).toSign, "value-not-conserved");
  refuse(made(3, { fee: amount(9n) }).toSign, "value-not-conserved");
  refuse(made(0, { outputs: [amount(991n)] }).toSign, "value-not-conserved");
  const swapped = { inputs: [amount(10n), amount(7n, 1n)], outputs: [amount(10n, 1n), amount(7n)], fee: amount(0n) };
  refuse(made(3, swapped).toSign, "value-not-conserved");
});

test("a ring whose amount is not that of its real member is not signed", () => {
  const { toSign } = made(3);
  const rings = toSign.rings.map(
    (ring): InputRing => (ring.kind === "signable" ? { ...ring, realIndex: (ring.realIndex + 1) % 3 } : ring),
  );
  expectTypedError(() => signTx({ ...toSign, rings }, ringSigner()), "onetime-key-mismatch");
  const outside = toSign.rings.map((ring): InputRing => (ring.kind === "signable" ? { ...ring, realIndex: 3 } : ring));
  expectTypedError(() => signTx({ ...toSign, rings: outside }, ringSigner()), "index-out-of-bounds");
  const [ring] = toSign.rings;
  if (ring?.kind !== "signable") throw new Error("There is one ring, not signed in advance.");
  const blinding = new Secret(ring.amount.blinding.expose().slice());
  const one = { ...ring, amount: { value: tokenValue(999n), tokenId: tokenId(0n), blinding } };
  const less = { ...toSign, rings: [one], prefix: { ...toSign.prefix, fee: tokenValue(9n) } };
  expectTypedError(() => signTx(less, ringSigner()), "value-not-conserved");
});
