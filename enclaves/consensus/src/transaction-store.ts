// The transactions that the enclave holds: in its own memory, by hash, bounded. The host names hashes and never sees more.
import { PRIORITY_BITS, priorityBucket, txCandidate } from "@fogbow/core-block";
import { equalBytes, toHex, wipeBytes } from "@fogbow/core-bytes";
import {
  decodeTx,
  type FeeMap,
  TransactionError,
  type TransactionValidationCode,
  type Tx,
  type TxSignatureResult,
} from "@fogbow/core-transaction";
import { WireError } from "@fogbow/core-wire";
import { ConsensusError } from "./error.ts";
import { TRANSACTION_BYTES_MAX, TRANSACTIONS_MAX } from "./limits.ts";

/** What there is to know of a transaction without its body. */
export type TxFacts = NonNullable<ReturnType<typeof txCandidate>>;

/** A transaction that is kept. */
export interface KeptTx {
  readonly facts: TxFacts;
  /** The body, in its wire encoding: zeros once it was forgotten. */
  readonly encoded: Uint8Array;
  /** What verifying its signature gave, once somebody has. Nothing in the ledger changes it. */
  signatureResult: TxSignatureResult | undefined;
  /** Whether everything was in order when it was last checked. */
  isWellFormed: boolean;
}

/** A transaction that was taken in, or why not. */
export type Intake = { readonly kept: KeptTx } | { readonly refused: TransactionValidationCode };

/** How much is kept. */
export interface StoreLimits {
  readonly transactionsMax?: number;
  readonly bytesMax?: number;
}

/** What a network says about fees. */
export interface FeeRules {
  readonly minimumFees: FeeMap;
  /** 64 unless the order of transactions shall tell less of their fees. */
  readonly priorityBits?: number;
}

/** Transactions by their hashes. */
export class TransactionStore {
  readonly #fees: FeeMap;
  readonly #priorityBits: number;
  readonly #transactionsMax: number;
  readonly #bytesMax: number;
  readonly #txs = new Map<string, KeptTx>();
  /** Those not found well formed, in the order in which they came: they make room. */
  readonly #unchecked = new Set<string>();
  #bytes = 0;

  constructor({ minimumFees, priorityBits = PRIORITY_BITS }: FeeRules, limits: StoreLimits = {}) {
    this.#fees = minimumFees;
    this.#priorityBits = priorityBits;
    this.#transactionsMax = limits.transactionsMax ?? TRANSACTIONS_MAX;
    this.#bytesMax = limits.bytesMax ?? TRANSACTION_BYTES_MAX;
  }

  /** How many transactions are kept. */
  get size(): number {
    return this.#txs.size;
  }

  /** Bytes of the transactions that are kept. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Keeps a transaction, and takes its buffer, which is overwritten when it is not needed. When there is no room, those
   * leave that nobody has found well formed, the oldest first. Throws {@link ConsensusError} `malformed-tx`, or
   * `transactions-full`.
   */
  takeIn(encoded: Uint8Array): Intake {
    try {
      const tx = decode(encoded);
      if (typeof tx === "string") return this.#refuse(encoded, tx);
      const { feeMapDigest } = tx;
      const sawOtherFees = feeMapDigest.length !== 0 && !equalBytes(feeMapDigest, this.#fees.digest);
      if (sawOtherFees) return this.#refuse(encoded, "fee-map-digest-mismatch");
      const candidate = txCandidate(tx, this.#fees);
      if (candidate === undefined) return this.#refuse(encoded, "token-not-yet-configured");
      const facts = { ...candidate, priority: priorityBucket(candidate.priority, this.#priorityBits) };
      return { kept: this.#keep(facts, encoded) };
    } catch (error) {
      wipeBytes(encoded);
      throw error;
    }
  }

  /** The transaction with this hash, if it is kept. */
  find(hash: Uint8Array): KeptTx | undefined {
    return this.#txs.get(toHex(hash));
  }

  /** The transaction with this hash, found well formed. Throws {@link ConsensusError} `unknown-tx`. */
  wellFormed(hash: Uint8Array): KeptTx {
    const tx = this.find(hash);
    if (tx?.isWellFormed !== true) {
      throw new ConsensusError("unknown-tx", `The enclave has no well-formed transaction ${toHex(hash)}.`);
    }
    return tx;
  }

  /** Notes that a transaction is well formed. False when it was forgotten meanwhile. */
  accept(tx: KeptTx): boolean {
    if (this.find(tx.facts.txHash) !== tx) return false;
    tx.isWellFormed = true;
    this.#unchecked.delete(toHex(tx.facts.txHash));
    return true;
  }

  /** Overwrites and drops the transaction with this hash, if it is kept. */
  forget(hash: Uint8Array): void {
    const name = toHex(hash);
    const tx = this.#txs.get(name);
    if (tx === undefined) return;
    this.#txs.delete(name);
    this.#unchecked.delete(name);
    this.#bytes -= tx.encoded.length;
    tx.isWellFormed = false;
    wipeBytes(tx.encoded);
  }

  #keep(facts: TxFacts, encoded: Uint8Array): KeptTx {
    const name = toHex(facts.txHash);
    const known = this.#txs.get(name);
    if (known !== undefined) {
      wipeBytes(encoded);
      return known;
    }
    this.#makeRoom(encoded.length);
    const kept: KeptTx = { facts, encoded, signatureResult: undefined, isWellFormed: false };
    this.#txs.set(name, kept);
    this.#unchecked.add(name);
    this.#bytes += encoded.length;
    return kept;
  }

  #makeRoom(bytes: number): void {
    for (const name of this.#unchecked) {
      if (this.#hasRoom(bytes)) return;
      this.forget(this.#txs.get(name)?.facts.txHash as Uint8Array); // What is unchecked is kept.
    }
    if (!this.#hasRoom(bytes)) {
      throw new ConsensusError("transactions-full", "The enclave keeps as many transactions as it may.");
    }
  }

  #hasRoom(bytes: number): boolean {
    return this.#txs.size < this.#transactionsMax && this.#bytes + bytes <= this.#bytesMax;
  }

  #refuse(encoded: Uint8Array, refused: TransactionValidationCode): Intake {
    wipeBytes(encoded);
    return { refused };
  }
}

/** The transaction, or the code that decoding alone leads to. */
function decode(encoded: Uint8Array): Tx | TransactionValidationCode {
  try {
    return decodeTx(encoded);
  } catch (error) {
    if (!(error instanceof WireError) && !(error instanceof TransactionError)) throw error;
    if (error.code === "unknown-masked-amount-version") return error.code;
    throw new ConsensusError("malformed-tx", "What was sealed is no transaction."); // The cause stays in here.
  }
}
