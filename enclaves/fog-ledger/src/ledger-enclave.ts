// The enclave of Fog Ledger: fifteen entry points, and what they share. One bundle is both roles.
import { type EvidenceMessage, KeyPair, peerVerifier, type VerifyPeer } from "@fogbow/core-attest";
import type { Enclave, EnclaveParts } from "@fogbow/runtime-enclave";
import { clientAuth, clientClose } from "./calls/client-channel.ts";
import { init } from "./calls/init.ts";
import { collateKeyImages, dropKeyImages, openKeyImages, sealKeyImages } from "./calls/key-image-query.ts";
import { addKeyImages, answerKeyImages, storeAuth } from "./calls/key-image-store.ts";
import { applyBlock, getOutputs, lookUpOutputs } from "./calls/outputs.ts";
import { storeBegin, storeFinish } from "./calls/store-channel.ts";
import { LedgerEnclaveError } from "./error.ts";
import type { Call, LedgerState } from "./state.ts";

const CALLS: ReadonlyMap<string, Call> = new Map([
  ["client-auth", clientAuth],
  ["client-close", clientClose],
  ["store-auth", storeAuth],
  ["add-key-images", addKeyImages],
  ["answer-key-images", answerKeyImages],
  ["store-begin", storeBegin],
  ["store-finish", storeFinish],
  ["open-key-images", openKeyImages],
  ["seal-key-images", sealKeyImages],
  ["collate-key-images", collateKeyImages],
  ["drop-key-images", dropKeyImages],
  ["apply-block", applyBlock],
  ["get-outputs", getOutputs],
  ["look-up-outputs", lookUpOutputs],
]);

/** What tests may put in the place of the enclave's own. The bundle puts nothing there. */
export interface LedgerEnclaveOverrides {
  /** Decides about the evidence of stores. */
  readonly verifyStore?: VerifyPeer;
}

/** What the enclave is made of: it keeps nothing between starts, so it needs neither sealing nor counter. */
export type LedgerEnclaveParts = Pick<EnclaveParts, "random" | "peer">;

/** Makes the enclave. Until `init` it refuses every other call. */
export function createLedgerEnclave(parts: LedgerEnclaveParts, overrides: LedgerEnclaveOverrides = {}): Enclave {
  const { random, peer } = parts;
  const { verifyStore = peerVerifier(peer) } = overrides;
  const staticKey = KeyPair.random(random);
  let evidence: EvidenceMessage | undefined;
  let state: LedgerState | undefined;
  const channels = { staticKey, evidence: () => evidence as EvidenceMessage, random }; // Taken before the first call.
  return {
    attests: { key: staticKey.publicKey, customIdentity: new Uint8Array(32) },

    takeEvidence: (fresh) => {
      evidence = fresh;
    },

    call: (entryPoint, input) => {
      if (entryPoint === "init") {
        if (state !== undefined)
          throw new LedgerEnclaveError("already-initialized", "The enclave is initialised once.");
        state = init(input, { ...channels, verifyStore });
        return new Uint8Array(0);
      }
      const call = CALLS.get(entryPoint);
      if (call === undefined) throw new LedgerEnclaveError("unknown-entry-point", "There is no such entry point.");
      if (state === undefined) throw new LedgerEnclaveError("not-initialized", "The enclave is initialised first.");
      return call(input, state);
    },
  };
}
