// Randomness from a seed, so that a network can be made again for a test.
import { hkdfSync } from "node:crypto";
import type { Random } from "@fogbow/core-bytes";

/** Bytes that depend on the seed (32 bytes), the purpose and how many calls were made before: HKDF-SHA512 (RFC 5869). */
export function seededRandom(seed: Uint8Array, purpose: string): Random {
  let calls = 0;
  return (length) => {
    const info = `${purpose} ${calls++}`;
    return new Uint8Array(hkdfSync("sha512", seed, "fogbow-network", info, length));
  };
}
