// The ingress key: private scalar, sealed form, and what the host learns of it.
import { utf8, wipeBytes } from "@fogbow/core-bytes";
import { PrivateKey } from "@fogbow/core-crypto";
import type { Sealing } from "@fogbow/runtime-enclave";
import { FogIngestError, type FogIngestErrorCode } from "./error.ts";

const PURPOSE = utf8("fogbow-ingress-key-v1");

/** The key, sealed for enclaves of this measurement: one of another has a key of its own (spec 03 §2.10). */
export function sealIngressKey(key: PrivateKey, sealing: Sealing): Uint8Array {
  return sealing.seal(key.expose(), PURPOSE, "measurement");
}

/**
 * The key of an earlier run. Throws what sealing throws, and {@link FogIngestError} `invalid-sealed-key` for a seal of something
 * else: senders know the old key, so a new one is never made in its place.
 */
export function unsealIngressKey(sealed: Uint8Array, sealing: Sealing): PrivateKey {
  return readIngressKey(sealing.unseal(sealed, PURPOSE), "invalid-sealed-key");
}

/** Takes ownership of a key's bytes. Throws {@link FogIngestError} with the code if they are none. */
export function readIngressKey(bytes: Uint8Array, code: FogIngestErrorCode): PrivateKey {
  try {
    return new PrivateKey(bytes);
  } catch {
    wipeBytes(bytes);
    throw new FogIngestError(code, "This is no ingress key.");
  }
}
