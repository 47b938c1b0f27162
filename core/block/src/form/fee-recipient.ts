// Who receives the fees of a network (spec 02 §6.4): public keys that consensus enclaves have compiled in.
import { fromHex } from "@fogbow/core-bytes";
import { publicKey } from "@fogbow/core-crypto";
import type { TxOutOptions } from "@fogbow/core-transaction";

/** The networks whose fee recipients are known. A development network's keys are known to all. */
export type FeeNetwork = "main" | "test" | "development";

const KEYS: Readonly<Record<FeeNetwork, { readonly spend: string; readonly view: string }>> = {
  main: {
    spend: "72ec81d642f0726cc9640d4e32012ffc3152fa0ce8352a026ff7583defd7cb15",
    view: "aa3fec1e628af503258adbf2ada40d39446ca4115800b56635e75c2eca324803",
  },
  test: {
    spend: "76ffc2b70eaa669bc9f7ab5881685868175a9be55c640ec8c341fb8a2c5f4769",
    view: "68bbd576668ff33427901a6fb83ae69c7cb238aeb8ffa6843daecfda626ec27b",
  },
  development: {
    spend: "26b507c63124a2f5e940b4fb89e4b2bb0a2078ed0c8e551ad59268b9646ec241",
    view: "5222a1e9ae32d21c23114a5ce6bb39e0cb56aea350d4619d43b1207061b10346",
  },
};

/** The address that a network's fees go to. It has no Fog. */
export function feeRecipient(network: FeeNetwork): TxOutOptions["recipient"] {
  const { spend, view } = KEYS[network];
  return addressWithoutFog({ viewPublicKey: publicKey(fromHex(view)), spendPublicKey: publicKey(fromHex(spend)) });
}

/** The address with these keys and no Fog. */
export function addressWithoutFog(
  keys: Pick<TxOutOptions["recipient"], "viewPublicKey" | "spendPublicKey">,
): TxOutOptions["recipient"] {
  const { viewPublicKey, spendPublicKey } = keys;
  return { viewPublicKey, spendPublicKey, fogReportUrl: "", fogReportId: "", fogAuthoritySig: new Uint8Array(0) };
}
