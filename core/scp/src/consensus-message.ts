// Messages as nodes sign them (spec 05 §1.8): the structural digest of what is said, bound to the block before, so that a
// message says nothing on another chain.
import { ed25519PublicDigestible, type NodeId, quorumSetDigestible, responderIdDigestible } from "@fogbow/core-block";
import { type Bytes, bytes } from "@fogbow/core-bytes";
import {
  aggregate,
  appendStrict,
  bytesOf,
  type Digestible,
  digest32,
  type Ed25519PrivateKey,
  ed25519Sign,
  ed25519Verify,
  list,
  optional,
  primitive,
  Transcript,
  tuple,
  uint32,
  uint64,
  variant,
} from "@fogbow/core-crypto";
import type { Ballot } from "./ballot.ts";
import { ScpError } from "./error.ts";
import { type Message, type NominatePayload, type PreparePayload, TOPIC_RANK, type Topic } from "./message.ts";
import { tryTxHash, type Value, valuesOf } from "./value.ts";

/** A message with its signature. */
export interface ConsensusMessage {
  readonly message: Message;
  /** The id of the block before the slot, 32 bytes. */
  readonly previousBlockId: Bytes<32>;
  /** Ed25519 by the sender's message signing key, 64 bytes. */
  readonly signature: Bytes<64>;
}

/** What a value is hashed as. The caller knows the minting transactions behind values that are not hashes. */
export type ValueDigest = (value: Value) => Digestible;

/** The digest that is signed, 32 bytes. */
export function messageDigest(message: Message, previousBlockId: Uint8Array, digestOf: ValueDigest): Uint8Array {
  const transcript = new Transcript("peer-message");
  appendStrict(transcript, "scp_msg", messageDigestible(message, digestOf));
  appendStrict(transcript, "prev_block_id", primitive("bytes", bytes(previousBlockId, 32, "A block id")));
  return transcript.challenge("digest32", 32);
}

/** The message, signed with the key of its sender. */
export function signMessage(
  message: Message,
  previousBlockId: Bytes<32>,
  { privateKey, digestOf = txHashDigest }: { readonly privateKey: Ed25519PrivateKey; readonly digestOf?: ValueDigest },
): ConsensusMessage {
  const signature = ed25519Sign(privateKey, messageDigest(message, previousBlockId, digestOf));
  return { message, previousBlockId, signature: bytes(signature, 64, "A signature") };
}

/**
 * Whether the sender's own key signed the message. Proves nothing until the caller knows that key for one of a node in its
 * network, and the block for the one before the slot.
 */
export function verifyMessageSignature(
  { message, previousBlockId, signature }: ConsensusMessage,
  digestOf: ValueDigest = txHashDigest,
): boolean {
  return ed25519Verify(message.sender.publicKey, messageDigest(message, previousBlockId, digestOf), signature);
}

/** What a signed message is known by when it is passed on, 32 bytes. Depends on the signature too. */
export function gossipId(
  { message, previousBlockId, signature }: ConsensusMessage,
  digestOf: ValueDigest = txHashDigest,
): Uint8Array {
  return digest32(
    "broadcast",
    aggregate("ConsensusMsg", [
      ["scp_msg", messageDigestible(message, digestOf)],
      ["prev_block_id", primitive("bytes", previousBlockId)],
      ["signature", primitive("ed25519-sig", signature)],
    ]),
  );
}

/** The hash of a transaction as a value of a hashed message. Throws `invalid-value` for other kinds of values. */
export function txHashDigest(value: Value): Digestible {
  const hash = tryTxHash(value);
  if (hash === undefined) throw new ScpError("invalid-value", "The value is not the hash of a transaction.");
  return consensusValueDigestible("TxHash", tuple("TxHash", [bytesOf(hash)]));
}

/** A value of a hashed message, given what it holds. */
export function consensusValueDigestible(kind: "TxHash" | "MintConfigTx" | "MintTx", content: Digestible): Digestible {
  const index = { TxHash: 0, MintConfigTx: 1, MintTx: 2 }[kind];
  return variant("ConsensusValue", { name: kind, index }, content);
}

function messageDigestible({ sender, slotIndex, quorumSet, topic }: Message, digestOf: ValueDigest): Digestible {
  return aggregate("Msg", [
    ["sender_id", nodeDigestible(sender)],
    ["slot_index", uint64(slotIndex)],
    ["quorum_set", quorumSetDigestible(quorumSet)],
    ["topic", topicDigestible(topic, digestOf)],
  ]);
}

function nodeDigestible({ responderId, publicKey }: NodeId): Digestible {
  return aggregate("NodeID", [
    ["responder_id", responderIdDigestible(responderId)],
    ["public_key", ed25519PublicDigestible(publicKey)],
  ]);
}

function topicDigestible(topic: Topic, digestOf: ValueDigest): Digestible {
  const as = (name: string, ...payloads: Digestible[]): Digestible =>
    variant("Topic", { name, index: TOPIC_RANK[topic.kind] }, ...payloads);
  switch (topic.kind) {
    case "nominate":
      return as("Nominate", nominateDigestible(topic.nominate, digestOf));
    case "nominate-prepare":
      return as(
        "NominatePrepare",
        nominateDigestible(topic.nominate, digestOf),
        prepareDigestible(topic.prepare, digestOf),
      );
    case "prepare":
      return as("Prepare", prepareDigestible(topic.prepare, digestOf));
    case "commit": {
      const { b, pn, cn, hn } = topic.commit;
      return as(
        "Commit",
        aggregate("CommitPayload", [
          ["B", ballotDigestible(b, digestOf)],
          ["PN", uint32(pn)],
          ["CN", uint32(cn)],
          ["HN", uint32(hn)],
        ]),
      );
    }
    case "externalize": {
      const { c, hn } = topic.externalize;
      return as(
        "Externalize",
        aggregate("ExternalizePayload", [
          ["C", ballotDigestible(c, digestOf)],
          ["HN", uint32(hn)],
        ]),
      );
    }
    default:
      return topic satisfies never;
  }
}

function nominateDigestible({ x, y }: NominatePayload, digestOf: ValueDigest): Digestible {
  return aggregate("NominatePayload", [
    ["X", list(x.map(digestOf))],
    ["Y", list(y.map(digestOf))],
  ]);
}

function prepareDigestible({ b, p, pp, cn, hn }: PreparePayload, digestOf: ValueDigest): Digestible {
  const optionalBallot = (ballot: Ballot | undefined): Digestible =>
    optional(ballot === undefined ? undefined : ballotDigestible(ballot, digestOf));
  return aggregate("PreparePayload", [
    ["B", ballotDigestible(b, digestOf)],
    ["P", optionalBallot(p)],
    ["PP", optionalBallot(pp)],
    ["CN", uint32(cn)],
    ["HN", uint32(hn)],
  ]);
}

function ballotDigestible({ n, x }: Ballot, digestOf: ValueDigest): Digestible {
  return aggregate("Ballot", [
    ["N", uint32(n)],
    ["X", list(valuesOf(x).map(digestOf))],
  ]);
}
