// What a thread does with a batch: decode, apply every rule of spec 02 §6.1, all range proofs together.
import { CodedError, type Random } from "@fogbow/core-bytes";
import {
  type BlockVersion,
  decodeMembershipProof,
  decodeTx,
  FeeMap,
  type TransactionInContext,
  type TransactionVerdict,
  type TxOutMembershipProof,
  validateTransactions,
} from "@fogbow/core-transaction";

/** What transactions are verified against, as it crosses from thread to thread. */
export interface VerificationContext {
  /** That of the block being built. */
  readonly blockVersion: BlockVersion;
  /** The index of the block being built. */
  readonly currentIndex: bigint;
  /** The minimum fee of each token that the network knows. */
  readonly minimumFees: readonly (readonly [token: bigint, fee: bigint])[];
  /**
   * The node's own current membership proofs, encoded, one for each `highestIndex` that occurs in the transactions' proofs.
   * A transaction with a proof of another highest index is answered `invalid-ledger-context`.
   */
  readonly rootProofs: readonly Uint8Array[];
}

/** A transaction in its wire encoding, to be verified in a context. Equal contexts should be one object. */
export interface VerificationRequest {
  readonly tx: Uint8Array;
  readonly context: VerificationContext;
}

/** The verdict on a transaction, or that its bytes are none. */
export type VerificationAnswer =
  | TransactionVerdict
  | { readonly code: "malformed" | "invalid-ledger-context"; readonly detail: string }; // The code of the error.

/**
 * The answer to each request, in order; undefined for those that `isCancelled` when their turn comes. Never throws,
 * whatever the transactions and contexts are: a context that makes no sense is answered `invalid-ledger-context`.
 */
export function verifyBatch(
  requests: readonly VerificationRequest[],
  random: Random,
  isCancelled: (index: number) => boolean = () => false,
): (VerificationAnswer | undefined)[] {
  const answers: (VerificationAnswer | undefined)[] = requests.map(() => undefined);
  const contexts = new Map<VerificationContext, ReadContext | VerificationAnswer>();
  const verified: number[] = [];
  function* decoded(): Generator<TransactionInContext> {
    for (const [index, { tx, context }] of requests.entries()) {
      if (isCancelled(index)) continue;
      const read = contexts.get(context) ?? readContext(context);
      contexts.set(context, read);
      const request = "code" in read ? read : decode(tx, read);
      if ("code" in request) {
        answers[index] = request;
        continue;
      }
      verified.push(index);
      yield request;
    }
  }
  for (const [i, verdict] of validateTransactions(decoded(), random).entries()) {
    answers[verified[i] as number] = verdict; // One each.
  }
  return answers;
}

/** A context, decoded once for all transactions that share it. */
interface ReadContext {
  readonly context: Omit<TransactionInContext["context"], "rootProofs">;
  /** By the leaf they are of. */
  readonly rootProofs: ReadonlyMap<bigint, TxOutMembershipProof>;
}

function readContext({
  blockVersion,
  currentIndex,
  minimumFees,
  rootProofs,
}: VerificationContext): ReadContext | VerificationAnswer {
  try {
    const proofs = rootProofs.map((encoded) => decodeMembershipProof(encoded));
    return {
      context: { blockVersion, currentIndex, minimumFees: new FeeMap(minimumFees) },
      rootProofs: new Map(proofs.map((proof) => [proof.index, proof])),
    };
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    return { code: "invalid-ledger-context", detail: error.code };
  }
}

function decode(bytes: Uint8Array, { context, rootProofs }: ReadContext): TransactionInContext | VerificationAnswer {
  try {
    const tx = decodeTx(bytes);
    const members = tx.prefix.inputs.flatMap(({ proofs }) => proofs);
    // A missing one makes the list too short, which validation has a code for.
    return {
      tx,
      context: { ...context, rootProofs: members.flatMap(({ highestIndex }) => rootProofs.get(highestIndex) ?? []) },
    };
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    return { code: "malformed", detail: error.code };
  }
}
