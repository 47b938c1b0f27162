// The address that nobody can spend from (spec 01 §2.6, spec 02 §5.7). Its spend key is a hash, so nobody knows the
// private key; its view private key is public, so everybody can see what was burned.
import { utf8 } from "@fogbow/core-bytes";
import { publicKey } from "@fogbow/core-crypto";
import { kernel } from "@fogbow/kernel";
import type { PublicAddress } from "./public-address.ts";

const viewPrivateKey = (): Uint8Array => new Uint8Array(32).fill(1);

/** The 32 bytes of the burn address's view private key, known to all. A PrivateKey takes ownership: give it a copy. */
export const BURN_VIEW_PRIVATE_KEY: Uint8Array = viewPrivateKey();

/** The burn address. It has no Fog. */
export function burnAddress(): PublicAddress {
  const { hashes, ristretto } = kernel();
  const spendPublicKey = publicKey(ristretto.oneWayMap(hashes.blake2b512(utf8("mc_burn_address_spend_public"))));
  return {
    viewPublicKey: publicKey(ristretto.multiply(viewPrivateKey(), spendPublicKey)),
    spendPublicKey,
    fogReportUrl: "",
    fogReportId: "",
    fogAuthoritySig: new Uint8Array(),
  };
}
