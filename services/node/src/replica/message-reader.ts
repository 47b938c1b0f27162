// Decodes consensus messages and verifies who signed them, once for each, however often they are passed on.
import type { NodeId } from "@fogbow/core-block";
import { equalBytes, toHex } from "@fogbow/core-bytes";
import {
  type ConsensusMessage,
  decodeConsensusMessage,
  isIdenticalNode,
  isIdenticalQuorumSet,
  type Message,
  type NodeKey,
  nodeKey,
  type Verify,
  verifyMessageSignature,
} from "@fogbow/core-scp";
import { MESSAGE_BYTES_MAX, VERIFIED_BYTES_MAX, VERIFIED_REMEMBERED_MAX } from "../limits.ts";

/** Why there is no message. */
export type ReadRefusal =
  | "malformed" // No message.
  | "unknown-sender" // Not of the network.
  | "invalid-signature";

interface Verified {
  readonly payload: Uint8Array;
  readonly consensus: ConsensusMessage;
}

/** Reads messages. Nodes that are simulated together may share one. */
export class MessageReader {
  readonly #verify: Verify | undefined;
  /** The latest messages, by their marks, the oldest first. */
  readonly #verified = new Map<string, Verified>();
  #bytes = 0;
  /** The senders of the network, and whom each listened to when it was last heard. */
  readonly #parties = new Map<NodeKey, Pick<Message, "sender" | "quorumSet">>();

  /** `verify` accepts what the one of `@fogbow/core-crypto` accepts, which is used when it is absent. */
  constructor(verify?: Verify) {
    this.#verify = verify;
  }

  /** The message, if its sender is known and signed it. Equal payloads give the same object. */
  read(payload: Uint8Array, isKnown: (sender: NodeId) => boolean): ConsensusMessage | ReadRefusal {
    if (payload.length > MESSAGE_BYTES_MAX) return "malformed";
    const mark = markOf(payload);
    const verified = this.#verified.get(mark);
    if (verified !== undefined && equalBytes(verified.payload, payload)) {
      return isKnown(verified.consensus.message.sender) ? verified.consensus : "unknown-sender";
    }
    const decoded = tryDecode(payload);
    if (decoded === undefined) return "malformed";
    if (!isKnown(decoded.message.sender)) return "unknown-sender";
    const consensus = this.#shared(decoded);
    if (!verifyMessageSignature(consensus, this.#verify)) return "invalid-signature";
    const { sender, quorumSet } = consensus.message;
    this.#parties.set(nodeKey(sender), { sender, quorumSet });
    this.#remember(mark, { payload, consensus });
    return consensus;
  }

  /** With one object for equal senders and quorum sets: nobody looks at them again for each message, nor hashes them. */
  #shared(decoded: ConsensusMessage): ConsensusMessage {
    const { message } = decoded;
    const known = this.#parties.get(nodeKey(message.sender));
    if (known === undefined) return decoded;
    const sender = isIdenticalNode(known.sender, message.sender) ? known.sender : message.sender;
    const quorumSet = isIdenticalQuorumSet(known.quorumSet, message.quorumSet) ? known.quorumSet : message.quorumSet;
    return { ...decoded, message: { ...message, sender, quorumSet } };
  }

  #remember(mark: string, verified: Verified): void {
    this.#forget(mark);
    this.#verified.set(mark, verified);
    this.#bytes += verified.payload.length;
    for (const oldest of this.#verified.keys()) {
      if (this.#verified.size <= VERIFIED_REMEMBERED_MAX && this.#bytes <= VERIFIED_BYTES_MAX) break;
      this.#forget(oldest);
    }
  }

  #forget(mark: string): void {
    this.#bytes -= this.#verified.get(mark)?.payload.length ?? 0;
    this.#verified.delete(mark);
  }
}

function tryDecode(payload: Uint8Array): ConsensusMessage | undefined {
  try {
    return decodeConsensusMessage(payload);
  } catch {
    return undefined;
  }
}

/** The end of a message, where its signature is: what one message is known by until somebody forges it. */
export function markOf(payload: Uint8Array): string {
  return toHex(payload.subarray(-32));
}
