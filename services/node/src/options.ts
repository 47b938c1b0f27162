// What a replica is told about itself, its peers and its chain.
import type { NodeId, QuorumSet } from "@fogbow/core-block";
import type { TokenId, TokenValue } from "@fogbow/core-bytes";
import type { BlockVersion, SignerSet } from "@fogbow/core-transaction";
import type { Retention } from "./config/node-config.ts";

/** Everything that is fixed while a replica runs. */
export interface ReplicaOptions {
  /** Host and port that peers know, and the public half of the message signing key. */
  readonly self: NodeId;
  /** Host and port that clients know. */
  readonly clientResponderId: string;
  /** Whom the replica calls, and is called by. */
  readonly peers: readonly PeerConfig[];
  /** Nodes of quorum sets that it does not call; it verifies and counts what they sign all the same. */
  readonly knownNodes?: readonly NodeId[];
  /** Whom it listens to; without itself. */
  readonly quorumSet: QuorumSet;
  readonly chain: NodeChain;
  /** What `init` told of the enclave. */
  readonly enclave: EnclaveIdentity;
  /** Client sessions whose failures are counted; 10 000 unless given. */
  readonly sessionsTracked?: number;
  /**
   * What the node keeps. "forget": its ledger is a `ForgetLedger`, and its enclave was initialised with `forgets` and what that
   * ledger had sealed. Absent: "archive".
   */
  readonly retention?: Retention;
  /** Where something else than the default is wanted. */
  readonly timing?: Partial<ReplicaTiming>;
}

/** A peer. */
export interface PeerConfig extends NodeId {
  /** Whether consensus messages are sent to it. Default true. */
  readonly broadcast?: boolean;
  /** Whether transactions that it proposed are passed on to others. Default false. */
  readonly relayIncomingTxs?: boolean;
}

/** What all nodes of a network agree on, as far as the host applies it (spec 05 §2.3). */
export interface NodeChain {
  readonly blockVersion: BlockVersion;
  /** The first is token 0. */
  readonly tokens: readonly TokenRules[];
  /** 64 bytes over the governors by the minting trust root; absent when no token has governors. */
  readonly governorsSignature?: Uint8Array;
  /** What leaders depend on (spec 05 §1.5). */
  readonly leaderHash: "bound" | "compat";
}

/** A token that the network knows. */
export interface TokenRules {
  readonly tokenId: TokenId;
  readonly minimumFee: TokenValue;
  /** Who may configure its minting; absent when nobody may. */
  readonly governors?: SignerSet;
}

/** What the host knows of its enclave. */
export interface EnclaveIdentity {
  /** 32 bytes. */
  readonly blockSigningKey: Uint8Array;
  /** 32 bytes. */
  readonly mintingTrustRoot: Uint8Array;
}

/** How long things take, in milliseconds. */
export interface ReplicaTiming {
  /** Round r of nomination lasts r times this. */
  readonly baseRoundMs: number;
  /** Ballot n lasts n + 1 times this. */
  readonly baseBallotMs: number;
  /** Both are at least so many of the round trips in which a slice of the quorum set answers; 0: however long those are. */
  readonly roundTripsMin: number;
  /** How long the first ballot waits for votes to settle. */
  readonly settleMs: number;
  /** How long a node may seem to be behind before it stops voting and catches up. */
  readonly graceMs: number;
  /** After so much silence a peer is asked for its latest message … */
  readonly silenceMs: number;
  /** … and not more often than this. */
  readonly askAgainMs: number;
  /** After so long without an answer another peer is asked for a transaction. */
  readonly hedgeMs: number;
  /** A proposal that would wait longer than this is refused. */
  readonly queueDelayMs: number;
}

/** Spec 05 §1.7, §2.6, §3.1, §7.3. */
export const DEFAULT_TIMING: ReplicaTiming = {
  baseRoundMs: 250,
  baseBallotMs: 250,
  roundTripsMin: 0,
  settleMs: 50,
  graceMs: 2_500,
  silenceMs: 3_000,
  askAgainMs: 1_000,
  hedgeMs: 300,
  queueDelayMs: 300,
};
