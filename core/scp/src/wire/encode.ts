// Bytes of messages between nodes, and of who a proposed transaction comes from (spec 05 §1.8, §2.4).
import type { NodeId } from "@fogbow/core-block";
import { CodedError } from "@fogbow/core-bytes";
import type { ConsensusMessage } from "../consensus-message.ts";
import { ScpError } from "../error.ts";
import { CborInput, malformed } from "./cbor-input.ts";
import { CborOutput } from "./cbor-output.ts";
import { consensusMessage } from "./message-shapes.ts";
import { type CborShape, nodeId, text } from "./node-shapes.ts";
import { mapped, struct } from "./shape.ts";

/** Where a transaction that a peer proposes comes from. Authenticated with the proposal, but not secret. */
export interface TxProposeAad {
  /** The node that a client submitted it to. */
  readonly originNode: NodeId;
  /** The responder id of the peer that passes it on. */
  readonly relayedBy: string;
}

/** A signed message as bytes. Throws `message-too-large`, and `invalid-value` for values that stand for nothing. */
export function encodeConsensusMessage(message: ConsensusMessage): Uint8Array {
  return encode(consensusMessage, message);
}

/**
 * A signed message from bytes, as `encodeConsensusMessage` writes it and in no other form. Throws `malformed-encoding`.
 * What it says is for `checkMessage`, and who says it for `verifyMessageSignature`.
 */
export function decodeConsensusMessage(bytes: Uint8Array): ConsensusMessage {
  return decode(consensusMessage, bytes);
}

/** The origin of a proposal as bytes. Throws `message-too-large`. */
export function encodeTxProposeAad(aad: TxProposeAad): Uint8Array {
  return encode(txProposeAad, aad);
}

/** The origin of a proposal from bytes. Throws `malformed-encoding`. */
export function decodeTxProposeAad(bytes: Uint8Array): TxProposeAad {
  return decode(txProposeAad, bytes);
}

const txProposeAad: CborShape<TxProposeAad> = mapped(struct({ origin_node: nodeId, relayed_by: text }), {
  to: ({ originNode, relayedBy }: TxProposeAad) => ({ origin_node: originNode, relayed_by: relayedBy }),
  from: (wire) => ({ originNode: wire.origin_node, relayedBy: wire.relayed_by }),
});

function encode<T>(shape: CborShape<T>, value: T): Uint8Array {
  const out = new CborOutput();
  shape.write(out, value);
  return out.finish();
}

function decode<T>(shape: CborShape<T>, bytes: Uint8Array): T {
  const input = new CborInput(bytes);
  try {
    const value = shape.read(input);
    input.finish();
    return value;
  } catch (error) {
    if (error instanceof CodedError && !(error instanceof ScpError && error.code === "malformed-encoding")) {
      throw malformed("A part of the message is not what it should be.", error); // Such as a key that is no point.
    }
    throw error;
  }
}
