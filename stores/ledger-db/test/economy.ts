// A small economy to form blocks from: a ledger whose outputs one account owns, from which it pays itself in transactions
// as wallets build them, and minters of token 5. Keys are seeds of equal bytes, for tests only.
import {
  type AccountKey,
  accountKey,
  CHANGE_SUBADDRESS,
  GIFT_CODE_SUBADDRESS,
  publicAddress,
  viewAccountKey,
} from "@fogbow/core-account";
import { type Forming, originBlockFromSeed, type TxWithProofs } from "@fogbow/core-block";
import { type Amount, MOB, type Random, Secret, tokenId, tokenValue } from "@fogbow/core-bytes";
import { Ed25519PrivateKey, PrivateKey } from "@fogbow/core-crypto";
import {
  buildUnsignedTx,
  chooseDecoys,
  EmptyMemoBuilder,
  FeeMap,
  type LedgerTxOut,
  type MemoBuilder,
  type MintConfigTx,
  type MintConfigTxPrefix,
  type MintTx,
  type OwnedTxOut,
  openTxOut,
  type Payment,
  reservedAddresses,
  ringSigner,
  type SignerSet,
  SubaddressTable,
  signBuiltTx,
  signMintConfigTx,
  signMintTx,
  type Tx,
  type TxInput,
  type TxOut,
  type UnsignedTx,
} from "@fogbow/core-transaction";
import { type Ledger, MemoryLedger } from "../src/index.ts";
import { draw, next } from "./chain.ts";

/** The block version of every block but the first. */
const VERSION = 4;

/** The token that is minted. */
export const TOKEN: ReturnType<typeof tokenId> = tokenId(5n);

/** What the outputs of the origin block hold. */
export const GRANT = 3_000_000_000n;

/** A `Random` that continues a name for ever. */
function randomFrom(name: string): Random {
  let counter = 0;
  return (length) => {
    const bytes = new Uint8Array(length);
    for (let offset = 0; offset < length; offset += 32) {
      bytes.set(draw(name, counter).subarray(0, length - offset), offset);
      counter += 1;
    }
    return bytes;
  };
}

const random = randomFrom("economy");
const newAccount = (): AccountKey =>
  accountKey({ viewPrivateKey: PrivateKey.random(random), spendPrivateKey: PrivateKey.random(random) });

/** Owns everything but the fees. */
export const owner: AccountKey = newAccount();

/** Owns nothing yet. */
export const stranger: AccountKey = newAccount();

/** Receives the fees. */
export const collector: AccountKey = newAccount();

const signingKey = (n: number): Ed25519PrivateKey => new Ed25519PrivateKey(new Uint8Array(32).fill(n));
const signerSet = (n: number): SignerSet => ({
  signers: [signingKey(n).publicKey()],
  multiSigners: [],
  threshold: 1,
});

/** The rules of the network: it knows tokens 0, 5 and 9, and signer 20 governs token 5. */
export const forming = (): Forming => ({
  blockVersion: VERSION,
  minimumFees: new FeeMap([
    [MOB, 400_000_000n],
    [TOKEN, 1_024n],
    [9n, 1_280n],
  ]),
  feeRecipient: publicAddress(collector),
  governors: (token) => (token === TOKEN ? signerSet(20) : undefined),
  random: randomFrom("weights"),
});

/** A ledger with an origin block of so many outputs. */
export function foundLedger(outputs = 60): Ledger {
  const ledger = new MemoryLedger();
  const allocations = Array.from({ length: outputs }, () => ({ recipient: publicAddress(owner), value: GRANT }));
  ledger.append({ ...originBlockFromSeed(draw("origin"), allocations), signature: undefined, metadata: undefined });
  return ledger;
}

/** What an account holds in an output; undefined when it is not its own. */
export function amountOf(account: AccountKey, txOut: TxOut): Amount | undefined {
  return openOwn(account, txOut)?.amount;
}

/** Reads an output of an account on a reserved subaddress; undefined when it is not its own. */
export function openOwn(account: AccountKey, txOut: TxOut): OwnedTxOut | undefined {
  const subaddresses = new SubaddressTable(viewAccountKey(account), [0n, CHANGE_SUBADDRESS, GIFT_CODE_SUBADDRESS]);
  return openTxOut(txOut, { viewPrivateKey: account.viewPrivateKey, subaddresses });
}

/** How a transaction differs from one that returns everything to its owner for the least fee. */
export interface Spending {
  /** Distinguishes transactions that spend the same. */
  readonly number?: number;
  readonly fee?: bigint;
  readonly feeToken?: bigint;
  readonly tombstoneBlock?: bigint;
  /** What is paid besides the change; nothing by default. */
  readonly payments?: readonly Payment[];
  /** Who gets the change; the owner by default. */
  readonly payer?: AccountKey;
  readonly memoBuilder?: () => MemoBuilder;
  /** Makes the input of an output, instead of what the owner's keys open. */
  readonly input?: (real: LedgerTxOut, decoys: readonly LedgerTxOut[]) => TxInput;
  /** Changes the transaction before it is signed. */
  readonly change?: (unsigned: UnsignedTx) => UnsignedTx;
}

