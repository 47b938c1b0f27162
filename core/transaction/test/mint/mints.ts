// Minting transactions for tests: two of three minters, and two governors.
import { type Bytes, bytes } from "@fogbow/core-bytes";
import { Ed25519PrivateKey, PrivateKey } from "@fogbow/core-crypto";
import {
  decoyFogHint,
  type MintConfig,
  type MintConfigTxPrefix,
  type MintTxPrefix,
  type SignerSet,
} from "../../src/index.ts";
import { amount } from "../fixtures.ts";
import { seeded } from "../tx/made-transaction.ts";

/** The key of a signer, by a number. */
export const signer = (n: number): Ed25519PrivateKey => new Ed25519PrivateKey(new Uint8Array(32).fill(n));

/** A set of signers by their numbers. */
export const signerSet = (threshold: number, ...numbers: number[]): SignerSet => ({
  signers: numbers.map((n) => signer(n).publicKey()),
  multiSigners: [],
  threshold,
});

/** The block that is being built. */
export const CURRENT_INDEX = 50n;

/** A nonce, by a number. */
export const nonce = (n: number): Bytes<64> => bytes(new Uint8Array(64).fill(n), 64, "nonce");

const random = seeded(31);
const { value: limit, tokenId } = amount(10_000n, 5n);

/** Two of the signers 1, 2 and 3 may mint 10 000 of token 5. */
export const MINT_CONFIG: MintConfig = { tokenId, signerSet: signerSet(2, 1, 2, 3), mintLimit: limit };

/** Mints 700 of token 5. */
export const MINT: MintTxPrefix = {
  tokenId,
  amount: amount(700n).value,
  viewPublicKey: PrivateKey.random(random).publicKey(),
  spendPublicKey: PrivateKey.random(random).publicKey(),
  nonce: nonce(1),
  tombstoneBlock: CURRENT_INDEX + 10n,
  encryptedFogHint: decoyFogHint(random),
};

/** The signers 8 and 9 govern the token. */
export const GOVERNORS: SignerSet = signerSet(2, 8, 9);

/** Lets the minters above mint, and signer 4 alone a little. */
export const CONFIGURATION: MintConfigTxPrefix = {
  tokenId,
  configs: [MINT_CONFIG, { tokenId, signerSet: signerSet(1, 4), mintLimit: amount(800n).value }],
  nonce: nonce(2),
  tombstoneBlock: CURRENT_INDEX + 10n,
  totalMintLimit: amount(10_500n).value,
};
