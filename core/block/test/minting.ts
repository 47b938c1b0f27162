// Contents that mint, to test with.
import { tokenId, tokenValue } from "@fogbow/core-bytes";
import { BASE_POINT, publicKey } from "@fogbow/core-crypto";
import {
  type MintTx,
  type SignerSet,
  signMintConfigTx,
  signMintTx,
  type ValidatedMintConfigTx,
} from "@fogbow/core-transaction";
import type { BlockContents } from "../src/index.ts";
import { filled, memoBlock, signingKey } from "./fixtures.ts";

const token = tokenId(5n);
const point = publicKey(BASE_POINT);
const signers = (n: number): SignerSet => ({ signers: [signingKey(n).publicKey()], multiSigners: [], threshold: 1 });

/** Lets one signer mint token 5. */
export const CONFIGURATION: ValidatedMintConfigTx = {
  mintConfigTx: signMintConfigTx(
    {
      tokenId: token,
      configs: [{ tokenId: token, signerSet: signers(31), mintLimit: tokenValue(900n) }],
      nonce: filled(1, 64),
      tombstoneBlock: 90n,
      totalMintLimit: tokenValue(1_000n),
    },
    [signingKey(32)],
  ),
  signerSet: signers(32),
};

/** Mints 7 of token 5. */
export const MINT: MintTx = signMintTx(
  {
    tokenId: token,
    amount: tokenValue(7n),
    viewPublicKey: point,
    spendPublicKey: point,
    nonce: filled(2, 64),
    tombstoneBlock: 90n,
    encryptedFogHint: undefined,
  },
  [signingKey(31)],
);

/** Contents with something of every sort. */
export const mintingContents = (): BlockContents => ({
  ...memoBlock().contents,
  validatedMintConfigTxs: [CONFIGURATION],
  mintTxs: [MINT],
});
