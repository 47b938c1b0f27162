// What a replica is given to work with. It reaches nothing else: no clock, disk, network or randomness of its own, so that
// a simulation decides everything that production leaves to chance (spec 05 §6.1).
import type { BlockSource } from "@fogbow/archive";
import type {
  AttestationEvidence,
  Block,
  BlockData,
  BlockMetadata,
  Ed25519Verifier,
  QuorumSet,
} from "@fogbow/core-block";
import type { Random } from "@fogbow/core-bytes";
import type { Ed25519PrivateKey } from "@fogbow/core-crypto";
import type { MakeSlot, Sign, Verify } from "@fogbow/core-scp";
import type { Ledger } from "@fogbow/ledger-db";
import type { MessageReader } from "./replica/message-reader.ts";
import type { PeerRpc } from "./rpc/peer-rpc.ts";

/** Time. */
export interface Clock {
  /** Milliseconds since some moment; never goes back. Fractions are allowed. */
  now(): number;
  /** Wall clock, seconds since 1970: for `signed_at` and nothing else. */
  unixSeconds(): bigint;
  /** Wall clock, milliseconds since 1970: for what evidence says about time. */
  unixMilliseconds(): bigint;
  /** Runs once, at or after a moment of `now`. */
  setTimer(atMs: number, run: () => void): Timer;
}

/** A timer that was set. */
export interface Timer {
  /** Does nothing once the timer has run. */
  cancel(): void;
}

/** Where votes are kept (spec 05 §6.3): for each live slot the latest record. */
export interface Journal {
  /** Replaces the record of a slot. Durable once this resolves; a crash before that leaves the old one or the new one. */
  write(slot: bigint, record: Uint8Array): Promise<void>;
  /** Everything that was kept. Called once, before anything is written. */
  read(): Promise<JournalRead>;
  /** Forgets the slots below. */
  forget(below: bigint): Promise<void>;
}

/** What a journal holds after a restart. */
export interface JournalRead {
  /** In ascending order of slots. */
  readonly records: readonly JournalRecord[];
  /** Slots that have had a record of which nothing can be read any more, ascending. */
  readonly unreadable: readonly bigint[];
}

/** The latest record of a slot. */
export interface JournalRecord {
  readonly slot: bigint;
  readonly record: Uint8Array;
}

/** The enclave of `enclaves/consensus`, initialised. An EnclaveHost is one. A refusal is an error with a text `reason`. */
export interface ConsensusEnclave {
  call(entryPoint: string, input: Uint8Array, options?: EnclaveCallOptions): Promise<Uint8Array>;
}

/** How long a caller waits for the enclave. */
export interface EnclaveCallOptions {
  readonly signal?: AbortSignal;
  readonly deadlineMs?: number;
}

/** Events and what is told with them; `Log` of `@fogbow/server` is one. */
export interface ReplicaLog {
  readonly error: (event: string, fields?: Readonly<Record<string, unknown>>) => void;
  readonly warn: (event: string, fields?: Readonly<Record<string, unknown>>) => void;
  readonly info: (event: string, fields?: Readonly<Record<string, unknown>>) => void;
  readonly debug: (event: string, fields?: Readonly<Record<string, unknown>>) => void;
}

/** What a replica counts and measures. Names are those of Prometheus without a prefix. */
export interface ReplicaMetrics {
  /** Adds to a counter. */
  count(name: ReplicaCounter, by?: number): void;
  /** Notes a duration. */
  observe(name: ReplicaDuration, milliseconds: number): void;
}

/** What is counted. */
export type ReplicaCounter =
  | "proposals_accepted"
  | "proposals_invalid"
  | "proposals_refused"
  | "transactions_externalized"
  | "blocks_appended"
  | "blocks_synced"
  | "messages_sent"
  | "messages_received"
  | "messages_dropped"
  | "messages_parked"
  | "messages_gossiped"
  | "fork_suspects"
  | "transactions_fetched"
  | "channels_made";

