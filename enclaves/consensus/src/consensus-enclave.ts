// The enclave of a validator node: twenty entry points, and what they share.
import { type EvidenceMessage, KeyPair, peerVerifier, type VerifyPeer } from "@fogbow/core-attest";
import { ed25519Sign } from "@fogbow/core-crypto";
import type { Enclave, EnclaveParts } from "@fogbow/runtime-enclave";
import { absorbBlock } from "./calls/absorb-block.ts";
import { checkTxs } from "./calls/check-txs.ts";
import { clientAuth, clientClose, clientDiscard } from "./calls/client-channel.ts";
import { clientPropose } from "./calls/client-propose.ts";
import { combine } from "./calls/combine.ts";
import { forgetTxs } from "./calls/forget-txs.ts";
import { formBlock } from "./calls/form-block.ts";
import { init } from "./calls/init.ts";
import { loadSnapshot } from "./calls/load-snapshot.ts";
import { peerAuth, peerBegin, peerFinish } from "./calls/peer-channel.ts";
import { peerPropose, peerSeal } from "./calls/peer-txs.ts";
import { signCheckpoint } from "./calls/sign-checkpoint.ts";
import { sortKeyImages } from "./calls/sort-key-images.ts";
import { summarizeBlocks } from "./calls/summarize-blocks.ts";
import { verifyRecords } from "./calls/verify-records.ts";
import type { Call, EnclaveState, Sign } from "./enclave-state.ts";
import { ConsensusError } from "./error.ts";
import type { StoreLimits } from "./transaction-store.ts";
import type { SignatureMemo } from "./verify-txs.ts";

const CALLS: ReadonlyMap<string, Call> = new Map([
  ["client-auth", clientAuth],
  ["client-propose", clientPropose],
  ["client-discard", clientDiscard],
  ["client-close", clientClose],
  ["peer-begin", peerBegin],
  ["peer-finish", peerFinish],
  ["peer-auth", peerAuth],
  ["peer-propose", peerPropose],
  ["peer-seal", peerSeal],
  ["check-txs", checkTxs],
  ["combine", combine],
  ["form-block", formBlock],
  ["absorb-block", absorbBlock],
  ["load-snapshot", loadSnapshot],
  ["sort-key-images", sortKeyImages],
  ["sign-checkpoint", signCheckpoint],
  ["verify-records", verifyRecords],
  ["summarize-blocks", summarizeBlocks],
  ["forget-txs", forgetTxs],
]);

/** What tests and the simulation may put in the place of the enclave's own. The bundle puts nothing there. */
export interface ConsensusOverrides {
  /** Remembers verified signatures for many enclaves at once. */
  readonly memo?: SignatureMemo;
  /** Signs as Ed25519 does, faster: the same key and message must give the same bytes. */
  readonly sign?: Sign;
  /** Decides about peers' evidence. */
  readonly verifyPeer?: VerifyPeer;
  readonly storeLimits?: StoreLimits;
}

/** What the enclave is made of: of its parts it needs neither counter nor state. Without threads it verifies on its own. */
export type ConsensusParts = Pick<EnclaveParts, "random" | "sealing" | "peer"> & Partial<Pick<EnclaveParts, "threads">>;

/** Makes the enclave. Until `init` it refuses every other call. */
export function createConsensusEnclave(parts: ConsensusParts, overrides: ConsensusOverrides = {}): Enclave {
  const { random, sealing, peer, threads } = parts;
  const { memo, storeLimits, sign = ed25519Sign, verifyPeer = peerVerifier(peer) } = overrides;
  const staticKey = KeyPair.random(random);
  let evidence: EvidenceMessage | undefined;
  let state: EnclaveState | undefined;
  const initParts = {
    random,
    sealing,
    threads,
    staticKey,
    evidence: () => evidence as EvidenceMessage, // Taken before the first call.
    verifyPeer,
    sign,
    memo,
    storeLimits,
  };
  return {
    // The key that signs blocks is known from `init` on: evidence names it once it is refreshed.
    get attests() {
      return { key: staticKey.publicKey, customIdentity: state?.signer ?? NO_SIGNER };
    },

    takeEvidence: (fresh) => {
      evidence = fresh;
    },

    call: (entryPoint, input) => {
      if (entryPoint === "init") {
        if (state !== undefined) throw new ConsensusError("already-initialized", "The enclave is initialised once.");
        const begun = init(input, initParts);
        state = begun.state;
        return begun.answer;
      }
      const call = CALLS.get(entryPoint);
      if (call === undefined) throw new ConsensusError("unknown-entry-point", "The enclave has no such entry point.");
      if (state === undefined) throw new ConsensusError("not-initialized", "The enclave is initialised first.");
      return call(input, state);
    },
  };
}

const NO_SIGNER = new Uint8Array(32);
