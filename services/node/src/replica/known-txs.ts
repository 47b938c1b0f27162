// What the host knows of transactions that the enclave keeps: hashes, key images, output keys, tombstones. The bodies are
// the enclave's.
import { toHex } from "@fogbow/core-bytes";
import { tryTxHash, txHashValue, type Value } from "@fogbow/core-scp";
import type { TxContext } from "@fogbow/core-wire";
import { KNOWN_TXS_MAX } from "../limits.ts";

/** A transaction that the enclave found well formed. */
export interface KnownTx {
  readonly hash: Uint8Array;
  readonly value: Value;
  readonly keyImages: readonly Uint8Array[];
  readonly outputPublicKeys: readonly Uint8Array[];
  readonly tombstoneBlock: bigint;
  readonly highestIndices: readonly bigint[];
}

/** The transaction of a context. */
export function knownTx(context: TxContext): KnownTx {
  const { txHash: hash, keyImages, outputPublicKeys, tombstoneBlock } = context;
  const highestIndices = [...new Set(context.highestIndices)].sort((a, b) => (a < b ? -1 : 1));
  return { hash, value: txHashValue(hash), keyImages, outputPublicKeys, tombstoneBlock, highestIndices };
}

/** Transactions that can be nominated, combined and put into a block. */
export class KnownTxs {
  readonly #txs = new Map<Value, KnownTx>();
  readonly #byKeyImage = new Map<string, Set<Value>>();

  get size(): number {
    return this.#txs.size;
  }

  get(value: Value): KnownTx | undefined {
    return this.#txs.get(value);
  }

  /** Adds one; false when as many are kept as the enclave keeps. */
  add(tx: KnownTx): boolean {
    if (this.#txs.has(tx.value)) return true;
    if (this.#txs.size >= KNOWN_TXS_MAX) return false;
    this.#txs.set(tx.value, tx);
    for (const image of tx.keyImages.map(toHex)) {
      const spending = this.#byKeyImage.get(image);
      if (spending === undefined) this.#byKeyImage.set(image, new Set([tx.value]));
      else spending.add(tx.value);
    }
    return true;
  }

  /** Forgets one; the enclave must be told. */
  delete(value: Value): void {
    const tx = this.#txs.get(value);
    if (tx === undefined) return;
    this.#txs.delete(value);
    for (const image of tx.keyImages.map(toHex)) {
      const spending = this.#byKeyImage.get(image);
      spending?.delete(value);
      if (spending?.size === 0) this.#byKeyImage.delete(image);
    }
  }

  /** Those that spend an output with one of these key images. */
  spending(keyImages: readonly Uint8Array[]): Value[] {
    return [...new Set(keyImages.flatMap((image) => [...(this.#byKeyImage.get(toHex(image)) ?? [])]))];
  }

  /** Those whose tombstone block has come. */
  expired(blockCount: bigint): Value[] {
    return [...this.#txs.values()].filter((tx) => tx.tombstoneBlock <= blockCount).map(({ value }) => value);
  }
}

/** The hash of a transaction in hex, the same text in values and in maps. */
export function hashName(hash: Uint8Array): string {
  return toHex(hash);
}

/** The hash that a value stands for; throws for values that are no transactions' hashes. */
export function hashOf(value: Value): Uint8Array {
  const hash = tryTxHash(value);
  if (hash === undefined) throw new TypeError("The value is no hash.");
  return hash;
}
