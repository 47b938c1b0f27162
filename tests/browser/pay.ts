// A payment made in the page: from an output that is hidden among ten others, all made here from a fixed secret.
import { type AccountKey, accountKeyFromRootEntropy, publicAddress } from "@fogbow/core-account";
import { appendToTree, proveLeaf, type TreeStore } from "@fogbow/core-block";
import { type Amount, MOB, parseMob, Secret, toHex, tokenValue } from "@fogbow/core-bytes";
import {
  type AttemptSeed,
  type BlockVersion,
  buildUnsignedTx,
  createTxOut,
  DEFAULT_MINIMUM_FEE,
  decodeTx,
  decoyFogHint,
  EmptyMemoBuilder,
  encodeMemo,
  encodeTx,
  FeeMap,
  RING_SIZE,
  reservedAddresses,
  ringSigner,
  seededRandom,
  signBuiltTx,
  type Tx,
  type TxInput,
  txHash,
  txOutHash,
  unmaskAmount,
  validateTransaction,
} from "@fogbow/core-transaction";
import type { PaymentFindings } from "./report.ts";

const BLOCK_VERSION: BlockVersion = 4;
const CURRENT_BLOCK = 10n;
const REAL_INDEX = 4;
const OWNED: Amount = { value: parseMob("2"), tokenId: MOB };
const PAID: Amount = { value: parseMob("0.25"), tokenId: MOB };
/** Made when asked for, as its digest needs the kernel, which some pages cannot load. */
const minimumFees = (): FeeMap => new FeeMap([[MOB, DEFAULT_MINIMUM_FEE]]);

/** Builds, signs and validates a payment, and a copy of it with another fee. The same everywhere and every time. */
export function pay(): PaymentFindings {
  const seed: AttemptSeed = { walletSecret: fixedSecret(3), attemptNonce: new Uint8Array(16) };
  const payer = accountKeyFromRootEntropy(fixedSecret(1));
  const recipient = publicAddress(accountKeyFromRootEntropy(fixedSecret(2)));
  const input = makeInput(payer, seed);
  const { unsignedTx } = buildUnsignedTx(
    {
      blockVersion: BLOCK_VERSION,
      inputs: [input],
      payments: [{ destination: { kind: "payment", recipient }, amount: PAID }],
      own: reservedAddresses(payer),
      fee: { tokenId: MOB, minimumFees: minimumFees() },
      lifetime: { currentBlock: CURRENT_BLOCK },
      memoBuilder: () => new EmptyMemoBuilder(),
      ingressKey: () => undefined,
    },
    seed,
  );
  const tx = signBuiltTx(unsignedTx, { seed, signer: ringSigner(payer), feeMapDigest: minimumFees().digest });
  const tampered = { ...tx, prefix: { ...tx.prefix, fee: tokenValue(tx.prefix.fee + 1n) } };
  return { hash: toHex(txHash(tx)), verdict: verdictOn(tx, input), tamperedVerdict: verdictOn(tampered, input) };
}

const fixedSecret = (byte: number): Secret => new Secret(new Uint8Array(32).fill(byte));

/** Eleven outputs of the payer in a tree of eleven; one is spent. */
function makeInput(payer: AccountKey, seed: AttemptSeed): TxInput {
  const random = seededRandom(seed, "outputs", new Uint8Array(32));
  const made = Array.from({ length: RING_SIZE }, () =>
    createTxOut({
      blockVersion: BLOCK_VERSION,
      recipient: publicAddress(payer),
      amount: OWNED,
      fogHint: decoyFogHint(random),
      memo: encodeMemo({ kind: "unused" }),
      random,
    }),
  );
  const tree = new MapTree();
  appendToTree(
    tree,
    0n,
    made.map(({ txOut }) => txOutHash(txOut)),
  );
  const entries = made.map(({ txOut, sharedSecret }, index) => ({
    txOut,
    proof: proveLeaf(tree, BigInt(RING_SIZE), BigInt(index)),
    amount: unmaskAmount(txOut.maskedAmount, sharedSecret),
  }));
  const [real] = entries.splice(REAL_INDEX, 1);
  if (real === undefined) throw new Error("No output was made.");
  const onetimeKey = { kind: "subaddress-index", subaddressIndex: 0n } as const;
  return { real, amount: real.amount, onetimeKey, decoys: entries };
}

/** What a node says that received the transaction as bytes. */
function verdictOn(tx: Tx, { real, decoys }: TxInput): string {
  const last = [real, ...decoys].find(({ proof }) => proof.index === proof.highestIndex);
  if (last === undefined) throw new Error("No proof is of the newest output.");
  return validateTransaction(decodeTx(encodeTx(tx)), {
    blockVersion: BLOCK_VERSION,
    currentIndex: CURRENT_BLOCK,
    minimumFees: minimumFees(),
    rootProofs: Array.from({ length: RING_SIZE }, () => last.proof),
  }).code;
}

class MapTree implements TreeStore {
  readonly #nodes = new Map<string, Uint8Array>();

  get({ from, to }: Parameters<TreeStore["get"]>[0]): Uint8Array | undefined {
    return this.#nodes.get(`${from}-${to}`);
  }

  put({ from, to }: Parameters<TreeStore["put"]>[0], hash: Uint8Array): void {
    this.#nodes.set(`${from}-${to}`, hash);
  }
}
