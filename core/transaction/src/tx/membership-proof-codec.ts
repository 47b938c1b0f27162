// Membership proofs as protobuf messages (spec 02 §10).
import {
  decodeMessage,
  encodeMessage,
  readData,
  readPresent,
  type TxOutMembershipElement as TxOutMembershipElementMessage,
  type TxOutMembershipProof as TxOutMembershipProofMessage,
  TxOutMembershipProofSchema,
} from "@fogbow/core-wire";
import { MEMBERSHIP_PROOF_BYTES_MAX } from "../limits.ts";
import type { TxOutMembershipElement, TxOutMembershipProof } from "./membership-proof.ts";

/** A membership proof as bytes. */
export function encodeMembershipProof(proof: TxOutMembershipProof): Uint8Array {
  return encodeMessage(TxOutMembershipProofSchema, membershipProofToWire(proof));
}

/** A membership proof from bytes. Throws WireError. Says nothing about whether the proof is right. */
export function decodeMembershipProof(encoded: Uint8Array): TxOutMembershipProof {
  const message = decodeMessage(TxOutMembershipProofSchema, encoded, { bytesMax: MEMBERSHIP_PROOF_BYTES_MAX });
  return membershipProofFromWire(message);
}

/** A node of the tree as `encodeMessage` takes it. */
export interface MembershipElementInit {
  readonly range: { readonly from: bigint; readonly to: bigint };
  readonly hash: { readonly data: Uint8Array };
}

/** A membership proof as `encodeMessage` takes it. */
export interface MembershipProofInit {
  readonly index: bigint;
  readonly highestIndex: bigint;
  readonly elements: MembershipElementInit[];
}

/** A membership proof as a message, to be put into larger ones. */
export function membershipProofToWire({ index, highestIndex, elements }: TxOutMembershipProof): MembershipProofInit {
  return { index, highestIndex, elements: elements.map(membershipElementToWire) };
}

/** A membership proof from a message. Throws WireError `missing-field` or `wrong-length`. */
export function membershipProofFromWire(message: TxOutMembershipProofMessage): TxOutMembershipProof {
  return {
    index: message.index,
    highestIndex: message.highestIndex,
    elements: message.elements.map(membershipElementFromWire),
  };
}

/** A node of the tree as a message, to be put into larger ones. */
export function membershipElementToWire({ range, hash }: TxOutMembershipElement): MembershipElementInit {
  return { range: { from: range.from, to: range.to }, hash: { data: hash } };
}

/** A node of the tree from a message. Throws WireError `missing-field` or `wrong-length`. */
export function membershipElementFromWire(message: TxOutMembershipElementMessage): TxOutMembershipElement {
  const { from, to } = readPresent(message.range, "range");
  return { range: { from, to }, hash: readData(message.hash, 32, "hash") };
}
