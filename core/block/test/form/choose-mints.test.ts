// Tests of choosing what mints: in which order, and which of those that conflict.
import { tokenId, tokenValue } from "@fogbow/core-bytes";
import { Ed25519PrivateKey, PrivateKey } from "@fogbow/core-crypto";
import { type ActiveMintConfigs, type MintTx, type MintTxPrefix, signMintTx } from "@fogbow/core-transaction";
import { describe, expect, test } from "vitest";
import { compareMintConfigTxs, compareMintTxs } from "../../src/form/mint-order.ts";
import { chooseMintConfigTxs, chooseMintTxs, MINT_CONFIG_TXS_MAX, MINT_TXS_MAX } from "../../src/index.ts";
import { filled, mintConfigTx, mintTx, signers } from "./candidates.ts";

describe("the order of minting transactions", () => {
  const key = new PrivateKey(filled(1, 32)).publicKey();
  const pairs = {
    "lower token": [mintTx(1, { amount: tokenValue(9n) }), mintTx(1, { tokenId: tokenId(6n) })],
    "lower amount": [mintTx(1, { spendPublicKey: key }), mintTx(1, { amount: tokenValue(2n ** 63n) })],
    "lower view key": [mintTx(2, { viewPublicKey: key }), mintTx(1)],
    "lower spend key": [mintTx(2, { spendPublicKey: key }), mintTx(1)],
    "lower nonce": [mintTx(1, { tombstoneBlock: 11n }), mintTx(2)],
    "lower tombstone block": [mintTx(1, { encryptedFogHint: filled(1, 84) }), mintTx(1, { tombstoneBlock: 11n })],
    "no Fog hint": [mintTx(1, {}, [filled(1, 64)]), mintTx(1, { encryptedFogHint: filled(0, 84) })],
    "lower Fog hint": [
      mintTx(1, { encryptedFogHint: filled(0, 84) }, [filled(1, 64)]),
      mintTx(1, { encryptedFogHint: filled(1, 84) }),
    ],
    "fewer signatures": [mintTx(1, {}, [filled(1, 64)]), mintTx(1, {}, [filled(1, 64), filled(0, 64)])],
    "lower signatures": [mintTx(1, {}, [filled(1, 64), filled(3, 64)]), mintTx(1, {}, [filled(2, 64)])],
  } as const;

  test.each(Object.entries(pairs))("%s first", (_, [a, b]) => {
    expect(compareMintTxs(a, b)).toBeLessThan(0);
    expect(compareMintTxs(b, a)).toBeGreaterThan(0);
    expect(compareMintTxs(a, a)).toBe(0);
  });
});

describe("the order of configurations", () => {
  const one = { tokenId: tokenId(5n), signerSet: signers(9), mintLimit: tokenValue(50n) };
  const configured = (signerSet = one.signerSet, mintLimit = one.mintLimit) =>
    mintConfigTx(1, { configs: [{ ...one, signerSet, mintLimit }] });
  const pairs = {
    "lower token": [mintConfigTx(2), mintConfigTx(1, { tokenId: tokenId(6n), configs: [] })],
    "fewer configurations": [mintConfigTx(2), mintConfigTx(1, { configs: [one, one] })],
    "lower token of a configuration": [
      mintConfigTx(2),
      mintConfigTx(1, { configs: [{ ...one, tokenId: tokenId(6n) }] }),
    ],
    "lower signers": [configured(signers(9, { threshold: 2 })), configured(signers(10))],
    "fewer signers": [
      configured(signers(9, { threshold: 2 })),
      configured(signers(9, { signers: [filled(9, 32), filled(8, 32)] })),
    ],
    "fewer nested sets": [
      configured(signers(9, { threshold: 2 })),
      configured(signers(9, { multiSigners: [signers(1)] })),
    ],
    "lower nested sets": [
      configured(signers(9, { multiSigners: [signers(1)], threshold: 2 })),
      configured(signers(9, { multiSigners: [signers(2)] })),
    ],
    "lower threshold": [configured(signers(9), tokenValue(51n)), configured(signers(9, { threshold: 2 }))],
    "lower limit": [configured(signers(9)), configured(signers(9), tokenValue(51n))],
    "lower nonce": [mintConfigTx(1, { tombstoneBlock: 11n }), mintConfigTx(2)],
    "lower tombstone block": [
      mintConfigTx(1, { totalMintLimit: tokenValue(51n) }),
      mintConfigTx(1, { tombstoneBlock: 11n }),
    ],
    "lower total limit": [mintConfigTx(1, {}, [filled(1, 64)]), mintConfigTx(1, { totalMintLimit: tokenValue(51n) })],
    "lower signatures": [mintConfigTx(1, {}, [filled(1, 64)]), mintConfigTx(1, {}, [filled(2, 64)])],
  } as const;

  test.each(Object.entries(pairs))("%s first", (_, [a, b]) => {
    expect(compareMintConfigTxs(a, b)).toBeLessThan(0);
    expect(compareMintConfigTxs(b, a)).toBeGreaterThan(0);
    expect(compareMintConfigTxs(b, b)).toBe(0);
  });
});

