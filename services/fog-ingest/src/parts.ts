// What an ingest server is made of. It reaches nothing else, so that a test decides about time, peers, blocks and rows.

import type { ETxOutRecord, TxOut } from "@fogbow/core-transaction";
import type { AuthMessage, IngestSummary, Message } from "@fogbow/core-wire";
import type { BlockTimestamp, ProvidedBlock } from "@fogbow/ledger-db";
import type { KexRngKey, RecoveryDb } from "@fogbow/recovery-db";
import type { Log } from "@fogbow/server";
import type { IngestMetrics } from "./ingest-metrics.ts";
import type { StateStore } from "./state/state-file.ts";

/** Time. */
export interface Clock {
  /** Milliseconds since some moment; never goes back. */
  readonly now: () => number;
  /** Resolves after so many milliseconds, or rejects with the signal's reason. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/** Where blocks come from: a `BlockProvider`. */
export interface Blocks {
  numBlocks(): bigint;
  blockData(index: bigint): ProvidedBlock | undefined;
  pollTimestamp(
    index: bigint,
    options: { readonly timeoutMs: number; readonly signal: AbortSignal },
  ): Promise<BlockTimestamp>;
  /** Resolves when something may be new, after so many milliseconds at the latest. */
  untilChanged(milliseconds: number, signal: AbortSignal): Promise<void>;
}

/** Outputs of one block, or a part of them. */
export interface Chunk {
  readonly blockIndex: bigint;
  /** Of the first output, in the whole ledger. */
  readonly firstGlobalIndex: bigint;
  readonly outputs: readonly TxOut[];
  /** Seconds since the Unix epoch; 2^64 − 1 for unknown. */
  readonly timestamp: bigint;
  /** Outputs of the same block that come in later chunks. */
  readonly outputsToFollow: number;
}

/** What the enclave made of a chunk. */
export interface IngestedChunk {
  readonly records: readonly ETxOutRecord[];
  /** The egress key that these records belong to, if it is a new one: the map had no room for the chunk any more. */
  readonly newRng: KexRngKey | undefined;
}

/** An ingress key as the state file keeps it. */
export interface SealedKey {
  readonly publicKey: Uint8Array;
  readonly sealed: Uint8Array;
}

/** The enclave, initialised. A refusal is an error with a text `reason`. */
export interface IngestEnclave {
  ingressKey(): Promise<SealedKey>;
  rng(): Promise<KexRngKey>;
  /** New ingress and egress keys. */
  newKeys(): Promise<void>;
  /** A new egress key. */
  newEgressKey(): Promise<void>;
  ingest(chunk: Chunk): Promise<IngestedChunk>;
  /** The ingress key that the newest evidence names, and that evidence as reports hold it; undefined without evidence. */
  evidence(): PublishedEvidence | undefined;
  refreshEvidence(): Promise<void>;
  /** Begins a channel to a peer: what to send it. */
  peerBegin(responderId: string): Promise<AuthMessage>;
  /** Reads its answer: the channel's id. */
  peerFinish(responderId: string, answer: AuthMessage): Promise<Uint8Array>;
  /** Answers a peer that begins. */
  peerAuth(request: AuthMessage): Promise<AuthMessage>;
  peerClose(channelId: Uint8Array): Promise<void>;
  /** The ingress private key, for the enclave at the other end. */
  privateKeyFor(channelId: Uint8Array): Promise<Message>;
  /** Takes over the ingress private key of the enclave at the other end. */
  takePrivateKey(message: Message): Promise<void>;
  /** Tells when the enclave had to be started anew: its egress key is another one then. */
  onRestart(listener: () => void): void;
}

/** Evidence of an ingest enclave. */
export interface PublishedEvidence {
  readonly ingressKey: Uint8Array;
  /** As the recovery database stores it (spec 03 §3.1). */
  readonly encoded: Uint8Array;
}

/** A peer as it is called. Everything rejects with a ConnectError. */
export interface PeerRpc {
  getStatus(): Promise<IngestSummary>;
  setPeers(uris: readonly string[]): Promise<IngestSummary>;
  auth(request: AuthMessage): Promise<AuthMessage>;
  getIngressPrivateKey(channelId: Uint8Array): Promise<Message>;
  setIngressPrivateKey(message: Message): Promise<IngestSummary>;
  close(): void;
}

/** What a controller is made of. */
export interface ControllerParts {
  readonly clock: Clock;
  readonly blocks: Blocks;
  readonly db: RecoveryDb;
  readonly enclave: IngestEnclave;
  /** A peer at a URI; nothing is opened before the first call. */
  readonly connect: (uri: string) => PeerRpc;
  readonly state: StateStore;
  readonly log: Log;
  readonly metrics: IngestMetrics;
}