/** A transaction that spends the outputs at these places and returns what is left. */
export function spend(ledger: Ledger, indexes: readonly bigint[], spending: Spending = {}): Tx {
  const { number = 0, fee, feeToken = MOB, tombstoneBlock, change = (unsigned) => unsigned } = spending;
  const { payments = [], payer = owner, memoBuilder = () => new EmptyMemoBuilder(), input = ownInput } = spending;
  const name = `spend ${indexes} ${number}`;
  const decoys = chooseDecoys({ ledgerSize: ledger.numTxOuts(), realIndexes: indexes, random: randomFrom(name) });
  const inputs = indexes.map((index, i): TxInput => {
    const [real, ...hiding] = readTxOuts(ledger, [index, ...(decoys[i] ?? [])]) as [LedgerTxOut, ...LedgerTxOut[]];
    return input(real, hiding);
  });
  const seed = { walletSecret: new Secret(draw("wallet")), attemptNonce: draw(name).slice(0, 16) };
  const plan = {
    blockVersion: VERSION,
    inputs,
    payments,
    own: reservedAddresses(payer),
    fee: {
      tokenId: tokenId(feeToken),
      minimumFees: forming().minimumFees,
      ...(fee !== undefined && { value: tokenValue(fee) }),
    },
    lifetime: { currentBlock: ledger.numBlocks(), ...(tombstoneBlock !== undefined && { tombstoneBlock }) },
    memoBuilder,
    ingressKey: () => undefined,
  } as const;
  return signBuiltTx(change(buildUnsignedTx(plan, seed).unsignedTx), { seed, signer: ringSigner(owner) });
}

function ownInput(real: LedgerTxOut, decoys: readonly LedgerTxOut[]): TxInput {
  const owned = openOwn(owner, real.txOut);
  if (owned?.subaddressIndex === undefined) throw new Error("The owner does not own what is spent.");
  const { amount, subaddressIndex } = owned;
  return { real, decoys, amount, onetimeKey: { kind: "subaddress-index", subaddressIndex } };
}

/** A transaction with the node's proofs of now. */
export function withProofs(ledger: Ledger, tx: Tx): TxWithProofs {
  const highest = tx.prefix.inputs.flatMap(({ proofs }) => proofs.map(({ highestIndex }) => highestIndex));
  return { tx, rootProofs: ledger.membershipProofs(highest) };
}

function readTxOuts(ledger: Ledger, indexes: readonly bigint[]): LedgerTxOut[] {
  const proofs = ledger.membershipProofs(indexes);
  return indexes.map((index, i) => {
    const [txOut, proof] = [ledger.txOut(index), proofs[i]];
    if (txOut === undefined || proof === undefined) throw new Error("It is in the ledger.");
    return { txOut, proof };
  });
}

/** Signers 11, 12 and 13 may mint 1 000 000 of token 5 each; `change` says otherwise. */
export function configureMinting(n: number, change: Partial<MintConfigTxPrefix> = {}, governor = 20): MintConfigTx {
  const configs = [11, 12, 13].map((signer) => ({
    tokenId: TOKEN,
    signerSet: signerSet(signer),
    mintLimit: tokenValue(1_000_000n),
  }));
  const prefix = {
    tokenId: TOKEN,
    configs,
    nonce: new Uint8Array(64).fill(n),
    tombstoneBlock: 50n,
    totalMintLimit: tokenValue(2_500_000n),
    ...change,
  };
  return signMintConfigTx(prefix, [signingKey(governor)]);
}

/** A signer mints so much of token 5 for the owner. */
export function mint(n: number, amount: bigint, signer = 11, tombstoneBlock = 50n): MintTx {
  const { viewPublicKey, spendPublicKey } = publicAddress(owner);
  const prefix = {
    tokenId: TOKEN,
    amount: tokenValue(amount),
    viewPublicKey,
    spendPublicKey,
    nonce: new Uint8Array(64).fill(n),
    tombstoneBlock,
    encryptedFogHint: undefined,
  };
  return signMintTx(prefix, [signingKey(signer)]);
}

/** Appends contents as a block with metadata, and returns the block that was appended. */
export function appendContents(ledger: Ledger, contents: Parameters<typeof next>[2]): ReturnType<typeof next> {
  const parent = ledger.lastBlock();
  if (parent === undefined) throw new Error("There is an origin block.");
  const data = next(parent, ledger.root(), contents, VERSION);
  ledger.append(data);
  return data;
}
