// Known answers of printable codes for public addresses, with and without Fog (spec 01 §3).
import { decodePrintable, encodePrintable, equalAddresses, type PublicAddress } from "@fogbow/core-account";
import { publicKey } from "@fogbow/core-crypto";
import { type Case, expectEqual, expectThat } from "./case.ts";

/** The address has the stated code, and the code is read as the same address. */
export function checkAddressCode(one: Case): void {
  const code = one.text("b58_encoded");
  const address: PublicAddress = {
    viewPublicKey: publicKey(one.byteList("view_public_key")),
    spendPublicKey: publicKey(one.byteList("spend_public_key")),
    fogReportUrl: one.has("fog_report_url") ? one.text("fog_report_url") : "",
    fogReportId: one.has("fog_report_id") ? one.text("fog_report_id") : "",
    fogAuthoritySig: one.has("fog_authority_sig") ? one.byteList("fog_authority_sig") : new Uint8Array(),
  };
  expectEqual("b58_encoded", encodePrintable({ kind: "public-address", publicAddress: address }), code);
  const decoded = decodePrintable(code);
  expectThat(decoded.kind === "public-address", "b58_encoded is not the code of an address");
  expectThat(equalAddresses(decoded.publicAddress, address), "b58_encoded is read as another address");
}
