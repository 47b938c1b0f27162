// The face of the key agreement in `assembly/x25519.ts`.
import { KernelError } from "./error.ts";
import { type Export, expectLength, type Instance } from "./instance.ts";
import type { X25519 } from "./kernel.ts";

const KEY_BYTES = 32;

/** The u-coordinate 9 of curve25519's base point. */
const BASE_POINT = Uint8Array.of(9, ...new Uint8Array(KEY_BYTES - 1));

/** X25519 on one kernel instance. */
export function createX25519(instance: Instance): X25519 {
  const { x25519 } = instance.exports as Readonly<Record<"x25519", Export>>; // Built with it.

  const sharedSecret = (privateKey: Uint8Array, publicKey: Uint8Array): Uint8Array => {
    expectLength(privateKey, KEY_BYTES, "An X25519 private key");
    expectLength(publicKey, KEY_BYTES, "An X25519 public key");
    return instance.exchange((io) => {
      const out = io.reserve(KEY_BYTES);
      if (x25519(out, io.put(privateKey), io.put(publicKey)) !== 1) {
        throw new KernelError("zero-shared-secret", "The X25519 public key has small order: it agrees on nothing.");
      }
      return io.take(out, KEY_BYTES);
    });
  };

  return {
    publicKey: (privateKey) => sharedSecret(privateKey, BASE_POINT),
    sharedSecret,
  };
}
