// What the enclave holds between calls, from `init` on.
import type { PeerChannels } from "@fogbow/core-attest";
import type { Random } from "@fogbow/core-bytes";
import type { PrivateKey } from "@fogbow/core-crypto";
import type { Sealing } from "@fogbow/runtime-enclave";
import type { Egress } from "./egress.ts";

/** An enclave that was initialised. */
export interface EnclaveState {
  /** Opens hints. Its public half is the custom identity in the enclave's evidence. */
  ingressKey: PrivateKey;
  readonly egress: Egress;
  readonly peers: PeerChannels;
  readonly random: Random;
  readonly sealing: Sealing;
}

/** One entry point: from message to message. */
export type Call = (input: Uint8Array, state: EnclaveState) => Uint8Array | Promise<Uint8Array>;
