// What the host learns of the keys.
import type { PrivateKey } from "@fogbow/core-crypto";
import type { Egress } from "./egress.ts";
import type { EnclaveState } from "./enclave-state.ts";
import { sealIngressKey } from "./ingress-key.ts";

/** The message IngestKeys, as `encodeMessage` takes it. Throws what sealing throws. */
export function keysMessage({ ingressKey, egress, sealing }: EnclaveState): {
  readonly ingressPubkey: { readonly data: Uint8Array };
  readonly sealedIngressKey: Uint8Array;
  readonly kexRngPubkey: Egress["kexRng"];
  readonly capacity: number;
} {
  return {
    ingressPubkey: publicMessage(ingressKey),
    sealedIngressKey: sealIngressKey(ingressKey, sealing),
    kexRngPubkey: egress.kexRng,
    capacity: egress.capacity,
  };
}

/** The public half of an ingress key as a message. */
export function publicMessage(key: PrivateKey): { readonly data: Uint8Array } {
  return { data: key.publicKey() };
}
