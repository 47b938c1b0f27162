// X25519 on @noble/curves.
import { KernelError, type X25519 } from "@fogbow/kernel";
import { x25519 } from "@noble/curves/ed25519.js";

/** The model of {@link X25519}. */
export const modelX25519: X25519 = {
  publicKey: (privateKey) => x25519.getPublicKey(sized(privateKey)),
  sharedSecret(privateKey, publicKey) {
    try {
      return x25519.getSharedSecret(sized(privateKey), sized(publicKey));
    } catch (cause) {
      if (cause instanceof KernelError) throw cause;
      throw new KernelError("zero-shared-secret", "A public key of small order.", { cause }); // All that noble refuses.
    }
  },
};

function sized(key: Uint8Array): Uint8Array {
  if (key.length !== 32) throw new KernelError("invalid-length", "Expected 32 bytes.");
  return key;
}
