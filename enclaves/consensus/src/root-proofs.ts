// The host's own membership proofs: of one tree, or of no use.
import { equalBytes } from "@fogbow/core-bytes";
import {
  impliedRoot,
  membershipProofFromWire,
  type TxOutMembershipElement,
  type TxOutMembershipProof,
} from "@fogbow/core-transaction";
import type { CheckTxsRequest } from "@fogbow/core-wire";
import type { EnclaveState } from "./enclave-state.ts";
import { ConsensusError } from "./error.ts";
import { type RecordVault, SEALED_HASH_BYTES } from "./retention/record-vault.ts";

/** Proofs of one tree. */
export interface RootProofs {
  /** By the leaf that they are of. */
  readonly byLeaf: ReadonlyMap<bigint, TxOutMembershipProof>;
  /** The root that all of them lead to; undefined when there are none. */
  readonly root: TxOutMembershipElement | undefined;
}

/** Throws {@link ConsensusError} `proofs-of-different-times`, `invalid-record` or `root-mismatch`, WireError, and TransactionError for proofs that lead nowhere. */
export function readRootProofs(
  messages: CheckTxsRequest["rootProofs"],
  { kept }: Pick<EnclaveState, "kept">,
): RootProofs {
  const proofs = messages.map((message) =>
    membershipProofFromWire(kept === undefined ? message : opened(message, kept.vault)),
  );
  const [root, ...others] = proofs.map(impliedRoot);
  if (root !== undefined && !others.every((other) => isSame(other, root))) {
    throw new ConsensusError("proofs-of-different-times", "The host's own proofs lead to different roots.");
  }
  if (kept !== undefined && root !== undefined && !kept.roots().some((own) => isSame(own, root))) {
    throw new ConsensusError("root-mismatch", "The host's proofs lead to another root than that of the kept ledger.");
  }
  return { byLeaf: new Map(proofs.map((proof) => [proof.index, proof])), root };
}

/** A proof whose hashes the host keeps sealed. Those of nothing, which everybody knows, are not. */
function opened(proof: Message, vault: RecordVault): Message {
  const elements = proof.elements.map((element) => {
    const { range, hash } = element;
    if (range === undefined || hash?.data.length !== SEALED_HASH_BYTES) return element;
    return { ...element, hash: { ...hash, data: vault.openNode(range, hash.data) } };
  });
  return { ...proof, elements };
}

type Message = CheckTxsRequest["rootProofs"][number];

function isSame(a: TxOutMembershipElement, b: TxOutMembershipElement): boolean {
  return a.range.from === b.range.from && a.range.to === b.range.to && equalBytes(a.hash, b.hash);
}
