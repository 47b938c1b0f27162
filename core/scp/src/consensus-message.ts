// Messages as nodes sign them (spec 05 §1.8): the structural digest of what is said, bound to the block before, so that a
// message says nothing on another chain.
import {
  ed25519PublicDigestible,
  type NodeId,
  type QuorumSet,
  quorumSetDigestible,
  responderIdDigestible,
} from "@fogbow/core-block";
import { type Bytes, bytes, fromHex } from "@fogbow/core-bytes";
import {
  aggregate,
  appendAllowOmit,
  appendStrict,
  beginAggregate,
  type Digestible,
  digest32,
  type Ed25519PrivateKey,
  ed25519Sign,
  ed25519Verify,
  endAggregate,
  list,
  optional,
  primitive,
  recordList,
  shapeOfRecords,
  Transcript,
  uint32,
  uint64,
  variant,
} from "@fogbow/core-crypto";
import type { Ballot } from "./ballot.ts";
import { type Message, type NominatePayload, type PreparePayload, TOPIC_RANK, type Topic } from "./message.ts";
import { isTxHashValue, type Value, valuesOf } from "./value.ts";
import { contentDigestible, valueDigestible } from "./wire/value-text.ts";

/** A message with its signature. */
export interface ConsensusMessage {
  readonly message: Message;
  /** The id of the block before the slot, 32 bytes. */
  readonly previousBlockId: Bytes<32>;
  /** Ed25519 by the sender's message signing key, 64 bytes. */
  readonly signature: Bytes<64>;
}

/** Signs 32 bytes with Ed25519: 64 bytes. */
export type Sign = (digest: Uint8Array) => Uint8Array;

/** Whether an Ed25519 signature (64 bytes) of a digest (32 bytes) is by the public key (32 bytes). Never throws. */
export type Verify = (publicKey: Uint8Array, digest: Uint8Array, signature: Uint8Array) => boolean;

/** The digest that is signed, 32 bytes. Throws `invalid-value` for values that stand for nothing, as do those below. */
export function messageDigest(message: Message, previousBlockId: Uint8Array): Uint8Array {
  const transcript = beginningOf(message).clone();
  appendAllowOmit(transcript, "topic", topicDigestible(message.topic));
  endAggregate(transcript, MESSAGE_LABEL, MESSAGE_NAME);
  appendStrict(transcript, "prev_block_id", primitive("bytes", bytes(previousBlockId, 32, "A block id")));
  return transcript.challenge("digest32", 32);
}

/** The message, signed with the key of its sender: with the key itself, or by whatever signs with it. */
export function signMessage(
  message: Message,
  previousBlockId: Bytes<32>,
  signer: Ed25519PrivateKey | Sign,
): ConsensusMessage {
  const digest = messageDigest(message, previousBlockId);
  const signature = typeof signer === "function" ? signer(digest) : ed25519Sign(signer, digest);
  return { message, previousBlockId, signature: bytes(signature, 64, "A signature") };
}

/**
 * Whether the sender's own key signed the message. Proves nothing until the caller knows that key for one of a node in its
 * network, and the block for the one before the slot. `verify` may be a faster one, but must accept the same signatures.
 */
export function verifyMessageSignature(
  { message, previousBlockId, signature }: ConsensusMessage,
  verify: Verify = ed25519Verify,
): boolean {
  return verify(message.sender.publicKey, messageDigest(message, previousBlockId), signature);
}

/** What a signed message is known by when it is passed on, 32 bytes. Depends on the signature too. */
export function gossipId({ message, previousBlockId, signature }: ConsensusMessage): Uint8Array {
  return digest32(
    "broadcast",
    aggregate("ConsensusMsg", [
      [MESSAGE_LABEL, messageDigestible(message)],
      ["prev_block_id", primitive("bytes", previousBlockId)],
      ["signature", primitive("ed25519-sig", signature)],
    ]),
  );
}

