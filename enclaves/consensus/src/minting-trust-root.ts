// Who vouches for the governors of tokens: one public key a network, compiled in, so that no host can name another.
import type { FeeNetwork } from "@fogbow/core-block";
import { fromHex } from "@fogbow/core-bytes";

/** Ed25519 public keys. That of development is the public half of a key that is known to all. */
const TRUST_ROOTS: Readonly<Record<FeeNetwork, string>> = {
  main: "eaba8c5e7b38c0d37e5b5e846e5b2e7be82a797956e42e5684ddcc18273536dc",
  test: "9d1827a85e8f3f0881adb51dd7e97818b387b8d9f74bf28f576959f3cb664315",
  development: "1f4fe69277ae2385e9ecd9dde5e42e9ea7907ef3982a63d9ce4118950b696e35",
};

/** The minting trust root of a network, 32 bytes. */
export function mintingTrustRoot(network: FeeNetwork): Uint8Array {
  return fromHex(TRUST_ROOTS[network]);
}
