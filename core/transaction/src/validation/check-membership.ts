// Whether every ring member is in the ledger (spec 02 §6.1, §7.4). A sender's proof may be older than the ledger is now:
// it is checked against the root that the tree had when the proof was made, which follows from a proof of the node's own.
import { equalBytes } from "@fogbow/core-bytes";
import { TransactionError } from "../error.ts";
import {
  impliedRoot,
  proofWhenLast,
  type TxOutMembershipElement,
  type TxOutMembershipProof,
  verifyMembershipProof,
} from "../tx/membership-proof.ts";
import type { Tx } from "../tx/tx.ts";
import type { TransactionVerdict } from "./verdict.ts";

/**
 * The first ring member, in the order of the transaction, that is not proven to be in the ledger; undefined when all
 * are. `rootProofs` are the node's current proofs of the last leaf of each sender's proof, in the same order; repeat the
 * same object for equal leaves, and its hashes are computed once.
 */
export function checkMembership(tx: Tx, rootProofs: readonly TxOutMembershipProof[]): TransactionVerdict | undefined {
  const members = tx.prefix.inputs.flatMap(
    ({ ring, proofs }) => ring.map((txOut, i) => ({ txOut, proof: proofs[i] as TxOutMembershipProof })), // Counted before.
  );
  const roots = findRoots(rootProofs);
  if (!Array.isArray(roots)) return roots;
  for (const [i, { txOut, proof }] of members.entries()) {
    const root = roots[i];
    if (root === undefined || rootProofs[i]?.index !== proof.highestIndex) return INVALID_CONTEXT;
    try {
      if (!verifyMembershipProof(txOut, proof, root)) {
        return { code: "invalid-tx-out-membership-proof", detail: undefined };
      }
    } catch (error) {
      if (!(error instanceof TransactionError)) throw error;
      return { code: "membership-proof-validation-error", detail: error.code };
    }
  }
  return undefined;
}

const INVALID_CONTEXT: TransactionVerdict = { code: "invalid-ledger-context", detail: undefined };

/** The root of each proof's time, or why the node's proofs are of no use. */
function findRoots(rootProofs: readonly TxOutMembershipProof[]): Uint8Array[] | TransactionVerdict {
  const known = new Map<TxOutMembershipProof, Uint8Array>();
  let current: TxOutMembershipElement | undefined;
  try {
    for (const proof of new Set(rootProofs)) {
      const root = impliedRoot(proof);
      current ??= root;
      if (!isSame(root, current)) return INVALID_CONTEXT; // Proofs of one moment lead to one root.
      known.set(proof, impliedRoot(proofWhenLast(proof)).hash);
    }
  } catch (error) {
    if (!(error instanceof TransactionError)) throw error;
    if (error.code !== "invalid-range") return { code: "invalid-ledger-context", detail: error.code };
    return { code: "membership-proof-validation-error", detail: error.code };
  }
  return rootProofs.map((proof) => known.get(proof) as Uint8Array); // Each was seen above.
}

function isSame(a: TxOutMembershipElement, b: TxOutMembershipElement): boolean {
  return a.range.from === b.range.from && a.range.to === b.range.to && equalBytes(a.hash, b.hash);
}
