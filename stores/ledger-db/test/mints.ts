// Blocks that mint and configure minting, to store: token 5, minted by signers that are numbers.
import { type BlockContents, type BlockData, NO_MINTING } from "@fogbow/core-block";
import { fromHex, tokenId, tokenValue } from "@fogbow/core-bytes";
import {
  type MintConfigTxPrefix,
  type MintTx,
  type MintTxPrefix,
  mintConfigTxDigest,
  mintTxDigest,
  type SignerSet,
  type ValidatedMintConfigTx,
} from "@fogbow/core-transaction";
import type { Ledger } from "../src/index.ts";
import { keyImage, next, output, publicKeyOf, signatureBy, signingKey } from "./chain.ts";

/** The token that is minted. */
export const TOKEN: ReturnType<typeof tokenId> = tokenId(5n);

const BASE_POINT = "e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76";
const recipient = fromHex(BASE_POINT) as MintTxPrefix["viewPublicKey"]; // A point.

const signerSet = (signer: number): SignerSet => ({
  signers: [publicKeyOf(signingKey(signer))],
  multiSigners: [],
  threshold: 1,
});

/** A nonce, by a number. */
export const nonce = (n: number): Uint8Array => new Uint8Array(64).fill(n);

/** Signer 11 may mint 100, signer 12 may mint 50, both together 120; `change` says otherwise. */
export function configuration(n: number, change: Partial<MintConfigTxPrefix> = {}): ValidatedMintConfigTx {
  const prefix: MintConfigTxPrefix = {
    tokenId: TOKEN,
    configs: [
      { tokenId: TOKEN, signerSet: signerSet(11), mintLimit: tokenValue(100n) },
      { tokenId: TOKEN, signerSet: signerSet(12), mintLimit: tokenValue(50n) },
    ],
    nonce: nonce(n),
    tombstoneBlock: 100n,
    totalMintLimit: tokenValue(120n),
    ...change,
  };
  const signatures = [signatureBy(signingKey(20), mintConfigTxDigest(prefix))];
  return { mintConfigTx: { prefix, signature: { signatures } }, signerSet: signerSet(20) };
}

/** A signer mints so much of the token. */
export function mint(n: number, amount: bigint, signer = 11, change: Partial<MintTxPrefix> = {}): MintTx {
  const prefix: MintTxPrefix = {
    tokenId: TOKEN,
    amount: tokenValue(amount),
    viewPublicKey: recipient,
    spendPublicKey: recipient,
    nonce: nonce(n),
    tombstoneBlock: 100n,
    encryptedFogHint: undefined,
    ...change,
  };
  return { prefix, signature: { signatures: [signatureBy(signingKey(signer), mintTxDigest(prefix))] } };
}

/** Contents that configure minting and nothing else. */
export const configuring = (...validatedMintConfigTxs: readonly ValidatedMintConfigTx[]): BlockContents => ({
  ...NO_MINTING,
  keyImages: [],
  outputs: [],
  validatedMintConfigTxs,
});

/** Contents that mint, an output for each, and spend nothing. */
export const minting = (block: number, ...mintTxs: readonly MintTx[]): BlockContents => ({
  ...NO_MINTING,
  keyImages: [],
  outputs: mintTxs.map((_, i) => output(block, i)),
  mintTxs,
});

/** Contents that mint, configure and spend all at once. */
export const everything = (block: number, mintTx: MintTx, validated: ValidatedMintConfigTx): BlockContents => ({
  ...minting(block, mintTx),
  keyImages: [keyImage(block, 0)],
  validatedMintConfigTxs: [validated],
});

/** The next block of a ledger that is not empty, with these contents; not appended. */
export function nextWith(ledger: Ledger, contents: BlockContents): BlockData {
  const parent = ledger.lastBlock();
  if (parent === undefined) {
    throw new Error("The ledger has no origin block.");
  }
  return next(parent, ledger.root(), contents);
}

/** Appends the next block of a ledger that is not empty, with these contents. Returns it. */
export function appendWith(ledger: Ledger, contents: BlockContents): BlockData {
  const data = nextWith(ledger, contents);
  ledger.append(data);
  return data;
}
