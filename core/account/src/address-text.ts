// An address for eyes and logs (spec 01 §1.1). Nothing parses it; codes for people to pass on are in printable.ts.
import { toHex } from "@fogbow/core-bytes";
import type { PublicAddress } from "./public-address.ts";

/** `MOB` and both keys in upper-case hex, spend key first, then `:'url'` and `#id` where there are any. */
export function addressText(address: PublicAddress): string {
  const keys = toHex(address.spendPublicKey) + toHex(address.viewPublicKey);
  const url = address.fogReportUrl === "" ? "" : `:'${address.fogReportUrl}'`;
  const id = address.fogReportId === "" ? "" : `#${address.fogReportId}`;
  return `MOB${keys.toUpperCase()}${url}${id}`;
}
