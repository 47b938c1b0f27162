// Tests of unsigned offers as bytes.
import { expect, test } from "vitest";
import {
  type BlockVersion,
  decodeUnsignedOffer,
  encodeUnsignedOffer,
  SCI_BYTES_MAX,
  type UnsignedOffer,
} from "../../src/index.ts";
import { amount } from "../fixtures.ts";
import { seeded } from "../tx/made-transaction.ts";
import { expectCode, expectTotal, expectTypedError } from "../typed-errors.ts";
import { makeRing, open } from "../validation/valid-transaction.ts";
import { PARTIAL, REQUIRED } from "./offers.ts";

const { txOuts, ring } = makeRing(4, { amount: amount(1_000n, 1n), random: seeded(44) });
const offer: UnsignedOffer = {
  blockVersion: 4,
  txIn: { ring: txOuts, proofs: [], inputRules: PARTIAL },
  ring,
  requiredOutputAmounts: [open(REQUIRED)],
  txOutGlobalIndices: txOuts.map((_, i) => BigInt(i) * 1_000n),
};
const bytes = encodeUnsignedOffer(offer);

test("an unsigned offer is the same after encoding and decoding, with the key or with the subaddress of its ring", () => {
  const decoded = decodeUnsignedOffer(bytes);
  expect(encodeUnsignedOffer(decoded)).toEqual(bytes);
  expect(decoded.txIn).toEqual(offer.txIn);
  expect(decoded.txOutGlobalIndices).toEqual(offer.txOutGlobalIndices);
  expect(decoded.ring.realIndex).toBe(ring.realIndex);
  const onetimeKey = { kind: "subaddress-index", subaddressIndex: 7n } as const;
  const viewOnly = { ...offer, ring: { ...ring, onetimeKey } };
  expect(decodeUnsignedOffer(encodeUnsignedOffer(viewOnly)).ring.onetimeKey).toEqual(onetimeKey);
});

test("whatever bytes come, decoding gives a value or a typed error", () => {
  const small = { ...offer, txIn: { ...offer.txIn, ring: [] }, ring: { ...ring, members: ring.members.slice(0, 1) } };
  expectTotal(encodeUnsignedOffer(small), decodeUnsignedOffer, encodeUnsignedOffer);
});

test("an unknown block version and too many bytes are refused, when read and when written", () => {
  const unknown = encodeUnsignedOffer({ ...offer, blockVersion: 5 as BlockVersion }); // Not what the type promises.
  expectCode(() => decodeUnsignedOffer(unknown), "unknown-block-version");
  expectTypedError(() => decodeUnsignedOffer(new Uint8Array(SCI_BYTES_MAX + 1)), "message-too-large");
  const long = { ...offer, txOutGlobalIndices: Array.from({ length: SCI_BYTES_MAX / 8 }, () => 1n) };
  expectTypedError(() => encodeUnsignedOffer(long), "message-too-large");
});
