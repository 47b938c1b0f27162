// What an ingest server is at, in memory and in its file. Who changes it says so at each method; everybody else only reads.
import { create } from "@bufbuild/protobuf";
import { IngestControllerMode, type IngestSummary, IngestSummarySchema } from "@fogbow/core-wire";
import type { KexRngKey } from "@fogbow/recovery-db";
import type { ControllerParts, SealedKey } from "../parts.ts";
import type { Peer } from "../peers/peer-list.ts";

/** What a server begins with. */
export interface FirstState {
  readonly key: SealedKey;
  readonly rng: KexRngKey;
  readonly next: bigint;
  readonly window: bigint;
  readonly peers: readonly Peer[];
  /** The invocation of an earlier run, whose egress key is gone. */
  readonly superseded: bigint | undefined;
  /** Whether the server was active when it ended, and tries to be again. */
  readonly isRestoring: boolean;
}

/** The state of a server. */
export class IngestState {
  readonly #parts: Pick<ControllerParts, "state" | "metrics">;
  readonly #isStopping: () => boolean;
  #isActive = false;
  isRestoring: boolean;
  key: SealedKey;
  rng: KexRngKey;
  next: bigint;
  window: bigint;
  peers: readonly Peer[];
  /** The one that the current egress key belongs to; none before the first block, and while idle. */
  invocation: bigint | undefined;
  /** One whose egress key is gone, to be decommissioned. */
  superseded: bigint | undefined;
  /** Whether the enclave was started anew, so that `rng` is that of the run before. */
  isStale = false;

  constructor(first: FirstState, parts: Pick<ControllerParts, "state" | "metrics">, isStopping: () => boolean) {
    this.#parts = parts;
    this.#isStopping = isStopping;
    this.key = first.key;
    this.rng = first.rng;
    this.next = first.next;
    this.window = first.window;
    this.peers = first.peers;
    this.superseded = first.superseded;
    this.isRestoring = first.isRestoring;
    this.#parts.metrics.mode(false);
  }

  get isActive(): boolean {
    return this.#isActive;
  }

  set isActive(isActive: boolean) {
    this.#isActive = isActive;
    this.#parts.metrics.mode(isActive);
  }

  /** What operators and peers are told. */
  summary(): IngestSummary {
    return create(IngestSummarySchema, {
      mode: this.#isActive ? IngestControllerMode.Active : IngestControllerMode.Idle,
      nextBlockIndex: this.next,
      pubkeyExpiryWindow: this.window,
      ingressPubkey: { data: this.key.publicKey },
      egressPubkey: this.rng.publicKey,
      kexRngVersion: this.rng.version,
      peers: this.peers.map(({ uri }) => uri),
      ingestInvocationId: this.invocation ?? 0n,
    });
  }

  /**
   * Writes the file; nothing once the server is told to end. A server that tries to be active again is active there, and an
   * invocation that is still to be decommissioned is its invocation. Throws `storage-failure`.
   */
  save(): void {
    if (this.#isStopping()) return;
    const summary = this.summary();
    if (this.isRestoring) summary.mode = IngestControllerMode.Active;
    summary.ingestInvocationId = this.invocation ?? this.superseded ?? 0n;
    this.#parts.state.write({ summary, sealedKey: this.key.sealed });
  }

  /** The egress key is another one now: the invocation, if any, has to be decommissioned. */
  replaceRng(rng: KexRngKey): void {
    this.rng = rng;
    this.superseded = this.invocation ?? this.superseded;
    this.invocation = undefined;
  }
}
