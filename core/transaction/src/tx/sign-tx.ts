// Signing a transaction (spec 02 §3.3).
import type { Random } from "@fogbow/core-bytes";
import type { InputRing, RingSigner } from "./input-ring.ts";
import { createSigningData, type SigningData, type TxToSign, wipeSigningData } from "./signing-data.ts";
import type { SignatureRctBulletproofs } from "./tx.ts";

/** Signs a transaction in one go. Throws as `createSigningData` and the signer do. */
export function signTx(tx: TxToSign, signer: RingSigner): SignatureRctBulletproofs {
  const data = createSigningData(tx);
  try {
    return signRings(data, { rings: tx.rings, signer, random: tx.random });
  } finally {
    wipeSigningData(data);
  }
}

/** Who signs which rings. */
export interface RingSigning {
  /** Those the data was made from, in the same order. */
  readonly rings: readonly InputRing[];
  readonly signer: RingSigner;
  readonly random: Random;
}

/** Adds the ring signatures to what {@link createSigningData} made, perhaps elsewhere. Throws as the signer does. */
export function signRings(data: SigningData, { rings, signer, random }: RingSigning): SignatureRctBulletproofs {
  const { mlsagSigningDigest: message, pseudoOutputBlindings, ...parts } = data;
  const ringSignatures = rings.map((ring, i) => {
    if (ring.kind === "presigned") {
      return ring.mlsag;
    }
    const pseudoOutputBlinding = pseudoOutputBlindings[i]?.expose() ?? new Uint8Array(0); // One for each ring.
    return signer({ message, ring, pseudoOutputBlinding, random });
  });
  return { ringSignatures, ...parts };
}
