// A transaction: rings of outputs of which one each is spent, new outputs, a fee, and the signature (spec 02 §1.4, §5).
import type { TokenId, TokenValue } from "@fogbow/core-bytes";
import type { CompressedPoint, RingMlsag } from "@fogbow/core-crypto";
import type { TxOut } from "../output/tx-out.ts";
import type { InputRules } from "./input-rules.ts";
import type { TxOutMembershipProof } from "./membership-proof.ts";

/** A whole transaction. */
export interface Tx {
  readonly prefix: TxPrefix;
  readonly signature: SignatureRctBulletproofs;
  /** The sender's view of the minimum fees: 32 bytes, or empty to accept any. Hashed, but covered by no signature. */
  readonly feeMapDigest: Uint8Array;
}

/** A transaction without its signature. */
export interface TxPrefix {
  /** In ascending order of the first ring member's public key. */
  readonly inputs: readonly TxIn[];
  /** From block version 3 in ascending order of public keys. */
  readonly outputs: readonly TxOut[];
  /** In the smallest unit of the fee token. */
  readonly fee: TokenValue;
  readonly feeTokenId: TokenId;
  /** The transaction is in a block before this one or never. Unsigned 64-bit. */
  readonly tombstoneBlock: bigint;
}

/** One spent output among decoys. */
export interface TxIn {
  /** In ascending order of public keys. */
  readonly ring: readonly TxOut[];
  /** One for each member of the ring, in the same order. */
  readonly proofs: readonly TxOutMembershipProof[];
  /** From block version 3: what the signer of this input demands of the transaction that spends it. */
  readonly inputRules: InputRules | undefined;
}

/** Shows that a transaction spends outputs of its owners, creates no money and hides no negative amount. */
export interface SignatureRctBulletproofs {
  /** One for each input. */
  readonly ringSignatures: readonly RingMlsag[];
  /** One for each input: a commitment to its value with a fresh blinding. */
  readonly pseudoOutputCommitments: readonly CompressedPoint[];
  /** Before block version 3 one proof for everything; empty from then on. */
  readonly rangeProofBytes: Uint8Array;
  /** From block version 3 one proof for each token, in ascending order of token ids. */
  readonly rangeProofs: readonly Uint8Array[];
  /** From block version 3 one for each input. */
  readonly pseudoOutputTokenIds: readonly TokenId[];
  /** From block version 3 one for each output. */
  readonly outputTokenIds: readonly TokenId[];
}
