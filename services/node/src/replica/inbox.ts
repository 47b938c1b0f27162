// Consensus messages as they come in (spec 05 §1.8, §2.8): who may speak, how often, and whether it is really he. What
// passes is heard by the worker; the signature of each message is verified once, however often it is passed on to us.
import type { NodeId, QuorumSet } from "@fogbow/core-block";
import { equalBytes, toHex } from "@fogbow/core-bytes";
import {
  type ConsensusMessage,
  decodeConsensusMessage,
  isSameQuorumSet,
  type Message,
  type NodeKey,
  nodeKey,
  type Verify,
  verifyMessageSignature,
} from "@fogbow/core-scp";
import { MESSAGE_BURST_MAX, MESSAGE_BYTES_MAX, MESSAGES_PER_SECOND_MAX, VERIFIED_REMEMBERED_MAX } from "../limits.ts";
import type { Clock } from "../parts.ts";
import { Lru } from "./lru.ts";
import { RateLimit } from "./rate-limit.ts";

/** A message whose sender is known and has signed it. */
export interface Received {
  readonly consensus: ConsensusMessage;
  readonly message: Message;
  /** The sender's key. */
  readonly sender: NodeKey;
  /** The bytes, for passing it on. */
  readonly payload: Uint8Array;
  /** The peer that delivered it: a configured one. */
  readonly deliverer: NodeKey;
}

/** Why a message is not heard. */
export type InboxRefusal =
  | "malformed" // No message.
  | "unknown-sender" // Not of the network.
  | "invalid-signature"
  | "too-often"; // The sender says more than anybody should.

/** What an inbox is told and given. */
export interface InboxParts {
  /** Every node whose messages count: the node itself, its peers, its quorum set's nodes. */
  readonly nodes: readonly NodeId[];
  readonly verify: Verify | undefined;
  readonly clock: Clock;
}

interface Verified {
  readonly payload: Uint8Array;
  readonly consensus: ConsensusMessage;
}

/** Reads and verifies messages. */
export class Inbox {
  readonly #parts: InboxParts;
  readonly #nodes: ReadonlyMap<NodeKey, NodeId>;
  readonly #quorumSets = new Map<NodeKey, QuorumSet>();
  readonly #verified = new Lru<string, Verified>(VERIFIED_REMEMBERED_MAX);
  readonly #rate = new RateLimit<NodeKey>(MESSAGES_PER_SECOND_MAX, MESSAGE_BURST_MAX);

  constructor(parts: InboxParts) {
    this.#parts = parts;
    this.#nodes = new Map(parts.nodes.map((node) => [nodeKey(node), node]));
  }

  /** A message that a peer delivered. */
  read(payload: Uint8Array, deliverer: NodeKey): Received | InboxRefusal {
    if (payload.length > MESSAGE_BYTES_MAX) return "malformed";
    const mark = markOf(payload);
    let verified = this.#verified.get(mark);
    if (verified === undefined || !equalBytes(verified.payload, payload)) {
      const read = this.#verify(payload);
      if (typeof read === "string") return read;
      verified = { payload, consensus: read };
      this.#verified.set(mark, verified);
    }
    const { consensus } = verified;
    const sender = nodeKey(consensus.message.sender);
    return { consensus, message: consensus.message, sender, payload: verified.payload, deliverer };
  }

  #verify(payload: Uint8Array): ConsensusMessage | InboxRefusal {
    let decoded: ConsensusMessage;
    try {
      decoded = decodeConsensusMessage(payload);
    } catch {
      return "malformed";
    }
    const sender = nodeKey(decoded.message.sender);
    const node = this.#nodes.get(sender);
    if (node === undefined) return "unknown-sender";
    if (!verifyMessageSignature(decoded, this.#parts.verify)) return "invalid-signature";
    // After the signature: otherwise whoever forges messages uses up the share of those in whose name he forges.
    if (!this.#rate.allows(sender, this.#parts.clock.now())) return "too-often";
    const quorumSet = this.#quorumSetOf(sender, decoded.message.quorumSet);
    return { ...decoded, message: { ...decoded.message, quorumSet } };
  }

  /** One object for equal quorum sets of a sender, so that nobody compiles it again for each message. */
  #quorumSetOf(sender: NodeKey, quorumSet: QuorumSet): QuorumSet {
    const known = this.#quorumSets.get(sender);
    if (known !== undefined && isSameQuorumSet(known, quorumSet)) return known;
    this.#quorumSets.set(sender, quorumSet);
    return quorumSet;
  }
}

/** The end of a message, where its signature is. */
function markOf(payload: Uint8Array): string {
  return toHex(payload.subarray(-32));
}
