// Real transactions, valid and not, built when a run first asks for them and kept for all later ones: building one costs
// as much as hundreds of events.
import { publicAddress } from "@fogbow/core-account";
import { MOB, Secret, toHex, tokenValue } from "@fogbow/core-bytes";
import { compressedPoint } from "@fogbow/core-crypto";
import {
  buildUnsignedTx,
  chooseDecoys,
  decodeTx,
  EmptyMemoBuilder,
  encodeTx,
  type LedgerTxOut,
  reservedAddresses,
  ringSigner,
  signBuiltTx,
  TOMBSTONE_DISTANCE_MAX,
  type Tx,
  type TxInput,
  txHash,
  type UnsignedTx,
} from "@fogbow/core-transaction";
import { SeededRandom } from "../engine/random.ts";
import { BLOCK_VERSION, GRANT, minimumFees, openOwn, originLedger, owner } from "./economy.ts";

/** A transaction, and what a check needs to know of it. */
export interface PooledTx {
  /** What it is, in words: the same words mean the same transaction. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Hex. */
  readonly hash: string;
  readonly priority: bigint;
  readonly tombstoneBlock: bigint;
  /** Hex. */
  readonly keyImages: readonly string[];
  /** Hex. */
  readonly outputPublicKeys: readonly string[];
  /** What its outputs hold, in the same order, in picoMOB. */
  readonly outputValues: readonly bigint[];
  readonly fee: bigint;
  /** What its inputs held. */
  readonly spent: bigint;
  /** The answer a node owes to whoever proposes it to a young ledger: 0 when it is valid (spec 05 §2.8). */
  readonly result: number;
}

/** How a transaction differs from one that returns a grant to its owner for the least fee. */
interface Wish {
  readonly name: string;
  /** Which grants it spends. */
  readonly grants: readonly number[];
  readonly fee?: bigint;
  readonly tombstoneBlock?: bigint;
  readonly change?: (unsigned: UnsignedTx) => UnsignedTx;
  readonly damage?: (tx: Tx) => Tx;
  readonly result?: number;
}

const LEAST_FEE = 400_000_000n;
const FAR = BigInt(TOMBSTONE_DISTANCE_MAX);

const pool = new Map<string, PooledTx>();
const byHash = new Map<string, PooledTx>();
const byOutput = new Map<string, PooledTx[]>();

/** Spends a grant; it lives long. */
export function payment(grant: number): PooledTx {
  return pooled({ name: `payment ${grant}`, grants: [grant] });
}

/** Spends two grants. */
export function largePayment(first: number, second: number): PooledTx {
  return pooled({ name: `large payment ${first} ${second}`, grants: [first, second] });
}

/** Spends the same grant as {@link payment}, and pays a little more for it: one of the two is in a block, never both. */
export function rival(grant: number): PooledTx {
  return pooled({ name: `rival ${grant}`, grants: [grant], fee: LEAST_FEE + 4_000_000n });
}

/** Spends another grant than {@link payment}, and would make an output with the key of one of its outputs. */
export function twin(grant: number, other: number): PooledTx {
  const name = `twin ${grant} ${other}`;
  return pool.get(name) ?? pooled({ name, grants: [other], change: withOutputKey(payment(grant)) });
}

/** Spends a grant, before a certain block or never. */
export function shortLived(grant: number, tombstoneBlock: bigint): PooledTx {
  return pooled({ name: `short-lived ${grant} ${tombstoneBlock}`, grants: [grant], tombstoneBlock });
}

/** The ways in which a transaction is invalid whatever the ledger says. */
export const INVALID_KINDS = [
  "ring-signature",
  "range-proof",
  "commitment",
  "fee",
  "tombstone-too-far",
  "proof",
] as const;

