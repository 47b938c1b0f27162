// Short names for addresses: structured digests over all five fields (spec 01 §2.5).
import { toHex } from "@fogbow/core-bytes";
import { aggregate, bytesOf, digest32, neverOmit, point, text } from "@fogbow/core-crypto";
import type { PublicAddress } from "./public-address.ts";

/** Bytes of a short address hash. */
export const SHORT_ADDRESS_HASH_BYTES = 16;

/** The 32-byte hash of an address. It changes with the Fog fields, not only with the keys. */
export function addressHash32(address: PublicAddress): Uint8Array {
  return digestAddress("mc-address", address);
}

/** The first 16 bytes of {@link addressHash32}: how memos name a sender or recipient. */
export function shortAddressHash(address: PublicAddress): Uint8Array {
  return addressHash32(address).slice(0, SHORT_ADDRESS_HASH_BYTES);
}

/** The account id that MobileCoin's wallet service uses: 64 lower-case hex digits, from the default address. */
export function accountId(defaultAddress: PublicAddress): string {
  return toHex(digestAddress("account_data", defaultAddress));
}

function digestAddress(context: string, address: PublicAddress): Uint8Array {
  return digest32(
    context,
    aggregate("PublicAddress", [
      ["view_public_key", point(address.viewPublicKey)],
      ["spend_public_key", point(address.spendPublicKey)],
      ["fog_report_url", neverOmit(text(address.fogReportUrl))],
      ["fog_report_id", neverOmit(text(address.fogReportId))],
      ["fog_authority_sig", neverOmit(bytesOf(address.fogAuthoritySig))],
    ]),
  );
}
