// Signs an offer that was built here or elsewhere, with randomness that a retry draws again (spec 02 §5.8).
import { Secret, wipeBytes } from "@fogbow/core-bytes";
import { randomScalar } from "@fogbow/core-crypto";
import { kernel } from "@fogbow/kernel";
import { TransactionError } from "../error.ts";
import type { SignedContingentInput } from "../sci/signed-contingent-input.ts";
import type { UnsignedOffer } from "../sci/unsigned-offer.ts";
import { encodeUnsignedOffer } from "../sci/unsigned-offer-codec.ts";
import { validateSignedContingentInput } from "../sci/validate-signed-contingent-input.ts";
import { signedInputDigest } from "../tx/tx-digest.ts";
import { withSeededRandom } from "./seeded-random.ts";
import type { BuiltTxSigning } from "./sign-built-tx.ts";

/** Who signs an offer, and from what the randomness of the signature derives. */
export type BuiltOfferSigning = Pick<BuiltTxSigning, "seed" | "signer">;

/**
 * Signs; the same unsigned offer and seed give the same signature. An offer is taken back by spending its input: then its
 * key image is in the ledger. Throws `invalid-seed`, `invalid-offer` for what nobody could fill, and as the signer does.
 */
export function signBuiltOffer(unsigned: UnsignedOffer, { seed, signer }: BuiltOfferSigning): SignedContingentInput {
  const { blockVersion, txIn, ring, requiredOutputAmounts, txOutGlobalIndices } = unsigned;
  const message = signedInputDigest(txIn);
  if (message === undefined) {
    throw invalidOffer();
  }
  return withSeededRandom({ seed, use: "offer-signature", contentDigest: contentDigest(unsigned) }, (random) => {
    const blinding = new Secret(randomScalar(random));
    try {
      const mlsag = signer({ message, ring, pseudoOutputBlinding: blinding.expose(), random });
      const { value, tokenId } = ring.amount;
      const pseudoOutputAmount = { value, tokenId, blinding };
      const made = { blockVersion, txIn, mlsag, pseudoOutputAmount, requiredOutputAmounts, txOutGlobalIndices };
      if (validateSignedContingentInput(made) !== "valid") throw invalidOffer();
      return made;
    } catch (error) {
      blinding.wipe();
      throw error;
    }
  });
}

/** 64 bytes that depend on every field, secrets included: a nonce used for two messages would give a spend key away. */
function contentDigest(unsigned: UnsignedOffer): Uint8Array {
  const encoded = encodeUnsignedOffer(unsigned);
  try {
    return kernel().hashes.blake2b512(encoded);
  } finally {
    wipeBytes(encoded);
  }
}

function invalidOffer(): TransactionError {
  return new TransactionError("invalid-offer", "Ring, rules and amounts of the offer do not go together.");
}