/** Invalid in one way. */
export function invalid(kind: (typeof INVALID_KINDS)[number], grant: number): PooledTx {
  const base = { name: `invalid ${kind} ${grant}`, grants: [grant] };
  switch (kind) {
    case "ring-signature":
      return pooled({ ...base, damage: damageRing, result: 15 });
    case "range-proof":
      return pooled({ ...base, damage: damageRange, result: 15 });
    case "commitment":
      return pooled({ ...base, damage: swapPseudoOutput, result: 15 });
    case "fee":
      return pooled({ ...base, damage: (tx) => withPrefix(tx, { fee: tokenValue(LEAST_FEE - 1n) }), result: 37 });
    case "tombstone-too-far":
      return pooled({ ...base, damage: (tx) => withPrefix(tx, { tombstoneBlock: 1_000_000n }), result: 19 });
    case "proof":
      return pooled({ ...base, damage: damageProof, result: 32 });
    default:
      return kind satisfies never;
  }
}

/** The transaction with this hash (hex), if a run ever asked for it. */
export function pooledByHash(hash: string): PooledTx | undefined {
  return byHash.get(hash);
}

/** The transactions that would make an output with this key (hex). */
export function pooledByOutput(key: string): readonly PooledTx[] {
  return byOutput.get(key) ?? [];
}

/** All transactions that were built: their bytes, and which pieces of 16 bytes of them a host is told. */
export function pooledTxs(): readonly {
  readonly name: string;
  readonly bytes: Buffer;
  readonly isPublic: (piece: Buffer) => boolean;
}[] {
  return searchable;
}

const searchable: { readonly name: string; readonly bytes: Buffer; readonly isPublic: (piece: Buffer) => boolean }[] =
  [];

function makeSearchable({ name, bytes, keyImages, outputPublicKeys, hash }: PooledTx): void {
  const told = Buffer.from([...keyImages, ...outputPublicKeys, hash].join(""), "hex");
  searchable.push({ name, bytes: Buffer.from(bytes), isPublic: (piece) => told.includes(piece) });
}

function pooled(wish: Wish): PooledTx {
  const found = pool.get(wish.name);
  if (found !== undefined) return found;
  const made = build(wish);
  pool.set(wish.name, made);
  makeSearchable(made);
  byHash.set(made.hash, made);
  for (const key of made.outputPublicKeys) byOutput.set(key, [...pooledByOutput(key), made]);
  return made;
}

function build(wish: Wish): PooledTx {
  const { name, grants, fee = LEAST_FEE, tombstoneBlock = FAR, change, damage, result = 0 } = wish;
  const { unsigned, seed } = unsignedTx({ name, grants, fee, tombstoneBlock });
  const values = unsigned.outputs.map(({ unmaskedAmount }) => unmaskedAmount.value as bigint);
  const signed = signBuiltTx(change?.(unsigned) ?? unsigned, { seed, signer: ringSigner(owner) });
  const bytes = encodeTx(damage?.(signed) ?? signed);
  const tx = decodeTx(bytes);
  const priority = minimumFees.priority({ value: tx.prefix.fee, tokenId: tx.prefix.feeTokenId });
  return {
    name,
    bytes,
    hash: toHex(txHash(tx)),
    priority: priority ?? 0n,
    tombstoneBlock: tx.prefix.tombstoneBlock,
    keyImages: tx.signature.ringSignatures.map(({ keyImage }) => toHex(keyImage)),
    outputPublicKeys: tx.prefix.outputs.map(({ publicKey }) => toHex(publicKey)),
    outputValues: values,
    fee: tx.prefix.fee,
    spent: GRANT * BigInt(grants.length),
    result,
  };
}

function unsignedTx({
  name,
  grants,
  fee,
  tombstoneBlock,
}: Required<Pick<Wish, "name" | "grants" | "fee" | "tombstoneBlock">>) {
  const ledger = originLedger();
  const random = new SeededRandom(1, `tx ${name}`).bytes;
  const realIndexes = grants.map(BigInt);
  const decoys = chooseDecoys({ ledgerSize: ledger.numTxOuts(), realIndexes, random });
  const inputs = realIndexes.map((index, i) => inputOf(index, decoys[i] ?? []));
  const seed = { walletSecret: new Secret(random(32)), attemptNonce: random(16) };
  const { unsignedTx: unsigned } = buildUnsignedTx(
    {
      blockVersion: BLOCK_VERSION,
      inputs,
      payments: [
        {
          destination: { kind: "payment", recipient: publicAddress(owner) },
          amount: { value: tokenValue(1_000n), tokenId: MOB },
        },
      ],
      own: reservedAddresses(owner),
      fee: { tokenId: MOB, minimumFees, value: tokenValue(fee) },
      lifetime: { currentBlock: 1n, tombstoneBlock },
      memoBuilder: () => new EmptyMemoBuilder(),
      ingressKey: () => undefined,
    },
    seed,
  );
  return { unsigned, seed };
}

