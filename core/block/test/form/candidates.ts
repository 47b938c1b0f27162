// Candidates and minting transactions for tests of choosing: no one looks at their signatures.
import { type Bytes, bytes, tokenId, tokenValue } from "@fogbow/core-bytes";
import { BASE_POINT, publicKey } from "@fogbow/core-crypto";
import type { MintConfigTx, MintConfigTxPrefix, MintTx, MintTxPrefix, SignerSet } from "@fogbow/core-transaction";
import type { TxCandidate } from "../../src/index.ts";

/** A string of equal bytes. */
export const filled = <N extends number>(n: number, length: N): Bytes<N> =>
  bytes(new Uint8Array(length).fill(n), length, "fixture");

/** A candidate that is in no other's way; `change` says otherwise. */
export const candidate = (n: number, change: Partial<TxCandidate> = {}): TxCandidate => ({
  priority: 128n,
  txHash: filled(n, 32),
  tombstoneBlock: 10n,
  keyImages: [filled(n, 32)],
  highestIndexes: [100n],
  outputPublicKeys: [filled(n, 32)],
  ...change,
});

/** A set of one signer. */
export const signers = (n: number, change: Partial<SignerSet> = {}): SignerSet => ({
  signers: [filled(n, 32)],
  multiSigners: [],
  threshold: 1,
  ...change,
});

/** A minting transaction of token 5 with a nonce of its own. */
export const mintTx = (
  n: number,
  change: Partial<MintTxPrefix> = {},
  signatures: readonly Uint8Array[] = [],
): MintTx => ({
  prefix: {
    tokenId: tokenId(5n),
    amount: tokenValue(7n),
    viewPublicKey: publicKey(BASE_POINT),
    spendPublicKey: publicKey(BASE_POINT),
    nonce: filled(n, 64),
    tombstoneBlock: 10n,
    encryptedFogHint: undefined,
    ...change,
  },
  signature: { signatures },
});

/** A configuration of minting of token 5 with a nonce of its own. */
export const mintConfigTx = (
  n: number,
  change: Partial<MintConfigTxPrefix> = {},
  signatures: readonly Uint8Array[] = [],
): MintConfigTx => ({
  prefix: {
    tokenId: tokenId(5n),
    configs: [{ tokenId: tokenId(5n), signerSet: signers(9), mintLimit: tokenValue(50n) }],
    nonce: filled(n, 64),
    tombstoneBlock: 10n,
    totalMintLimit: tokenValue(50n),
    ...change,
  },
  signature: { signatures },
});
