// What must hold of every block that an honest node appends (spec 05 §1.10, §6.4). The checks know every key of the
// economy, so they open all amounts.
import { type BlockData, encodeBlock, encodeBlockContents } from "@fogbow/core-block";
import { equalBytes, fromHex, toHex } from "@fogbow/core-bytes";
import { PrivateKey, publicKey } from "@fogbow/core-crypto";
import { TOMBSTONE_DISTANCE_MAX, type TxOut, tryUnmaskAmount, txOutSharedSecret } from "@fogbow/core-transaction";
import { MINTED_TOKEN, openOwn, originData } from "../world/economy.ts";
import { type PooledTx, pooledByOutput } from "../world/tx-pool.ts";
import { Violation } from "./violation.ts";

/** A block that some honest node appended first. */
export interface KnownBlock {
  readonly data: BlockData;
  readonly txs: readonly PooledTx[];
  /** What all nodes must have, byte for byte. */
  readonly encoded: string;
  /** Who appended it first. */
  readonly by: number;
}

/** An output that no transaction made. */
interface Extra {
  readonly kind: "fee" | "minted";
  readonly value: bigint;
}

/** The view private key of the address to which a development network's fees go; it is in the reference's tests. */
const FEE_VIEW_PRIVATE_KEY = "159863fb8c02329a02abbc3ca3f3ccc3f14ecc55ca34faf2d7f7af3b79b96f08";
const TOKENS = 2;

/** The one chain that all honest nodes must have. */
export class ChainChecks {
  readonly #blocks: KnownBlock[] = [];
  readonly #keyImages = new Map<string, bigint>();
  readonly #outputs = new Map<string, bigint>();
  readonly #txs = new Map<string, bigint>();
  readonly #feeKey = new PrivateKey(fromHex(FEE_VIEW_PRIVATE_KEY));

  constructor() {
    const data = originData();
    this.#blocks.push({ data, txs: [], encoded: encodedOf(data), by: 0 });
    for (const { publicKey: key } of data.contents.outputs) this.#outputs.set(toHex(key), 0n);
  }

  /** How many blocks somebody has. */
  get height(): number {
    return this.#blocks.length;
  }

  block(index: number): KnownBlock | undefined {
    return this.#blocks[index];
  }

  /** The block that a transaction (hash in hex) is in. */
  blockOf(hash: string): bigint | undefined {
    return this.#txs.get(hash);
  }

  /** The block in which something with this key image (hex) was spent. */
  spentIn(keyImage: string): bigint | undefined {
    return this.#keyImages.get(keyImage);
  }

  /** The block that made the output with this public key (hex). */
  madeIn(outputPublicKey: string): bigint | undefined {
    return this.#outputs.get(outputPublicKey);
  }

  /** An honest node has a block more. */
  appended(node: number, data: BlockData): void {
    const { block } = data;
    const index = Number(block.index);
    const known = this.#blocks[index];
    const encoded = encodedOf(data);
    if (known === undefined) {
      if (index !== this.#blocks.length) throw new Violation("S4", `Node ${node} appended block ${index} too early.`);
      this.#accept(node, data, encoded);
    } else if (known.encoded !== encoded) {
      const ids = `${toHex(known.data.block.id)}, node ${node} ${toHex(block.id)}`;
      throw new Violation("S1", `Block ${index}: node ${known.by} has ${ids}.`);
    }
    const parent = this.#blocks[index - 1];
    if (parent !== undefined && !equalBytes(parent.data.block.id, block.parentId)) {
      throw new Violation("S4", `Node ${node}: block ${index} does not follow block ${index - 1}.`);
    }
  }

  #accept(node: number, data: BlockData, encoded: string): void {
    const { block, contents } = data;
    for (const image of contents.keyImages.map(toHex)) {
      const spent = this.#keyImages.get(image);
      if (spent !== undefined) throw new Violation("key-images", `${image}: blocks ${spent} and ${block.index}.`);
      this.#keyImages.set(image, block.index);
    }
    const made = contents.outputs.map(({ publicKey: key }) => toHex(key));
    const txs = txsOf(data, made);
    for (const tx of txs) {
      const before = this.#txs.get(tx.hash);
      if (before !== undefined) throw new Violation("tx-once", `${tx.name}: blocks ${before} and ${block.index}.`);
      this.#txs.set(tx.hash, block.index);
      assertValid(tx, block.index);
    }
    for (const key of made) {
      const before = this.#outputs.get(key);
      if (before !== undefined) throw new Violation("S3", `Output key ${key}: blocks ${before} and ${block.index}.`);
      this.#outputs.set(key, block.index);
    }
    this.#assertConserved(data, txs);
    this.#blocks.push({ data, txs, encoded, by: node });
  }

