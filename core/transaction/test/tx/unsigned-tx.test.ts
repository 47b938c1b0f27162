// Tests of transactions that are built on one machine and signed on another.
import { publicAddress } from "@fogbow/core-account";
import { encodeMessage, UnsignedTxSchema } from "@fogbow/core-wire";
import { expect, test } from "vitest";
import {
  createSigningData,
  decodeSigningData,
  decodeUnsignedTx,
  encodeSigningData,
  encodeUnsignedTx,
  type InputRing,
  ringSigner,
  signRings,
  signUnsignedTx,
  type Tx,
  type UnsignedTx,
  verifyTxSignature,
} from "../../src/index.ts";
import { amount } from "../fixtures.ts";
import { expectTotal, expectTypedError } from "../typed-errors.ts";
import { type MadeTx, makeTx, seeded } from "./made-transaction.ts";

const made: MadeTx = makeTx(
  {
    version: 3,
    inputs: [amount(600n), amount(400n), amount(7n, 1n)],
    outputs: [amount(990n), amount(7n, 1n)],
    fee: amount(10n),
    presigned: [2],
  },
  seeded(4),
);

/** The transaction as a machine without keys builds it. */
const unsigned: UnsignedTx = {
  blockVersion: 3,
  prefix: made.toSign.prefix,
  rings: made.toSign.rings.map(
    (ring): InputRing =>
      ring.kind === "signable" ? { ...ring, onetimeKey: { kind: "subaddress-index", subaddressIndex: 0n } } : ring,
  ),
  outputs: made.toSign.outputs.map((unmaskedAmount) => ({
    unmaskedAmount,
    address: publicAddress(made.owner),
    txPrivateKey: undefined,
  })),
};

const verify = (signature: Tx["signature"]): string =>
  verifyTxSignature({ blockVersion: 3, tx: { prefix: unsigned.prefix, signature, feeMapDigest: new Uint8Array(0) } });

test("what a machine without keys builds, one with keys signs after decoding it", () => {
  const received = decodeUnsignedTx(encodeUnsignedTx(unsigned));
  expect(received).toEqual(unsigned);
  expect(verify(signUnsignedTx(received, ringSigner(made.owner), seeded(5)))).toBe("valid");
});

test("one-time keys travel along when they are in the rings", () => {
  const withKeys = { ...unsigned, rings: made.toSign.rings };
  const received = decodeUnsignedTx(encodeUnsignedTx(withKeys));
  expect(received).toEqual(withKeys);
  expect(verify(signUnsignedTx(received, ringSigner(), seeded(5)))).toBe("valid");
});

test("signing data can be made on one machine, and the rings signed on another", () => {
  const data = createSigningData(made.toSign);
  const received = decodeSigningData(encodeSigningData(data));
  expect(received).toEqual(data);
  expect(
    verify(signRings(received, { rings: unsigned.rings, signer: ringSigner(made.owner), random: seeded(6) })),
  ).toBe("valid");
});

test("damaged bytes of an unsigned transaction or of signing data give a value or a typed error", () => {
  const small: UnsignedTx = { ...unsigned, prefix: { ...unsigned.prefix, inputs: [], outputs: [] } };
  expectTotal(encodeUnsignedTx(small), decodeUnsignedTx, encodeUnsignedTx);
  expectTotal(encodeSigningData(createSigningData(made.toSign)), decodeSigningData, encodeSigningData);
});

test("a ring that says neither how it is signed nor with which key is refused", () => {
  const decode = (rings: object[]) => (): unknown =>
    decodeUnsignedTx(encodeMessage(UnsignedTxSchema, { txPrefix: {}, blockVersion: 3, rings }));
  const [member, blinding] = [{ data: new Uint8Array(32) }, { data: new Uint8Array(32) }];
  const members = [{ publicKey: member, targetKey: member, commitment: member }];
  expectTypedError(decode([{}]), "missing-field");
  expectTypedError(decode([{ inputRing: { case: "signable", value: { members } } }]), "missing-field");
  const inputSecret = { amount: {}, blinding };
  expectTypedError(decode([{ inputRing: { case: "signable", value: { members, inputSecret } } }]), "missing-field");
  expectTypedError(decode([{ inputRing: { case: "presigned", value: {} } }]), "missing-field");
  expectTypedError(
    () => decodeUnsignedTx(encodeMessage(UnsignedTxSchema, { txPrefix: {}, blockVersion: 9 })),
    "unknown-block-version",
  );
});