/** What is measured. */
export type ReplicaDuration =
  | "proposal_ms" // From a client's proposal to the answer.
  | "externalize_ms" // From a client's proposal to the block that it is in.
  | "slot_ms" // From the first event of a slot to its decision.
  | "form_block_ms"
  | "append_ms"
  | "journal_ms"
  | "check_ms"; // One call of check-txs.

/** How much to catch up, and with whose agreement. */
export interface CatchUpOptions {
  readonly quorumSet: QuorumSet;
  /** Blocks in one attempt. */
  readonly limit: number;
}

/** What catching up works with. */
export interface CatchUpParts {
  /** Read only: blocks go in through `append`. */
  readonly ledger: Ledger;
  /** By responder id. */
  readonly peers: ReadonlyMap<string, PeerRpc>;
  readonly sources: readonly BlockSource[];
  /** Appends the next block, checked, with the node's own metadata; tells whoever follows the ledger. */
  readonly append: (data: BlockData) => void;
  /** The same in its place, if the node forgets: the enclave makes of a block what may be stored. */
  readonly absorb?: (data: BlockData) => Promise<void>;
  /** Makes appends one transaction: none is told of before all are durable. Without it each block is one. */
  readonly together?: (appends: () => void) => void;
  /** What this node says about a block that came from others. */
  readonly metadataOf: (block: Block) => BlockMetadata;
  /** Whether a block signing key is known to be a validator's. Signatures by others are not stored. */
  readonly isKnownSigner?: (signer: Uint8Array) => boolean;
  readonly verify?: Ed25519Verifier;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: ReplicaLog;
}

/** How an attempt to catch up ended. */
export type CatchUpResult =
  | { readonly kind: "appended"; readonly blocks: number } // None: peers do not agree on a next block, or nobody has it.
  | { readonly kind: "fork"; readonly height: bigint; readonly evidence: string }; // Two quorums, two blocks.

/** One attempt to catch up (spec 05 §3.2); `services/node/src/sync` implements it. Rejects when nothing could be done. */
export type CatchUp = (options: CatchUpOptions, parts: CatchUpParts, signal: AbortSignal) => Promise<CatchUpResult>;

/** Signs and verifies the digests of messages; production brings the system's, which is faster. */
export interface MessageSigner {
  readonly sign: Sign;
  readonly verify: Verify;
}

/** What a replica is made of. */
export interface ReplicaParts {
  readonly clock: Clock;
  readonly enclave: ConsensusEnclave;
  /** Nobody else writes to it. */
  readonly ledger: Ledger;
  /** Makes appends to the ledger one transaction, as `LmdbLedger.appendTogether` does; absent where it cannot. */
  readonly appendTogether?: (appends: () => void) => void;
  readonly journal: Journal;
  /** A peer as it is called. Called once for each peer. */
  readonly peer: (responderId: string) => PeerRpc;
  readonly blockSources: readonly BlockSource[];
  readonly catchUp: CatchUp;
  /** Whose signatures on blocks that come from archives are stored; nobody's unless given. */
  readonly isKnownSigner?: (signer: Uint8Array) => boolean;
  /** Signs consensus messages and block metadata; its public key is in `options.self`. */
  readonly messageKey: Ed25519PrivateKey;
  /** Absent: the one of `@fogbow/core-crypto`. */
  readonly signer?: MessageSigner;
  /** Absent: one of its own. Simulated nodes share one, so that each message is decoded and verified once for all. */
  readonly messageReader?: MessageReader;
  /** What block metadata says about the enclave. */
  readonly evidence?: () => AttestationEvidence | undefined;
  readonly random: Random;
  readonly log: ReplicaLog;
  readonly metrics?: ReplicaMetrics;
  /** Makes each slot; absent unless something watches what happens in slots. */
  readonly makeSlot?: MakeSlot;
}