function inputOf(index: bigint, decoys: readonly bigint[]): TxInput {
  const ledger = originLedger();
  const indexes = [index, ...decoys];
  const proofs = ledger.membershipProofs(indexes);
  const [real, ...others] = indexes.map((each, i): LedgerTxOut => {
    const [txOut, proof] = [ledger.txOut(each), proofs[i]];
    if (txOut === undefined || proof === undefined) throw new RangeError("The origin block has no such output.");
    return { txOut, proof };
  });
  const owned = real && openOwn(real.txOut);
  if (real === undefined || owned?.subaddressIndex === undefined) throw new RangeError("The owner owns all of it.");
  const { amount, subaddressIndex } = owned;
  return { real, decoys: others, amount, onetimeKey: { kind: "subaddress-index", subaddressIndex } };
}

/** Gives the last output the key of the last output of another transaction, and restores the order. */
function withOutputKey({ outputPublicKeys }: PooledTx): (unsigned: UnsignedTx) => UnsignedTx {
  return ({ prefix, outputs, ...rest }) => {
    const key = outputPublicKeys.at(-1) ?? "";
    const pairs = prefix.outputs.map((txOut, i) => {
      const isLast = i === prefix.outputs.length - 1;
      const taken = compressedPoint(Uint8Array.from(Buffer.from(key, "hex")));
      return { txOut: isLast ? { ...txOut, publicKey: taken } : txOut, opening: outputs[i] };
    });
    pairs.sort((a, b) => (toHex(a.txOut.publicKey) < toHex(b.txOut.publicKey) ? -1 : 1));
    return {
      ...rest,
      prefix: { ...prefix, outputs: pairs.map(({ txOut }) => txOut) },
      outputs: pairs.map(({ opening }) => opening as UnsignedTx["outputs"][number]), // One for each output.
    };
  };
}

function withPrefix(tx: Tx, change: Partial<Tx["prefix"]>): Tx {
  return { ...tx, prefix: { ...tx.prefix, ...change } };
}

function withSignature(tx: Tx, change: Partial<Tx["signature"]>): Tx {
  return { ...tx, signature: { ...tx.signature, ...change } };
}

function damageRing(tx: Tx): Tx {
  const [ring, ...others] = tx.signature.ringSignatures;
  if (ring === undefined) throw new RangeError("Every transaction has an input.");
  const responses = [...ring.responses];
  [responses[0], responses[1]] = [responses[1] as Uint8Array, responses[0] as Uint8Array]; // Two for each member.
  return withSignature(tx, { ringSignatures: [{ ...ring, responses } as typeof ring, ...others] });
}

function damageRange(tx: Tx): Tx {
  const rangeProofs = tx.signature.rangeProofs.map((proof) => {
    const spoiled = proof.slice();
    spoiled[200] = (spoiled[200] ?? 0) ^ 1;
    return spoiled;
  });
  return withSignature(tx, { rangeProofs });
}

function swapPseudoOutput(tx: Tx): Tx {
  const [output] = tx.prefix.outputs;
  const commitment = output?.maskedAmount?.commitment;
  if (commitment === undefined) throw new RangeError("Every output has an amount.");
  return withSignature(tx, { pseudoOutputCommitments: tx.signature.pseudoOutputCommitments.map(() => commitment) });
}

function damageProof(tx: Tx): Tx {
  const [input, ...inputs] = tx.prefix.inputs;
  const [proof, ...proofs] = input?.proofs ?? [];
  if (input === undefined || proof === undefined) throw new RangeError("Every transaction has an input.");
  const elements = proof.elements.map((element, i) => {
    const hash = element.hash.slice();
    hash[0] = (hash[0] ?? 0) ^ 1;
    return i === 1 ? { ...element, hash } : element;
  });
  return withPrefix(tx, { inputs: [{ ...input, proofs: [{ ...proof, elements }, ...proofs] }, ...inputs] });
}