function messageDigestible({ sender, slotIndex, quorumSet, topic }: Message): Digestible {
  return aggregate(MESSAGE_NAME, [
    ["sender_id", nodeDigestible(sender)],
    ["slot_index", uint64(slotIndex)],
    ["quorum_set", quorumSetDigestible(quorumSet)],
    ["topic", topicDigestible(topic)],
  ]);
}

interface Beginning {
  readonly sender: NodeId;
  readonly slotIndex: bigint;
  readonly transcript: Transcript;
}

/** The latest beginning for each quorum set, by the object that stands for it. */
const beginnings = new WeakMap<QuorumSet, Beginning>();

/**
 * The digest up to what is said: the same for all that a node says about a slot, and three quarters of what is hashed. A
 * transcript that is not to be changed.
 */
function beginningOf({ sender, slotIndex, quorumSet }: Message): Transcript {
  const known = beginnings.get(quorumSet);
  if (known?.slotIndex === slotIndex && known.sender === sender) return known.transcript;
  const transcript = new Transcript("peer-message");
  beginAggregate(transcript, MESSAGE_LABEL, MESSAGE_NAME);
  appendAllowOmit(transcript, "sender_id", nodeDigestible(sender));
  appendAllowOmit(transcript, "slot_index", uint64(slotIndex));
  appendAllowOmit(transcript, "quorum_set", quorumSetDigestible(quorumSet));
  beginnings.set(quorumSet, { sender, slotIndex, transcript });
  return transcript;
}

const MESSAGE_LABEL = "scp_msg";
const MESSAGE_NAME = "Msg";

function nodeDigestible({ responderId, publicKey }: NodeId): Digestible {
  return aggregate("NodeID", [
    ["responder_id", responderIdDigestible(responderId)],
    ["public_key", ed25519PublicDigestible(publicKey)],
  ]);
}

function topicDigestible(topic: Topic): Digestible {
  const as = (name: string, ...payloads: Digestible[]): Digestible =>
    variant("Topic", { name, index: TOPIC_RANK[topic.kind] }, ...payloads);
  switch (topic.kind) {
    case "nominate":
      return as("Nominate", nominateDigestible(topic.nominate));
    case "nominate-prepare":
      return as("NominatePrepare", nominateDigestible(topic.nominate), prepareDigestible(topic.prepare));
    case "prepare":
      return as("Prepare", prepareDigestible(topic.prepare));
    case "commit": {
      const { b, pn, cn, hn } = topic.commit;
      return as(
        "Commit",
        aggregate("CommitPayload", [
          ["B", ballotDigestible(b)],
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
          ["C", ballotDigestible(c)],
          ["HN", uint32(hn)],
        ]),
      );
    }
    default:
      return topic satisfies never;
  }
}

function nominateDigestible({ x, y }: NominatePayload): Digestible {
  return aggregate("NominatePayload", [
    ["X", valuesDigestible(x)],
    ["Y", valuesDigestible(y)],
  ]);
}

function prepareDigestible({ b, p, pp, cn, hn }: PreparePayload): Digestible {
  const optionalBallot = (ballot: Ballot | undefined): Digestible =>
    optional(ballot === undefined ? undefined : ballotDigestible(ballot));
  return aggregate("PreparePayload", [
    ["B", ballotDigestible(b)],
    ["P", optionalBallot(p)],
    ["PP", optionalBallot(pp)],
    ["CN", uint32(cn)],
    ["HN", uint32(hn)],
  ]);
}

function ballotDigestible({ n, x }: Ballot): Digestible {
  return aggregate("Ballot", [
    ["N", uint32(n)],
    ["X", valuesDigestible(valuesOf(x))],
  ]);
}

/** Values are nearly always hashes of transactions, which differ in 32 bytes. */
function valuesDigestible(values: readonly Value[]): Digestible {
  if (!values.every(isTxHashValue)) return list(values.map(valueDigestible));
  return recordList(TX_HASHES, fromHex(values.map((value) => value.slice(1)).join("")));
}

const TX_HASHES = shapeOfRecords(32, (hash) =>
  contentDigestible({ name: "TxHash", content: bytes(hash, 32, "A hash") }),
);
