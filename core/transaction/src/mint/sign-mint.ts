// Signing minting transactions (spec 02 §5.5). Signers who sit apart sign the digest each, and someone puts the
// signatures together.
import { type Ed25519PrivateKey, ed25519Sign } from "@fogbow/core-crypto";
import { TransactionError } from "../error.ts";
import { mintConfigTxDigest, mintTxDigest } from "./mint-digest.ts";
import type { MintConfigTx, MintConfigTxPrefix, MintTx, MintTxPrefix } from "./mint-tx.ts";
import { type MultiSig, SIGNATURES_MAX } from "./multi-sig.ts";

/** Signs a minting transaction with the keys of minters, at most 10. Throws `too-many-signers`. */
export function signMintTx(prefix: MintTxPrefix, minters: readonly Ed25519PrivateKey[]): MintTx {
  return { prefix, signature: signAll(mintTxDigest(prefix), minters) };
}

/** Signs a configuration of minting with the keys of governors, at most 10. Throws `too-many-signers`. */
export function signMintConfigTx(prefix: MintConfigTxPrefix, governors: readonly Ed25519PrivateKey[]): MintConfigTx {
  return { prefix, signature: signAll(mintConfigTxDigest(prefix), governors) };
}

function signAll(message: Uint8Array, keys: readonly Ed25519PrivateKey[]): MultiSig {
  if (keys.length > SIGNATURES_MAX) {
    throw new TransactionError("too-many-signers", `A multisignature has at most ${SIGNATURES_MAX} signatures.`);
  }
  return { signatures: keys.map((key) => ed25519Sign(key, message)) };
}
