// Tests of minting transactions as bytes.
import { expect, test } from "vitest";
import {
  decodeMintConfigTx,
  decodeMintTx,
  decodeSignerSet,
  decodeValidatedMintConfigTx,
  encodeMintConfigTx,
  encodeMintTx,
  encodeSignerSet,
  encodeValidatedMintConfigTx,
  MINT_TX_BYTES_MAX,
  type SignerSet,
  signMintConfigTx,
  signMintTx,
} from "../../src/index.ts";
import { expectTotal, expectTypedError } from "../typed-errors.ts";
import { CONFIGURATION, GOVERNORS, MINT, signer, signerSet } from "./mints.ts";

const mintTx = signMintTx(MINT, [signer(1), signer(2)]);
const mintConfigTx = signMintConfigTx(CONFIGURATION, [signer(8), signer(9)]);
const validated = { mintConfigTx, signerSet: GOVERNORS };
const nested: SignerSet = { ...signerSet(2, 1, 2), multiSigners: [signerSet(1, 3)] };

test("minting transactions are the same after encoding and decoding", () => {
  expect(decodeMintTx(encodeMintTx(mintTx))).toEqual(mintTx);
  const withoutFog = signMintTx({ ...MINT, encryptedFogHint: undefined }, []);
  expect(decodeMintTx(encodeMintTx(withoutFog))).toEqual(withoutFog);
  expect(decodeMintConfigTx(encodeMintConfigTx(mintConfigTx))).toEqual(mintConfigTx);
  expect(decodeValidatedMintConfigTx(encodeValidatedMintConfigTx(validated))).toEqual(validated);
  expect(decodeSignerSet(encodeSignerSet(nested))).toEqual(nested);
});

test("whatever bytes come, decoding gives a value or a typed error", () => {
  expectTotal(encodeMintTx(mintTx), decodeMintTx, encodeMintTx);
  expectTotal(encodeMintConfigTx(mintConfigTx), decodeMintConfigTx, encodeMintConfigTx);
  expectTotal(encodeValidatedMintConfigTx(validated), decodeValidatedMintConfigTx, encodeValidatedMintConfigTx);
  expectTotal(encodeSignerSet(nested), decodeSignerSet, encodeSignerSet);
});

test("a recipient's key that is no point, a hint, key or signature of a wrong length, and too many bytes are refused", () => {
  const encode = (change: object): (() => unknown) => {
    const bytes = encodeMintTx({ ...mintTx, prefix: { ...MINT, ...change } });
    return () => decodeMintTx(bytes);
  };
  expectTypedError(encode({ viewPublicKey: new Uint8Array(32).fill(0xff) }), "invalid-public-key");
  expectTypedError(encode({ spendPublicKey: new Uint8Array(31) }), "wrong-length");
  expectTypedError(encode({ encryptedFogHint: new Uint8Array(83) }), "wrong-length");
  const short = encodeMintTx({ ...mintTx, signature: { signatures: [new Uint8Array(63)] } });
  expectTypedError(() => decodeMintTx(short), "wrong-length");
  const key = encodeSignerSet({ ...nested, signers: [new Uint8Array(31)] });
  expectTypedError(() => decodeSignerSet(key), "wrong-length");
  expectTypedError(() => decodeMintTx(new Uint8Array(MINT_TX_BYTES_MAX + 1)), "message-too-large");
});
