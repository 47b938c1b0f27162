// Consensus messages as they come in (spec 05 §1.8, §2.8): who may speak, how often, and whether it is really he. What passes
// is heard by the worker.
import type { NodeId } from "@fogbow/core-block";
import { type ConsensusMessage, type Message, type NodeKey, nodeKey } from "@fogbow/core-scp";
import { MESSAGE_BURST_MAX, MESSAGES_PER_SECOND_MAX, VERIFIED_REMEMBERED_MAX } from "../limits.ts";
import type { Clock } from "../parts.ts";
import { Lru } from "./lru.ts";
import { type MessageReader, markOf, type ReadRefusal } from "./message-reader.ts";
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
export type InboxRefusal = ReadRefusal | "too-often"; // The sender says more than anybody should.

/** What an inbox is told and given. */
export interface InboxParts {
  /** Every node whose messages count: the node itself, its peers, its quorum set's nodes. */
  readonly nodes: readonly NodeId[];
  readonly reader: MessageReader;
  readonly clock: Clock;
}

/** Lets messages of known nodes through. */
export class Inbox {
  readonly #parts: InboxParts;
  readonly #nodes: ReadonlySet<NodeKey>;
  readonly #seen = new Lru<string, true>(VERIFIED_REMEMBERED_MAX);
  readonly #rate = new RateLimit<NodeKey>(MESSAGES_PER_SECOND_MAX, MESSAGE_BURST_MAX);

  constructor(parts: InboxParts) {
    this.#parts = parts;
    this.#nodes = new Set(parts.nodes.map(nodeKey));
  }

  /** A message that a peer delivered. */
  read(payload: Uint8Array, deliverer: NodeKey): Received | InboxRefusal {
    const { reader, clock } = this.#parts;
    const consensus = reader.read(payload, (node) => this.#nodes.has(nodeKey(node)));
    if (typeof consensus === "string") return consensus;
    const { message } = consensus;
    const sender = nodeKey(message.sender);
    const mark = markOf(payload);
    // Counted after the signature: otherwise whoever forges messages uses up the share of those in whose name he forges.
    // And once, however many peers pass it on.
    if (!this.#seen.has(mark)) {
      if (!this.#rate.allows(sender, clock.now())) return "too-often";
      this.#seen.set(mark, true);
    }
    return { consensus, message, sender, payload, deliverer };
  }
}
