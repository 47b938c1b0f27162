// Tests of offers as bytes, also of those that the public reference library made.
import { fromHex, toHex } from "@fogbow/core-bytes";
import { expect, test } from "vitest";
import {
  type BlockVersion,
  decodeSignedContingentInput,
  encodeSignedContingentInput,
  inputRulesDigest,
  SCI_BYTES_MAX,
  type SignedContingentInput,
  signedInputDigest,
  validateSignedContingentInput,
} from "../../src/index.ts";
import { expectCode, expectTotal, expectTypedError } from "../typed-errors.ts";
import { NO_RULES } from "../validation/valid-transaction.ts";
import { KNOWN_OFFERS } from "./known-offers.ts";
import { makeOffer, PARTIAL } from "./offers.ts";

const offer = makeOffer(PARTIAL);
const bytes = encodeSignedContingentInput(offer);

/** The blindings are secrets, which compare by identity unless shown. */
const shown = (sci: SignedContingentInput): unknown => ({
  ...sci,
  pseudoOutputAmount: { ...sci.pseudoOutputAmount, blinding: sci.pseudoOutputAmount.blinding.expose() },
  requiredOutputAmounts: sci.requiredOutputAmounts.map((each) => ({ ...each, blinding: each.blinding.expose() })),
});

test.each(KNOWN_OFFERS)("an offer that the public reference library made to be filled $name is valid", (known) => {
  const sci = decodeSignedContingentInput(fromHex(known.encoded));
  const { txIn, mlsag } = sci;
  expect(toHex(signedInputDigest(txIn) ?? new Uint8Array(0))).toBe(known.signedInputDigest);
  expect(toHex(inputRulesDigest(txIn.inputRules ?? NO_RULES))).toBe(known.inputRulesDigest);
  expect(toHex(mlsag.keyImage)).toBe(known.keyImage);
  expect(validateSignedContingentInput(sci)).toBe("valid");
  expect(shown(decodeSignedContingentInput(encodeSignedContingentInput(sci)))).toEqual(shown(sci));
});

test("an offer is the same, and valid, after encoding and decoding", () => {
  const decoded = decodeSignedContingentInput(bytes);
  expect(shown(decoded)).toEqual(shown(offer));
  expect(validateSignedContingentInput(decoded)).toBe("valid");
});

test("whatever bytes come, decoding gives a value or a typed error", () => {
  const small = { ...offer, txIn: { ...offer.txIn, ring: offer.txIn.ring.slice(0, 1) } };
  expectTotal(encodeSignedContingentInput(small), decodeSignedContingentInput, encodeSignedContingentInput);
});

test("an unknown block version and too many bytes are refused", () => {
  const unknown = encodeSignedContingentInput({ ...offer, blockVersion: 5 as BlockVersion });
  expectCode(() => decodeSignedContingentInput(unknown), "unknown-block-version");
  expectTypedError(() => decodeSignedContingentInput(new Uint8Array(SCI_BYTES_MAX + 1)), "message-too-large");
});

test("no byte of an offer can be changed so that it still is valid and says something else", () => {
  const before = shown(offer);
  for (let position = 0; position < bytes.length; position += 61) {
    const changed = bytes.map((byte, i) => (i === position ? byte ^ 0x10 : byte));
    let decoded: SignedContingentInput;
    try {
      decoded = decodeSignedContingentInput(changed);
    } catch (error) {
      expect(error).toHaveProperty("code");
      continue;
    }
    if (validateSignedContingentInput(decoded) === "valid") {
      // Where the ring is in the ledger is a hint for who fills the offer, and covered by no signature.
      expect({ ...(shown(decoded) as object), txOutGlobalIndices: [] }).toEqual({
        ...(before as object),
        txOutGlobalIndices: [],
      });
    }
  }
});
