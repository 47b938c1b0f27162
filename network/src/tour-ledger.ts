// The chapter of the ledger: Alice spends an output of a real ledger on disk, a tampered copy is refused, a block takes
// the payment in, and one of its outputs is proven to be there.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AccountKey, accountKey, DEFAULT_SUBADDRESS, publicAddress } from "@fogbow/core-account";
import {
  type BlockData,
  createBlock,
  NO_MINTING,
  originBlockFromSeed,
  signBlock,
  signMetadata,
} from "@fogbow/core-block";
import { formatMob, MOB, parseMob, type Random, Secret, toHex, tokenValue } from "@fogbow/core-bytes";
import { compressedPoint, Ed25519PrivateKey, PrivateKey } from "@fogbow/core-crypto";
import {
  ATTEMPT_NONCE_BYTES,
  type AttemptSeed,
  BLOCK_VERSION_MAX,
  buildUnsignedTx,
  checkAgainstLedger,
  chooseDecoys,
  DEFAULT_MINIMUM_FEE,
  EmptyMemoBuilder,
  encodeTx,
  FeeMap,
  type LedgerTxOut,
  openTxOut,
  RING_SIZE,
  reservedAddresses,
  ringSigner,
  signBuiltTx,
  type TransactionVerdict,
  type Tx,
  type TxInput,
  txHash,
  unmaskAmount,
  validateTransaction,
  verifyMembershipProof,
  WALLET_SECRET_BYTES_MIN,
} from "@fogbow/core-transaction";
import { createLedger, type Ledger } from "@fogbow/ledger-db";
import { hold, readerOf } from "./checks.ts";

/** What happened in the ledger. Bytes are in hex; amounts are in MOB. */
export interface LedgerFacts {
  readonly transaction: TransactionFacts;
  readonly tampered: TamperedFacts;
  readonly block: BlockFacts;
}

/** Alice's payment as nodes see it, and what they say. */
export interface TransactionFacts {
  readonly hash: string;
  readonly bytes: number;
  /** How many outputs of the ledger could be the one that is spent. */
  readonly ringSize: number;
  readonly outputs: number;
  readonly fee: string;
  readonly verdict: string;
}

/** The same payment with a fee that is one picoMOB higher. */
export interface TamperedFacts {
  readonly verdict: string;
  /** What about the signature is wrong. */
  readonly detail: string;
}

/** The block that took the payment in. */
export interface BlockFacts {
  readonly index: string;
  readonly id: string;
  /** How many outputs the ledger has with it. */
  readonly txOuts: string;
  /** The root of the tree of them all. */
  readonly root: string;
  /** Where Bob finds his output. */
  readonly bobsTxOutIndex: string;
  /** How many hashes lead from it to the root. */
  readonly proofElements: number;
  /** The amount that Bob reads in it. */
  readonly mob: string;
  /** What the ledger says when the same payment is proposed again. */
  readonly again: string;
}

/** Who takes part. */
export interface LedgerParties {
  readonly alice: AccountKey;
  readonly bob: AccountKey;
  /** Of Bob's Fog. */
  readonly ingress: PrivateKey;
  readonly random: Random;
}

const PAID = parseMob("0.25");
const ALICE_OWNS = parseMob("2");
/** The origin block: Alice's output, and as many of a stranger as hide it. */
const ALICES_INDEX = 5;
const ORIGIN_TX_OUTS = 16;
const FEES = new FeeMap([[MOB, DEFAULT_MINIMUM_FEE]]);
const SIGNED_AT = 1_700_000_000n;

