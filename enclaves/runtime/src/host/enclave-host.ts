// The one door: what a service holds of an enclave, whatever hosts it.
import type { EvidenceMessage } from "@fogbow/core-attest";
import type { Manifest } from "../bundle/manifest.ts";
import type { CounterStrength } from "../enclave.ts";
import type { PlatformKind } from "../platform/platform.ts";

/** A running enclave. Its calls are independent of each other; their order of arrival is the order of the calls. */
export interface EnclaveHost {
  /** Of the bundle, 32 bytes, as the host measured it. A client trusts evidence, not this. */
  readonly measurement: Uint8Array;
  readonly manifest: Manifest;
  readonly platform: PlatformFacts;
  /** The newest evidence. Absent for an enclave that attests nothing. */
  readonly evidence: EvidenceMessage | undefined;
  /**
   * Calls an entry point. The input is copied before this returns. Rejects with
   * `RuntimeError`: before the call is sent `unknown-entry-point`, `invalid-input`, `input-too-short`, `input-too-long`,
   * `enclave-busy`, `enclave-restarting`, `enclave-closed`, `call-cancelled`; after that `call-refused` with the
   * enclave's own code as `reason`, `enclave-fault`, `output-too-long`, `deadline-exceeded`, `call-cancelled`,
   * `enclave-crashed`, `enclave-unresponsive`, `enclave-closed`: these last six leave open whether it had an effect.
   */
  call(entryPoint: string, input: Uint8Array, options?: CallOptions): Promise<Uint8Array>;
  /** Has new evidence made for the same key, which sessions survive. Rejects as `call` does, and with `evidence-refused`. */
  refreshEvidence(options?: CallOptions): Promise<EvidenceMessage>;
  /** Tells of every end of the enclave; returns what stops telling. */
  onExit(listener: (exit: EnclaveExit) => void): () => void;
  /** Ends the enclave; calls in flight are rejected with `enclave-closed`. Resolves when nothing of it is left. */
  close(): Promise<void>;
}

/** How long a caller waits. */
export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Milliseconds, at most 600 000; 30 000 when absent. */
  readonly deadlineMs?: number;
}

/** What an enclave says about its platform. */
export interface PlatformFacts {
  readonly kind: PlatformKind;
  readonly counterStrength: CounterStrength;
  readonly canSeal: boolean;
}

/** How an enclave ended. */
export interface EnclaveExit {
  readonly code: "enclave-crashed" | "enclave-unresponsive" | "enclave-start-failed" | "enclave-closed";
  /** What the system knows of it. */
  readonly detail: string;
  /** Milliseconds until it is started again; absent when it stays down. */
  readonly restartInMs: number | undefined;
}
