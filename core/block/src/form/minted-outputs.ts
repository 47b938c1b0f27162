// The outputs of what a block mints (spec 02 §6.4): one for each minting transaction. Everybody can compute them from the
// transactions and the parent block, amounts and keys included: minting hides nothing but who holds the address.
import type { Bytes } from "@fogbow/core-bytes";
import { type BlockVersion, type MintTx, mintTxDigestible, type TxOut } from "@fogbow/core-transaction";
import { enclaveOutputMaker } from "./enclave-output.ts";
import { addressWithoutFog } from "./fee-recipient.ts";

/** The outputs of minting transactions in the order of the block. Throws `token-not-allowed` before block version 2. */
export function mintedOutputs(
  mintTxs: readonly MintTx[],
  { parentId, blockVersion }: { readonly parentId: Bytes<32>; readonly blockVersion: BlockVersion },
): TxOut[] {
  const make = enclaveOutputMaker({
    label: "mc_minted_output_private_key",
    parentId,
    transactions: mintTxs,
    digestible: mintTxDigestible,
    blockVersion,
  });
  return mintTxs.map(({ prefix }, counter) =>
    make({
      recipient: addressWithoutFog(prefix),
      amount: { value: prefix.amount, tokenId: prefix.tokenId },
      fogHint: prefix.encryptedFogHint,
      counter,
    }),
  );
}
