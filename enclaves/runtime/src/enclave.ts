// What enclave code sees: the parts it is given and the shape it must have. Types only: nothing of this is in a bundle.
import type { EvidenceMessage, EvidencePlatform, TrustedIdentity } from "@fogbow/core-attest";
import type { Random } from "@fogbow/core-bytes";
import type { Manifest } from "./bundle/manifest.ts";

/** The default export of an enclave's `src/enclave.ts`. Called once, before any call. */
export type MakeEnclave = (parts: EnclaveParts) => Enclave;

/**
 * The `helper` that an enclave's module may export: what its threads run. Nothing but bytes goes in and out, and nothing is
 * kept from one input to the next.
 */
export type Helper = (input: Uint8Array, parts: Pick<EnclaveParts, "random">) => Uint8Array;

/** A running enclave: one function from message to message. Its host may drop, repeat, reorder, alter and replay. */
export interface Enclave {
  /**
   * What its evidence binds; absent for an enclave that proves nothing to anybody. The key stays the same; an identity
   * that a call brings about is in the evidence from the next refresh on.
   */
  readonly attests?: Attested;
  /**
   * Takes evidence for `attests`, already verified. Called once before the first call, and again at every refresh; the
   * key stays the same.
   */
  takeEvidence?(evidence: EvidenceMessage): void;
  /**
   * Answers one call. The entry point is one of the manifest's and the input has a size that it allows; nothing else is
   * known of it. An error with a string `code` refuses the call: code and message reach the host, so neither may tell a
   * secret. Any other error is a fault of the enclave, of which the host learns no more than that.
   */
  call(entryPoint: string, input: Uint8Array): Uint8Array | Promise<Uint8Array>;
}

/** What evidence binds (spec 04 §5.1). */
export interface Attested {
  /** The X25519 static key of the enclave's channels, 32 bytes. */
  readonly key: Uint8Array;
  /** 32 bytes; absent and zero differ (spec 04 §5.2). */
  readonly customIdentity?: Uint8Array;
}

/** Everything that an enclave can reach beside the language, WebAssembly and checking signatures. */
export interface EnclaveParts {
  readonly manifest: Manifest;
  /** The bundle's own measurement, 32 bytes. */
  readonly measurement: Uint8Array;
  /** What evidence of another copy of this very enclave says: whom it may take for its equal. */
  readonly peer: PeerIdentity;
  /** What the host says at every start, such as its responder id. Not measured, and not to be trusted. */
  readonly config: Uint8Array;
  /** The system's generator, in production. */
  readonly random: Random;
  readonly sealing: Sealing;
  readonly counter: MonotonicCounter;
  readonly state: SealedState;
  readonly threads: Threads;
}

/** Threads that run the enclave's own measured code: its {@link Helper}. */
export interface Threads {
  /** Starts one, in a realm of its own. Throws `too-many-threads`. */
  spawn(): EnclaveThread;
}

/** A thread of an enclave. */
export interface EnclaveThread {
  /**
   * What the helper makes of the input; one input after the other. Rejects with `helper-failed` when it throws or answers
   * with something else than bytes, and with `thread-ended` when the thread is gone.
   */
  call(input: Uint8Array): Promise<Uint8Array>;
  /** Ends the thread, and with it what is still being computed. */
  close(): void;
}

/** An enclave of the same code on the same kind of platform, as verifiers know it. */
export interface PeerIdentity {
  readonly identity: TrustedIdentity;
  readonly platform: EvidencePlatform;
}

/** Which enclaves may unseal: this very bundle, or bundles of the same signer and product, not older than the sealer. */
export type SealPolicy = "measurement" | "signer";

/** Encrypts data for a later run. Says nothing about how old a blob is: {@link SealedState} does. */
export interface Sealing {
  /** Seals; `aad` is authenticated and not part of the blob. Throws `sealing-unavailable`. */
  seal(plaintext: Uint8Array, aad: Uint8Array, policy: SealPolicy): Uint8Array;
  /** Opens. Throws `sealing-unavailable`, `malformed-seal`, `sealed-by-newer` or `unseal-failed`. */
  unseal(blob: Uint8Array, aad: Uint8Array): Uint8Array;
}

/**
 * Who keeps a counter from going back: the hardware; a quorum of other enclaves; or nobody, so that a host which restores
 * sealed state and the counter together is not noticed.
 */
export type CounterStrength = "hardware" | "quorum" | "none";

/** Counts up. Throws `counter-unavailable` when it cannot be read or written. */
export interface MonotonicCounter {
  readonly strength: CounterStrength;
  read(): bigint;
  /** Adds one and returns the new value once it is durable. */
  increment(): bigint;
}

/** Sealed data that is tied to the counter, so that an old copy of it is recognised. */
export interface SealedState {
  /**
   * Seals the next state. The host stores the blob, and the enclave calls {@link SealedState.stored} once it says so. Until
   * then this state has the same number as any other that was sealed in its place, also by a run that crashed: a host that
   * kept such a state can present it instead.
   */
  seal(state: Uint8Array, policy: SealPolicy): Uint8Array;
  /** Advances the counter, once for what was sealed: every earlier state is refused from now on. */
  stored(): void;
  /** Opens the newest state. Throws `state-rolled-back`, `counter-rolled-back`, and as {@link Sealing.unseal}. */
  open(blob: Uint8Array): Uint8Array;
}