describe("configurations in a block", () => {
  test("have nonces that differ for a token, and the first in their order is chosen", () => {
    const later = mintConfigTx(1, { tombstoneBlock: 11n });
    const other = mintConfigTx(1, { tokenId: tokenId(6n), configs: [] });
    expect(chooseMintConfigTxs([other, later, mintConfigTx(1)])).toEqual([mintConfigTx(1), other]);
  });

  test("are ten", () => {
    const many = Array.from({ length: 13 }, (_, n) => mintConfigTx(n));
    expect(chooseMintConfigTxs([...many].reverse())).toEqual(many.slice(0, MINT_CONFIG_TXS_MAX));
  });
});

describe("minting transactions in a block", () => {
  const signer = (n: number): Ed25519PrivateKey => new Ed25519PrivateKey(filled(n, 32));
  const minter = (n: number, limit = 1_000n): ActiveMintConfigs["configs"][number] => ({
    mintConfig: {
      tokenId: tokenId(5n),
      signerSet: signers(0, { signers: [signer(n).publicKey()] }),
      mintLimit: tokenValue(limit),
    },
    totalMinted: 0n,
  });
  const active = (total: bigint, ...configs: ActiveMintConfigs["configs"]): ActiveMintConfigs => ({
    mintConfigTx: mintConfigTx(1, {
      configs: configs.map(({ mintConfig }) => mintConfig),
      totalMintLimit: tokenValue(total),
    }),
    configs,
  });
  const by = (n: number, change: Partial<MintTxPrefix> = {}, nonce = n): MintTx =>
    signMintTx(mintTx(nonce, change).prefix, [signer(n)]);
  const chosen = (configs: ActiveMintConfigs, ...txs: readonly MintTx[]): MintTx[] =>
    chooseMintTxs(txs, (token) => (token === 5n ? configs : undefined)).map((each) => each.mintTx);

  test("come with the configuration that they are charged to", () => {
    const configs = active(1_000n, minter(1), minter(2));
    const [each] = chooseMintTxs([by(2)], () => configs);
    expect(each).toEqual({
      mintTx: by(2),
      mintConfigTx: configs.mintConfigTx,
      mintConfig: configs.configs[1]?.mintConfig,
    });
  });

  test("use each configuration once, the first in their order does", () => {
    const configs = active(1_000n, minter(1), minter(2));
    const smaller = by(1, { amount: tokenValue(6n) }, 9);
    expect(chosen(configs, by(1), by(2), smaller)).toEqual([smaller, by(2)]);
    // The second configuration of the same signer is not used although it would have room: nodes look at the ledger.
    const twice = active(1_000n, minter(1), minter(1, 900n));
    expect(chosen(twice, by(1), smaller)).toEqual([smaller]);
  });

  test("have nonces that differ for a token", () => {
    const configs = active(1_000n, minter(1), minter(2));
    expect(chosen(configs, by(2, { amount: tokenValue(8n) }, 1), by(1))).toEqual([by(1)]);
  });

  test("without a configuration or beyond its limit are not chosen", () => {
    const configs = active(100n, minter(1, 10n), minter(2, 500n));
    expect(chosen(configs, by(3))).toEqual([]);
    expect(chosen(configs, by(1, { tokenId: tokenId(6n) }))).toEqual([]);
    expect(chosen(configs, by(1, { amount: tokenValue(11n) }))).toEqual([]);
    expect(chosen(configs, by(1, { amount: tokenValue(10n) }), by(2, { amount: tokenValue(91n) }))).toHaveLength(1);
    expect(chosen(configs, by(1, { amount: tokenValue(10n) }), by(2, { amount: tokenValue(90n) }))).toHaveLength(2);
  });

  test("are ten", () => {
    const minters = Array.from({ length: 12 }, (_, n) => n + 1);
    const configs = active(1_000n, ...minters.map((n) => minter(n)));
    const txs = minters.map((n) => by(n));
    expect(chosen(configs, ...[...txs].reverse())).toEqual(txs.slice(0, MINT_TXS_MAX));
  });
});
