// The enclave of an ingest server: thirteen entry points, and what they share.
import { type EvidenceMessage, KeyPair, PeerChannels, peerVerifier, type VerifyPeer } from "@fogbow/core-attest";
import { PrivateKey } from "@fogbow/core-crypto";
import { decodeMessage, encodeMessage, IngestInitRequestSchema, IngestKeysSchema } from "@fogbow/core-wire";
import type { Kernel } from "@fogbow/kernel";
import type { Enclave, EnclaveParts } from "@fogbow/runtime-enclave";
import { getIngressPrivateKey, setIngressPrivateKey } from "./calls/hand-over.ts";
import { ingestTxs } from "./calls/ingest-txs.ts";
import { ingressPubkey, kexRngPubkey, newEgressKey, newKeys, sealedIngressKey } from "./calls/keys.ts";
import { peerAuth, peerBegin, peerClose, peerFinish } from "./calls/peer-channel.ts";
import { Egress, egressKernel } from "./egress.ts";
import type { Call, EnclaveState } from "./enclave-state.ts";
import { FogIngestError } from "./error.ts";
import { unsealIngressKey } from "./ingress-key.ts";
import { keysMessage } from "./keys-message.ts";
import { DOOR } from "./limits.ts";

const CALLS: ReadonlyMap<string, Call> = new Map([
  ["new-keys", newKeys],
  ["new-egress-key", newEgressKey],
  ["ingress-pubkey", ingressPubkey],
  ["sealed-ingress-key", sealedIngressKey],
  ["kex-rng-pubkey", kexRngPubkey],
  ["ingest-txs", ingestTxs],
  ["peer-begin", peerBegin],
  ["peer-finish", peerFinish],
  ["peer-auth", peerAuth],
  ["peer-close", peerClose],
  ["get-ingress-private-key", getIngressPrivateKey],
  ["set-ingress-private-key", setIngressPrivateKey],
]);

/** What tests and measurements may put in the place of the enclave's own. The bundle puts nothing there. */
export interface FogIngestOverrides {
  /** Decides about peers' evidence. */
  readonly verifyPeer?: VerifyPeer;
  /** Makes the kernel that an egress key lives in. */
  readonly makeKernel?: () => Kernel;
}

/** What the enclave is made of. */
export type FogIngestParts = Pick<EnclaveParts, "random" | "sealing" | "peer">;

/** Makes the enclave, with an ingress key that its evidence names from the beginning. Until `init` it refuses every other call. */
export function createFogIngestEnclave(parts: FogIngestParts, overrides: FogIngestOverrides = {}): Enclave {
  const { random, sealing, peer } = parts;
  const { verifyPeer = peerVerifier(peer), makeKernel = egressKernel } = overrides;
  const staticKey = KeyPair.random(random);
  const firstKey = PrivateKey.random(random);
  let evidence: EvidenceMessage | undefined;
  let state: EnclaveState | undefined;

  const init = (input: Uint8Array): Uint8Array => {
    if (state !== undefined) throw new FogIngestError("already-initialized", "The enclave is initialised once.");
    const { peerResponderId, sealedIngressKey, capacity } = decodeMessage(IngestInitRequestSchema, input, DOOR);
    const begun: EnclaveState = {
      ingressKey: sealedIngressKey.length === 0 ? firstKey : unsealIngressKey(sealedIngressKey, sealing),
      egress: new Egress(capacity, random, makeKernel),
      peers: new PeerChannels(peerResponderId, {
        staticKey,
        evidence: () => evidence as EvidenceMessage, // Taken before the first call.
        random,
        verifyPeer,
      }),
      random,
      sealing,
    };
    const answer = encodeMessage(IngestKeysSchema, keysMessage(begun));
    state = begun;
    return answer;
  };

  return {
    get attests() {
      return { key: staticKey.publicKey, customIdentity: (state?.ingressKey ?? firstKey).publicKey() };
    },

    takeEvidence: (fresh) => {
      evidence = fresh;
    },

    call: (entryPoint, input) => {
      if (entryPoint === "init") return init(input);
      const call = CALLS.get(entryPoint);
      if (call === undefined) throw new FogIngestError("unknown-entry-point", "The enclave has no such entry point.");
      if (state === undefined) throw new FogIngestError("not-initialized", "The enclave is initialised first.");
      return call(input, state);
    },
  };
}
