// Tests of minting: each breaks one rule of a valid transaction, signs it, and gets that rule's code.
import type { Ed25519PrivateKey } from "@fogbow/core-crypto";
import { describe, expect, test } from "vitest";
import {
  type ActiveMintConfigs,
  type BlockVersion,
  checkMintConfigNonce,
  checkMintNonce,
  findMintConfig,
  MINT_VALIDATION_NUMBERS,
  type MintLedger,
  type MintTxContext,
  type MintTxPrefix,
  mintValidationCode,
  signMintConfigTx,
  signMintTx,
  validateMintTx,
} from "../../src/index.ts";
import { amount } from "../fixtures.ts";
import { expectCode } from "../typed-errors.ts";
import { CONFIGURATION, CURRENT_INDEX, MINT, MINT_CONFIG, nonce, signer } from "./mints.ts";

const MINTERS = [signer(1), signer(3)];
const context: MintTxContext = { blockVersion: 4, currentIndex: CURRENT_INDEX, mintConfig: MINT_CONFIG };
const codeOf = (
  change: Partial<MintTxPrefix>,
  other: Partial<MintTxContext> = {},
  minters: readonly Ed25519PrivateKey[] = MINTERS,
): string => validateMintTx(signMintTx({ ...MINT, ...change }, minters), { ...context, ...other });

describe("a minting transaction", () => {
  test("that keeps all rules is accepted from block version 2 on", () => {
    expect(codeOf({})).toBe("ok");
    expect(codeOf({}, { blockVersion: 3 })).toBe("ok");
    expect(codeOf({ encryptedFogHint: undefined }, { blockVersion: 2 })).toBe("ok");
    for (const blockVersion of [0, 1] as const satisfies readonly BlockVersion[]) {
      expect(codeOf({}, { blockVersion })).toBe("invalid-block-version");
    }
  });

  test("mints another token than 0, that of its configuration", () => {
    const { tokenId } = amount(0n);
    expect(codeOf({ tokenId }, { mintConfig: { ...MINT_CONFIG, tokenId } })).toBe("invalid-token-id");
    expect(codeOf({ tokenId: amount(0n, 6n).tokenId })).toBe("invalid-token-id");
  });

  test("has a nonce of 64 bytes", () => {
    expect(codeOf({ nonce: nonce(1).slice(1) })).toBe("invalid-nonce-length");
    expect(codeOf({ nonce: new Uint8Array(65) })).toBe("invalid-nonce-length");
  });

  test("is neither too late nor too early", () => {
    expect(codeOf({ tombstoneBlock: CURRENT_INDEX })).toBe("tombstone-block-exceeded");
    expect(codeOf({ tombstoneBlock: CURRENT_INDEX + 1n })).toBe("ok");
    expect(codeOf({ tombstoneBlock: CURRENT_INDEX + 20_160n })).toBe("ok");
    expect(codeOf({ tombstoneBlock: CURRENT_INDEX + 20_161n })).toBe("tombstone-block-too-far");
  });

  test("mints no more than the configuration allows", () => {
    expect(codeOf({ amount: MINT_CONFIG.mintLimit })).toBe("ok");
    expect(codeOf({ amount: amount(10_001n).value })).toBe("amount-exceeds-mint-limit");
  });

  test("is signed by enough minters, as it is", () => {
    expect(codeOf({}, {}, [signer(1)])).toBe("invalid-signature");
    expect(codeOf({}, {}, [signer(1), signer(4)])).toBe("invalid-signature");
    const signed = signMintTx(MINT, MINTERS);
    for (const change of [
      { amount: amount(701n).value },
      { nonce: nonce(9) },
      { tombstoneBlock: CURRENT_INDEX + 11n },
      { viewPublicKey: MINT.spendPublicKey },
      { spendPublicKey: MINT.viewPublicKey },
      { encryptedFogHint: undefined },
    ]) {
      expect(validateMintTx({ ...signed, prefix: { ...MINT, ...change } }, context)).toBe("invalid-signature");
    }
  });

  test("goes to no address with Fog before block version 3", () => {
    expect(codeOf({}, { blockVersion: 2 })).toBe("minting-to-fog-not-supported");
  });

  test("is signed by at most ten", () => {
    expectCode(
      () =>
        signMintTx(
          MINT,
          Array.from({ length: 11 }, () => signer(1)),
        ),
      "too-many-signers",
    );
  });
});

test("nonces are new for their token, those of configurations apart", () => {
  const asked: unknown[] = [];
  const ledger = (mint: boolean, config: boolean): MintLedger => ({
    containsMintNonce: (...question) => asked.push(["mint", ...question]) > 0 && mint,
    containsMintConfigNonce: (...question) => asked.push(["config", ...question]) > 0 && config,
  });
  const mintTx = signMintTx(MINT, MINTERS);
  const configTx = signMintConfigTx(CONFIGURATION, []);
  expect(checkMintNonce(mintTx, ledger(true, false))).toBe("nonce-already-used");
  expect(checkMintNonce(mintTx, ledger(false, true))).toBe("ok");
  expect(checkMintConfigNonce(configTx, ledger(false, true))).toBe("nonce-already-used");
  expect(checkMintConfigNonce(configTx, ledger(true, false))).toBe("ok");
  expect(asked[0]).toEqual(["mint", MINT.tokenId, MINT.nonce]);
  expect(asked[2]).toEqual(["config", CONFIGURATION.tokenId, CONFIGURATION.nonce]);
});

describe("the configuration that is charged", () => {
  const active = (...minted: bigint[]): ActiveMintConfigs => ({
    mintConfigTx: signMintConfigTx(CONFIGURATION, []),
    configs: CONFIGURATION.configs.map((mintConfig, i) => ({ mintConfig, totalMinted: minted[i] ?? 0n })),
  });
  const find = (minters: readonly number[], configs: ActiveMintConfigs, prefix: MintTxPrefix = MINT): unknown =>
    findMintConfig(signMintTx(prefix, minters.map(signer)), configs);

  test("is the first one of these minters with room", () => {
    const none = active();
    expect(find([1, 2], none)).toBe(none.configs[0]);
    expect(find([4], none)).toBe(none.configs[1]);
    expect(find([1, 2, 4], none)).toBe(none.configs[0]);
    const full = active(9_301n);
    expect(find([1, 2, 4], full)).toBe(full.configs[1]);
  });

  test("must be of these minters and this token", () => {
    expect(find([1], active())).toBe("no-matching-mint-config");
    const other = { ...MINT, tokenId: amount(0n, 6n).tokenId };
    expect(find([1, 2], active(), other)).toBe("no-matching-mint-config");
  });

  test("has room up to its limit and up to that of all", () => {
    expect(find([1, 2], active(9_300n))).toBeTypeOf("object");
    expect(find([1, 2], active(9_301n))).toBe("amount-exceeds-mint-limit");
    expect(find([1, 2], active(9_300n, 500n))).toBeTypeOf("object");
    expect(find([1, 2], active(9_300n, 501n))).toBe("amount-exceeds-mint-limit");
  });
});

test("every number of the protocol has one code, 0 to 13", () => {
  const numbers = Object.values(MINT_VALIDATION_NUMBERS).sort((a, b) => a - b);
  expect(numbers).toEqual(Array.from({ length: 14 }, (_, i) => i));
  expect(mintValidationCode(13)).toBe("minting-to-fog-not-supported");
  expect(mintValidationCode(14)).toBeUndefined();
});
