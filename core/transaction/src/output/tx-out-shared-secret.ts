// The secret that the two sides of an output share (spec 01 §4.3); everything hidden in the output derives from it.
import { type Bytes, bytes, Secret, utf8 } from "@fogbow/core-bytes";
import { keyExchange, type PrivateKey, type PublicKey } from "@fogbow/core-crypto";
import { kernel } from "@fogbow/kernel";
import { TransactionError } from "../error.ts";

/**
 * enc(x·P), 32 bytes: the sender takes the tx private key r and the recipient's view public key C, the recipient the
 * **account's** view private key a (whatever the subaddress) and the output's public key.
 */
export function txOutSharedSecret(privateKey: PrivateKey, publicKey: PublicKey): Secret {
  return new Secret(keyExchange(privateKey, publicKey));
}

const AMOUNT_TAG = utf8("mc_amount_shared_secret");
const SHARED_SECRET_BYTES = 32;

/**
 * The secret that opens an amount of version 2 and nothing else, 32 bytes (spec 01 §5.5). It may be shown to others,
 * such as an auditor or the filler of a partial-fill order.
 */
export function amountSharedSecret(sharedSecret: Secret): Secret {
  const hash = kernel().hashes.blake2b512(AMOUNT_TAG, exposeSharedSecret(sharedSecret));
  try {
    return new Secret(hash.slice(0, SHARED_SECRET_BYTES));
  } finally {
    hash.fill(0);
  }
}

/** The 32 bytes of a shared secret. Throws `invalid-shared-secret` for any other length. */
export function exposeSharedSecret(sharedSecret: Secret): Uint8Array {
  if (sharedSecret.length !== SHARED_SECRET_BYTES) {
    throw new TransactionError("invalid-shared-secret", `A shared secret has ${SHARED_SECRET_BYTES} bytes.`);
  }
  return sharedSecret.expose();
}

const CONFIRMATION_TAG = utf8("mc_tx_out_confirmation_number");

/** Proves to the recipient, who can compute it too, that its holder made the output (spec 01 §4.4). */
export type ConfirmationNumber = Bytes<32>;

/** The confirmation number of an output: BLAKE2b-256, not a cut BLAKE2b-512. */
export function confirmationNumber(sharedSecret: Secret): ConfirmationNumber {
  return bytes(kernel().hashes.blake2b256(CONFIRMATION_TAG, exposeSharedSecret(sharedSecret)), 32, "confirmation");
}