/** Takes this chapter in a ledger in a temporary folder, which is gone afterwards. */
export async function visitLedger(parties: LedgerParties): Promise<LedgerFacts> {
  const directory = mkdtempSync(join(tmpdir(), "fogbow-tour-"));
  try {
    const ledger = createLedger(directory);
    try {
      return spendAndAppend(ledger, parties);
    } finally {
      await ledger.close();
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function spendAndAppend(ledger: Ledger, parties: LedgerParties): LedgerFacts {
  appendOrigin(ledger, parties);
  const tx = buildPayment(ledger, parties);
  const verdict = validate(tx, ledger);
  hold(verdict.code === "ok", "a node accepts the payment");
  hold(propose(tx, ledger) === "ok", "the payment fits the ledger");

  const tampered = validate({ ...tx, prefix: { ...tx.prefix, fee: tokenValue(tx.prefix.fee + 1n) } }, ledger);
  hold(tampered.code === "invalid-transaction-signature", "a node refuses a payment whose fee was changed");
  return {
    transaction: {
      hash: toHex(txHash(tx)),
      bytes: encodeTx(tx).length,
      ringSize: tx.prefix.inputs[0]?.ring.length ?? 0,
      outputs: tx.prefix.outputs.length,
      fee: formatMob(tokenValue(tx.prefix.fee)),
      verdict: verdict.code,
    },
    tampered: { verdict: tampered.code, detail: tampered.detail ?? "" },
    block: appendPayment(tx, ledger, parties),
  };
}

/** The first block: one output is Alice's, the others are a stranger's; nobody can tell by looking. */
function appendOrigin(ledger: Ledger, { alice, random }: LedgerParties): void {
  const stranger = accountKey({
    viewPrivateKey: PrivateKey.random(random),
    spendPrivateKey: PrivateKey.random(random),
  });
  const allocations = Array.from({ length: ORIGIN_TX_OUTS }, (_, i) => ({
    recipient: publicAddress(i === ALICES_INDEX ? alice : stranger),
    value: ALICE_OWNS,
  }));
  ledger.append({ ...originBlockFromSeed(random(32), allocations), signature: undefined, metadata: undefined });
  for (const key of [stranger.viewPrivateKey, stranger.spendPrivateKey]) key.wipe();
}

/** Alice pays Bob from her output, hidden among ten others, and returns the rest to herself. */
function buildPayment(ledger: Ledger, { alice, bob, ingress, random }: LedgerParties): Tx {
  const seed: AttemptSeed = {
    walletSecret: new Secret(random(WALLET_SECRET_BYTES_MIN)),
    attemptNonce: random(ATTEMPT_NONCE_BYTES),
  };
  const input = chooseInput(ledger, alice, random);
  const currentBlock = ledger.numBlocks();
  const { unsignedTx, outputs } = buildUnsignedTx(
    {
      blockVersion: BLOCK_VERSION_MAX,
      inputs: [input],
      payments: [
        {
          destination: { kind: "payment", recipient: publicAddress(bob) },
          amount: { value: PAID, tokenId: MOB },
        },
      ],
      own: reservedAddresses(alice),
      fee: { tokenId: MOB, minimumFees: FEES },
      lifetime: { currentBlock },
      memoBuilder: () => new EmptyMemoBuilder(),
      ingressKey: () => ({ publicKey: ingress.publicKey(), pubkeyExpiry: currentBlock + 100n }),
    },
    seed,
  );
  for (const { sharedSecret } of outputs) sharedSecret.wipe();
  const tx = signBuiltTx(unsignedTx, { seed, signer: ringSigner(alice), feeMapDigest: FEES.digest });
  for (const secret of [seed.walletSecret, input.amount.blinding]) secret.wipe();
  return tx;
}

/** Alice's output, opened, and ten to hide it among; each with the proof that it is in the ledger. */
function chooseInput(ledger: Ledger, alice: AccountKey, random: Random): TxInput {
  const realIndex = BigInt(ALICES_INDEX);
  const real = fetchTxOut(ledger, realIndex);
  const owned = openTxOut(real.txOut, readerOf(alice));
  hold(owned !== undefined && owned.amount.value === ALICE_OWNS, "Alice finds her output in the ledger");
  const amount = unmaskAmount(real.txOut.maskedAmount, owned.sharedSecret);
  owned.sharedSecret.wipe();
  const decoys = chooseDecoys({ ledgerSize: ledger.numTxOuts(), realIndexes: [realIndex], random }).flat();
  return {
    real,
    amount,
    onetimeKey: { kind: "subaddress-index", subaddressIndex: DEFAULT_SUBADDRESS },
    decoys: decoys.map((index) => fetchTxOut(ledger, index)),
  };
}

function fetchTxOut(ledger: Ledger, index: bigint): LedgerTxOut {
  const txOut = ledger.txOut(index);
  const [proof] = ledger.membershipProofs([index]);
  hold(txOut !== undefined && proof !== undefined, "the ledger holds the output with its proof");
  return { txOut, proof };
}

/** What a node checks before it looks at anything that was spent. */
function validate(tx: Tx, ledger: Ledger): TransactionVerdict {
  const { proof } = fetchTxOut(ledger, ledger.numTxOuts() - 1n);
  return validateTransaction(tx, {
    blockVersion: BLOCK_VERSION_MAX,
    currentIndex: ledger.numBlocks(),
    minimumFees: FEES,
    rootProofs: Array.from({ length: RING_SIZE }, () => proof),
  });
}

/** What the ledger says to a payment: nothing may be spent or made twice. */
function propose(tx: Tx, ledger: Ledger): string {
  return checkAgainstLedger(tx, {
    ledger: {
      containsKeyImage: (image) => ledger.blockIndexOfKeyImage(image) !== undefined,
      containsTxOutPublicKey: (key) => ledger.txOutIndexByPublicKey(key) !== undefined,
    },
    blockCount: ledger.numBlocks(),
    txOutCount: ledger.numTxOuts(),
  });
}

/** The payment's outputs and key image become the next block; Bob finds his output there and it is proven. */
function appendPayment(tx: Tx, ledger: Ledger, { bob, random }: LedgerParties): BlockFacts {
  const { block } = appendBlock(tx, ledger, random);
  const { first, count } = ledger.txOutsOfBlock(block.index) ?? { first: 0n, count: 0n };
  const found = Array.from({ length: Number(count) }, (_, i) => first + BigInt(i)).flatMap((index) => {
    const stored = fetchTxOut(ledger, index);
    const owned = openTxOut(stored.txOut, readerOf(bob));
    owned?.sharedSecret.wipe();
    return owned === undefined ? [] : [{ index, ...stored, value: owned.amount.value }];
  });
  const [paid, more] = found;
  hold(paid !== undefined && more === undefined, "Bob finds one output of the block");
  hold(paid.value === PAID, "Bob received what Alice paid");
  const root = ledger.root();
  hold(verifyMembershipProof(paid.txOut, paid.proof, root.hash), "Bob's output is proven by the root");
  const before = block.rootElement.hash;
  hold(!verifyMembershipProof(paid.txOut, paid.proof, before), "the root before the block does not prove it");
  const again = propose(tx, ledger);
  hold(again === "contains-spent-key-image", "nothing can be spent twice");
  return {
    index: block.index.toString(),
    id: toHex(block.id),
    txOuts: ledger.numTxOuts().toString(),
    root: toHex(root.hash),
    bobsTxOutIndex: paid.index.toString(),
    proofElements: paid.proof.elements.length,
    mob: formatMob(paid.value),
    again,
  };
}

/** Forms the block as a network of one node would, signs it and appends it. */
function appendBlock({ prefix, signature }: Tx, ledger: Ledger, random: Random): BlockData {
  const parent = ledger.lastBlock();
  hold(parent !== undefined, "the ledger has an origin block");
  const contents = {
    keyImages: signature.ringSignatures.map(({ keyImage }) => compressedPoint(keyImage)),
    outputs: prefix.outputs,
    ...NO_MINTING,
  };
  const block = createBlock(parent, { version: BLOCK_VERSION_MAX, rootElement: ledger.root(), contents });
  const enclaveKey = Ed25519PrivateKey.random(random);
  const nodeKey = Ed25519PrivateKey.random(random);
  const said = {
    blockId: block.id,
    quorumSet: { threshold: 0, members: [] },
    evidence: undefined,
    responderId: "node.example.com:8443",
  };
  const data = {
    block,
    contents,
    signature: signBlock(block, enclaveKey, SIGNED_AT),
    metadata: signMetadata(said, nodeKey),
  };
  for (const key of [enclaveKey, nodeKey]) key.wipe();
  ledger.append(data);
  return data;
}
