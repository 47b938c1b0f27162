// The host's own membership proofs: of one tree, or of no use.
import { equalBytes } from "@fogbow/core-bytes";
import {
  impliedRoot,
  membershipProofFromWire,
  type TxOutMembershipElement,
  type TxOutMembershipProof,
} from "@fogbow/core-transaction";
import type { CheckTxsRequest } from "@fogbow/core-wire";
import { ConsensusError } from "./error.ts";

/** Proofs of one tree. */
export interface RootProofs {
  /** By the leaf that they are of. */
  readonly byLeaf: ReadonlyMap<bigint, TxOutMembershipProof>;
  /** The root that all of them lead to; undefined when there are none. */
  readonly root: TxOutMembershipElement | undefined;
}

/** Throws {@link ConsensusError} `proofs-of-different-times`, WireError, and TransactionError for proofs that lead nowhere. */
export function readRootProofs(messages: CheckTxsRequest["rootProofs"]): RootProofs {
  const proofs = messages.map(membershipProofFromWire);
  const [root, ...others] = proofs.map(impliedRoot);
  if (root !== undefined && !others.every((other) => isSame(other, root))) {
    throw new ConsensusError("proofs-of-different-times", "The host's own proofs lead to different roots.");
  }
  return { byLeaf: new Map(proofs.map((proof) => [proof.index, proof])), root };
}

function isSame(a: TxOutMembershipElement, b: TxOutMembershipElement): boolean {
  return a.range.from === b.range.from && a.range.to === b.range.to && equalBytes(a.hash, b.hash);
}
