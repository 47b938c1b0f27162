// Known answers of membership proofs recorded from the public test network (spec 02 §7).
import {
  decodeMembershipProof,
  decodeTxOut,
  encodeMembershipProof,
  impliedRoot,
  leafHash,
  txOutHash,
  verifyMembershipProof,
} from "@fogbow/core-transaction";
import { type Case, expectEqual, expectThat } from "./case.ts";

/** The proof leads from the output to the stated root, and only to that. */
export function checkMembershipProof(one: Case): void {
  const txOut = decodeTxOut(one.hex("tx_out_proto_hex"));
  const proof = decodeMembershipProof(one.hex("proof_proto_hex"));
  expectEqual("index", proof.index, one.integer("index"));
  expectEqual("highest_index", proof.highestIndex, one.integer("highest_index"));
  expectEqual("tx_out_hash", txOutHash(txOut), one.hex("tx_out_hash"));
  expectEqual("leaf_hash", leafHash(txOutHash(txOut)), one.hex("leaf_hash"));
  expectEqual("proof_proto_hex", encodeMembershipProof(proof), one.hex("proof_proto_hex"));

  const stated = one.part("root");
  const { range, hash } = impliedRoot(proof);
  expectEqual("root.from", range.from, stated.integer("from"));
  expectEqual("root.to", range.to, stated.integer("to"));
  expectEqual("root.hash", hash, stated.hex("hash"));
  expectThat(verifyMembershipProof(txOut, proof, stated.hex("hash")), "the proof does not verify");
  expectThat(!verifyMembershipProof(txOut, proof, new Uint8Array(32)), "the proof verifies against another root");
}
