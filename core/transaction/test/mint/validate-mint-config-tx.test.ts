// Tests of configurations of minting: each breaks one rule of a valid one, signs it, and gets that rule's code.
import { fromHex } from "@fogbow/core-bytes";
import { expect, test } from "vitest";
import {
  type MintConfig,
  type MintConfigTxContext,
  type MintConfigTxPrefix,
  type SignerSet,
  signMintConfigTx,
  validateMintConfigTx,
} from "../../src/index.ts";
import { amount } from "../fixtures.ts";
import { CONFIGURATION, CURRENT_INDEX, GOVERNORS, MINT_CONFIG, nonce, signer, signerSet } from "./mints.ts";

const context: MintConfigTxContext = { blockVersion: 4, currentIndex: CURRENT_INDEX, governors: GOVERNORS };
const codeOf = (
  change: Partial<MintConfigTxPrefix>,
  other: Partial<MintConfigTxContext> = {},
  governors: readonly number[] = [8, 9],
): string =>
  validateMintConfigTx(signMintConfigTx({ ...CONFIGURATION, ...change }, governors.map(signer)), {
    ...context,
    ...other,
  });
/** The public reference library reads no message with this key: no point has this y. */
const NO_POINT = fromHex("9200de88fe17fa15ee15890e6fc05006bfb71d76d2d032ca2602e3fdeb9e698f");
const withSet = (set: SignerSet): Partial<MintConfigTxPrefix> => ({
  configs: [{ ...MINT_CONFIG, signerSet: set }],
});

test("a configuration that keeps all rules is accepted from block version 2 on", () => {
  expect(codeOf({})).toBe("ok");
  expect(codeOf({ configs: [] })).toBe("ok"); // Ends all minting.
  expect(codeOf({}, { blockVersion: 2 })).toBe("ok");
  expect(codeOf({}, { blockVersion: 1 })).toBe("invalid-block-version");
});

test("it is about one token, not token 0", () => {
  const { tokenId } = amount(0n);
  const configs: readonly MintConfig[] = [{ ...MINT_CONFIG, tokenId }];
  expect(codeOf({ tokenId, configs })).toBe("invalid-token-id");
  expect(codeOf({ configs: [MINT_CONFIG, { ...MINT_CONFIG, tokenId: amount(0n, 6n).tokenId }] })).toBe(
    "invalid-token-id",
  );
});

test("its signer sets can be satisfied, and are not nested before block version 3", () => {
  expect(codeOf(withSet(signerSet(0, 1)))).toBe("invalid-signer-set");
  expect(codeOf(withSet(signerSet(2, 1)))).toBe("invalid-signer-set");
  const nested = { ...signerSet(2, 1), multiSigners: [signerSet(1, 2)] };
  expect(codeOf(withSet(nested))).toBe("ok");
  expect(codeOf(withSet(nested), { blockVersion: 2 })).toBe("invalid-signer-set");
  expect(codeOf(withSet({ ...nested, multiSigners: [signerSet(0, 2)] }))).toBe("invalid-signer-set");
});

test("its signers' keys are points, also those of nested sets", () => {
  const noPoint = { ...signerSet(1, 1), signers: [signer(1).publicKey(), NO_POINT] };
  expect(codeOf(withSet(noPoint))).toBe("invalid-signer-set");
  expect(codeOf(withSet({ ...signerSet(2, 1), multiSigners: [noPoint] }))).toBe("invalid-signer-set");
});

test("the first configuration that is wrong decides", () => {
  const otherToken: MintConfig = { ...MINT_CONFIG, tokenId: amount(0n, 6n).tokenId };
  const badSet: MintConfig = { ...MINT_CONFIG, signerSet: signerSet(0, 1) };
  expect(codeOf({ configs: [badSet, otherToken] })).toBe("invalid-signer-set");
  expect(codeOf({ configs: [otherToken, badSet] })).toBe("invalid-token-id");
});

test("its signer sets have at most a hundred keys together", () => {
  const keys = (n: number): MintConfig => ({
    ...MINT_CONFIG,
    signerSet: signerSet(1, ...Array.from({ length: n }, (_, i) => i)),
  });
  expect(codeOf({ configs: [keys(60), keys(40)] })).toBe("ok");
  expect(codeOf({ configs: [keys(60), keys(41)] })).toBe("invalid-signer-set");
  expect(codeOf({ configs: [keys(101)] })).toBe("invalid-signer-set");
});

test("its nonce has 64 bytes", () => {
  expect(codeOf({ nonce: nonce(1).slice(1) })).toBe("invalid-nonce-length");
});

test("it is neither too late nor too early, unless it is in the ledger already", () => {
  const late = { tombstoneBlock: CURRENT_INDEX };
  expect(codeOf(late)).toBe("tombstone-block-exceeded");
  expect(codeOf({ tombstoneBlock: CURRENT_INDEX + 20_161n })).toBe("tombstone-block-too-far");
  expect(codeOf(late, { currentIndex: undefined })).toBe("ok");
});

test("it is signed by enough governors of the token, as it is", () => {
  expect(codeOf({}, { governors: undefined })).toBe("no-governors");
  expect(codeOf({}, {}, [8])).toBe("invalid-signature");
  expect(codeOf({}, {}, [1, 2, 3])).toBe("invalid-signature");
  const signed = signMintConfigTx(CONFIGURATION, [signer(8), signer(9)]);
  for (const change of [
    { totalMintLimit: amount(1n).value },
    { nonce: nonce(9) },
    { tombstoneBlock: CURRENT_INDEX + 11n },
    { configs: [...CONFIGURATION.configs].reverse() },
    withSet(signerSet(1, 1, 2, 3)),
  ]) {
    const changed = { ...signed, prefix: { ...CONFIGURATION, ...change } };
    expect(validateMintConfigTx(changed, context)).toBe("invalid-signature");
  }
});
