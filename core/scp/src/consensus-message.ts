// Messages as nodes sign them (spec 05 §1.8): the structural digest of what is said, bound to the block before, so that a
// message says nothing on another chain.
import { ed25519PublicDigestible, type NodeId, quorumSetDigestible, responderIdDigestible } from "@fogbow/core-block";
import { type Bytes, bytes } from "@fogbow/core-bytes";
import {
  aggregate,
  appendStrict,
  type Digestible,
  digest32,
  type Ed25519PrivateKey,
  ed25519Sign,
  ed25519Verify,
  list,
  optional,
  primitive,
  Transcript,
  uint32,
  uint64,
  variant,
} from "@fogbow/core-crypto";
import type { Ballot } from "./ballot.ts";
import { type Message, type NominatePayload, type PreparePayload, TOPIC_RANK, type Topic } from "./message.ts";
import { valuesOf } from "./value.ts";
import { valueDigestible } from "./wire/value-text.ts";

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
  const transcript = new Transcript("peer-message");
  appendStrict(transcript, "scp_msg", messageDigestible(message));
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
      ["scp_msg", messageDigestible(message)],
      ["prev_block_id", primitive("bytes", previousBlockId)],
      ["signature", primitive("ed25519-sig", signature)],
    ]),
  );
}

function messageDigestible({ sender, slotIndex, quorumSet, topic }: Message): Digestible {
  return aggregate("Msg", [
    ["sender_id", nodeDigestible(sender)],
    ["slot_index", uint64(slotIndex)],
    ["quorum_set", quorumSetDigestible(quorumSet)],
    ["topic", topicDigestible(topic)],
  ]);
}

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
    ["X", list(x.map(valueDigestible))],
    ["Y", list(y.map(valueDigestible))],
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
    ["X", list(valuesOf(x).map(valueDigestible))],
  ]);
}
