// The enclave of Fog View, for stores and for routers: twelve entry points, and what they share.
import { type EvidenceMessage, KeyPair, peerVerifier, type VerifyPeer } from "@fogbow/core-attest";
import type { Enclave, EnclaveParts } from "@fogbow/runtime-enclave";
import { clientAuth, clientClose, collate, dropQuery, openQuery, sealQuery } from "./calls/client.ts";
import { init } from "./calls/init.ts";
import { addRecords, answerQuery, routerAuth } from "./calls/store.ts";
import { storeBegin, storeFinish } from "./calls/stores.ts";
import { ViewError } from "./error.ts";
import type { Call, ViewState } from "./state.ts";

const CALLS: ReadonlyMap<string, Call> = new Map([
  ["client-auth", clientAuth],
  ["client-close", clientClose],
  ["open-query", openQuery],
  ["seal-query", sealQuery],
  ["drop-query", dropQuery],
  ["collate", collate],
  ["store-begin", storeBegin],
  ["store-finish", storeFinish],
  ["router-auth", routerAuth],
  ["add-records", addRecords],
  ["answer-query", answerQuery],
]);

/** What tests may put in the place of the enclave's own. The bundle puts nothing there. */
export interface FogViewOverrides {
  /** Decides about stores' evidence. */
  readonly verifyStore?: VerifyPeer;
}

/** What the enclave is made of. */
export type FogViewParts = Pick<EnclaveParts, "random" | "peer">;

/** Makes the enclave. Until `init` it refuses every other call. */
export function createFogViewEnclave({ random, peer }: FogViewParts, overrides: FogViewOverrides = {}): Enclave {
  const { verifyStore = peerVerifier(peer) } = overrides;
  const staticKey = KeyPair.random(random);
  let evidence: EvidenceMessage | undefined;
  let state: ViewState | undefined;
  return {
    attests: { key: staticKey.publicKey },

    takeEvidence: (fresh) => {
      evidence = fresh;
    },

    call: (entryPoint, input) => {
      if (entryPoint === "init") {
        if (state !== undefined) throw new ViewError("already-initialized", "The enclave is initialised once.");
        const current = (): EvidenceMessage => evidence as EvidenceMessage; // Taken before the first call.
        state = init(input, { staticKey, random, verifyStore, evidence: current });
        return new Uint8Array();
      }
      const call = CALLS.get(entryPoint);
      if (call === undefined) throw new ViewError("unknown-entry-point", "The enclave has no such entry point.");
      if (state === undefined) throw new ViewError("not-initialized", "The enclave is initialised first.");
      return call(input, state);
    },
  };
}
