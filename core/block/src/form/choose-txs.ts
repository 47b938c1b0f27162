// Which transactions go into the next block (spec 02 §6.4): whoever pays more comes first, and of transactions that
// cannot all be in one block the first. Every node chooses alike, whatever order it heard of them in.
import { toHex } from "@fogbow/core-bytes";
import { type FeeMap, type Tx, txHash } from "@fogbow/core-transaction";
import { compareBytes, compareIntegers, compareLists, inOrder } from "./compare.ts";

/** Transactions in a block, those that mint or configure minting not counted. */
export const TXS_MAX = 5_000;

/** What choosing needs to know of a transaction. An enclave tells it, of transactions that it found valid. */
export interface TxCandidate {
  /** What `FeeMap.priority` gives, or `priorityBucket` makes of that. Unsigned 64-bit. */
  readonly priority: bigint;
  /** 32 bytes. */
  readonly txHash: Uint8Array;
  readonly tombstoneBlock: bigint;
  /** One for each input, 32 bytes. */
  readonly keyImages: readonly Uint8Array[];
  /** The `highestIndex` of each membership proof: inputs in order, and ring members in order. */
  readonly highestIndexes: readonly bigint[];
  /** One for each output, 32 bytes. */
  readonly outputPublicKeys: readonly Uint8Array[];
}

/** Bits of a priority that decide the order of transactions unless a network says otherwise: all of them. */
export const PRIORITY_BITS = 64;

/** Bits of priorities that are put into buckets, at most: the order of a block tells its host no more of a fee than these. */
export const PRIORITY_BUCKET_BITS_MAX = 4;

/**
 * The bucket of a priority, of 2^bits: how often the minimum fee can be doubled before it is more than this, and the last
 * bucket for all from there on (spec 05 §5 c). With 64 bits the priority itself.
 */
export function priorityBucket(priority: bigint, bits: number): bigint {
  if (bits === PRIORITY_BITS) return priority;
  let bucket = 0n;
  for (let i = 1n; i < 1n << BigInt(bits); i++) bucket += BigInt(priority >= MINIMUM_PRIORITY << i);
  return bucket;
}

/** The priority of whoever pays the minimum fee. */
const MINIMUM_PRIORITY = 128n;

/** A transaction as a candidate; undefined when its fee is of a token that the network does not know. */
export function txCandidate(tx: Tx, minimumFees: FeeMap): TxCandidate | undefined {
  const { prefix, signature } = tx;
  const priority = minimumFees.priority({ value: prefix.fee, tokenId: prefix.feeTokenId });
  return priority === undefined
    ? undefined
    : {
        priority,
        txHash: txHash(tx),
        tombstoneBlock: prefix.tombstoneBlock,
        keyImages: signature.ringSignatures.map(({ keyImage }) => keyImage),
        highestIndexes: prefix.inputs.flatMap(({ proofs }) => proofs.map(({ highestIndex }) => highestIndex)),
        outputPublicKeys: prefix.outputs.map(({ publicKey }) => publicKey),
      };
}

/**
 * The candidates of the next block, in the order in which it must be formed: at most 5000, and no key image or output
 * key twice. `takenPublicKeys` are output keys that the block needs for itself: those of `mintedOutputs`, which anybody
 * can compute and could put into a transaction to make the block impossible.
 */
export function chooseTxs<Candidate extends TxCandidate>(
  candidates: readonly Candidate[],
  takenPublicKeys: readonly Uint8Array[] = [],
): Candidate[] {
  const keyImages = new Set<string>();
  const publicKeys = new Set(takenPublicKeys.map(toHex));
  const chosen: Candidate[] = [];
  for (const candidate of [...candidates].sort(compareCandidates)) {
    if (chosen.length >= TXS_MAX) break;
    const spent = candidate.keyImages.map(toHex);
    const made = candidate.outputPublicKeys.map(toHex);
    if (spent.some((image) => keyImages.has(image)) || made.some((key) => publicKeys.has(key))) continue;
    for (const image of spent) keyImages.add(image);
    for (const key of made) publicKeys.add(key);
    chosen.push(candidate);
  }
  return chosen;
}

/** The order of candidates. Hashes decide but for the priority; the rest is there for candidates that are told wrongly. */
function compareCandidates(a: TxCandidate, b: TxCandidate): number {
  return inOrder(
    () => compareIntegers(b.priority, a.priority),
    () => compareBytes(a.txHash, b.txHash),
    () => compareIntegers(a.tombstoneBlock, b.tombstoneBlock),
    () => compareLists(a.keyImages, b.keyImages, compareBytes),
    () => compareLists(a.highestIndexes, b.highestIndexes, compareIntegers),
    () => compareLists(a.outputPublicKeys, b.outputPublicKeys, compareBytes),
  );
}
