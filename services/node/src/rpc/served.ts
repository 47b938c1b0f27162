// What handlers need of the replica.
import type { NodeId } from "@fogbow/core-block";
import type { NodeKey } from "@fogbow/core-scp";
import type { TxContext } from "@fogbow/core-wire";
import type { Ledger } from "@fogbow/ledger-db";
import type { ReplicaOptions, ReplicaTiming } from "../options.ts";
import type { Clock, ReplicaLog, ReplicaMetrics } from "../parts.ts";
import type { Changes } from "../replica/changes.ts";
import type { EnclaveDoor } from "../replica/enclave-door.ts";
import type { ExternalizedTxs } from "../replica/externalized-txs.ts";
import type { InboxRefusal } from "../replica/inbox.ts";
import type { KnownTxs } from "../replica/known-txs.ts";
import type { PeerLink } from "../replica/peers/peer-link.ts";
import type { Arrival, PendingValues } from "../replica/pending-values.ts";
import type { Sessions } from "../replica/sessions.ts";
import type { Streams } from "../replica/streams.ts";
import type { TxChecker } from "../replica/tx-checker.ts";
import type { ValueChecks } from "../replica/value-checks.ts";

/** The replica as its handlers see it. */
export interface Served {
  readonly options: ReplicaOptions;
  readonly timing: ReplicaTiming;
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly door: EnclaveDoor;
  readonly known: KnownTxs;
  readonly checker: TxChecker;
  readonly checks: ValueChecks;
  readonly pending: PendingValues;
  readonly externalized: ExternalizedTxs;
  readonly sessions: Sessions;
  readonly streams: Streams;
  /** Announced after each block, and when new values wait. */
  readonly changes: Changes;
  readonly log: ReplicaLog;
  readonly metrics: ReplicaMetrics | undefined;
  /** Whether clients are served: the node takes part. */
  readonly isServing: () => boolean;
  /** A peer by the name that it gives itself. */
  readonly peerNamed: (responderId: string) => PeerLink | undefined;
  /** Responder ids of the peers that were heard at first hand lately. */
  readonly hearsDirectly: () => string[];
  /** Hears a message that a peer delivered. */
  readonly hear: (payload: Uint8Array, deliverer: PeerLink) => InboxRefusal | "heard";
  /** This node's latest message. */
  readonly latest: () => Uint8Array | undefined;
  /** The latest message of a node about a slot; of this node when none is named. */
  readonly messageAbout: (slot: bigint, sender: NodeKey | undefined) => Uint8Array | undefined;
  /** A value for the next slot. False when the node has no room. */
  readonly propose: (value: string, arrival: Arrival) => boolean;
  /** Passes a well-formed transaction on to peers, as the rules say. */
  readonly relay: (tx: TxContext, origin: NodeId, relayedBy: string) => void;
}