  #assertConserved({ block, contents }: BlockData, txs: readonly PooledTx[]): void {
    const known = new Map(
      txs.flatMap(({ outputPublicKeys, outputValues }) =>
        outputPublicKeys.map((key, i) => [key, outputValues[i] ?? 0n] as const),
      ),
    );
    const rest = contents.outputs.filter(({ publicKey: key }) => !known.has(toHex(key)));
    const opened = rest.map((txOut) => this.#openFee(txOut) ?? openMinted(txOut));
    const fees = opened.filter((each) => each?.kind === "fee");
    const minted = opened.filter((each) => each?.kind === "minted");
    const isOwed = fees.length === Math.min(TOKENS, txs.length) && minted.length === contents.mintTxs.length;
    if (!isOwed || opened.includes(undefined)) {
      throw new Violation("money", `Block ${block.index} holds outputs that nobody is owed.`);
    }
    const paid = txs.reduce((sum, { fee }) => sum + fee, 0n);
    const spent = txs.reduce((sum, each) => sum + each.spent, 0n);
    const created = [...known.values()].reduce((sum, value) => sum + value, 0n) + total(fees);
    if (paid !== total(fees) || spent !== created) {
      const sums = `${spent} went in, ${created} came out; fees ${paid} and ${total(fees)}`;
      throw new Violation("money", `Block ${block.index}: ${sums}.`);
    }
    const asked = contents.mintTxs.reduce((sum, { prefix }) => sum + prefix.amount, 0n);
    if (asked !== total(minted))
      throw new Violation("money", `Block ${block.index} mints ${total(minted)}, not ${asked}.`);
  }

  #openFee(txOut: TxOut): Extra | undefined {
    const { maskedAmount } = txOut;
    if (maskedAmount === undefined) return undefined;
    const opened = tryUnmaskAmount(maskedAmount, txOutSharedSecret(this.#feeKey, publicKey(txOut.publicKey)));
    return opened && { kind: "fee", value: opened.value };
  }
}

/** The transactions of the pool that a block holds: those whose outputs are all there, and whose key images are. */
function txsOf({ block, contents }: BlockData, made: readonly string[]): PooledTx[] {
  const outputs = new Set(made);
  const images = new Set(contents.keyImages.map(toHex));
  const candidates = new Set(made.flatMap(pooledByOutput));
  const txs = [...candidates].filter(
    (tx) => tx.outputPublicKeys.every((key) => outputs.has(key)) && tx.keyImages.every((image) => images.has(image)),
  );
  const accounted = new Set(txs.flatMap(({ keyImages }) => keyImages));
  if (accounted.size !== images.size) {
    throw new Violation("S3", `Block ${block.index} spends what no transaction in it spends.`);
  }
  return txs;
}

function assertValid(tx: PooledTx, index: bigint): void {
  const isInTime = index < tx.tombstoneBlock && tx.tombstoneBlock <= index + BigInt(TOMBSTONE_DISTANCE_MAX);
  if (tx.result !== 0 || !isInTime) throw new Violation("S3", `Block ${index} holds ${tx.name}.`);
}

function openMinted(txOut: TxOut): Extra | undefined {
  const owned = openOwn(txOut);
  return owned?.amount.tokenId === MINTED_TOKEN ? { kind: "minted", value: owned.amount.value } : undefined;
}

function total(extras: readonly (Extra | undefined)[]): bigint {
  return extras.reduce((sum, extra) => sum + (extra?.value ?? 0n), 0n);
}

function encodedOf({ block, contents }: BlockData): string {
  return Buffer.concat([encodeBlock(block), encodeBlockContents(contents)]).toString("latin1");
}
