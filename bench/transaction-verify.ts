// How long a node takes to verify transactions: a block of a hundred small ones, and the largest one that is refused as
// late as possible.
import { fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { type AccountKey, publicAddress } from "@fogbow/core-account";
import { MOB, Secret, tokenValue } from "@fogbow/core-bytes";
import {
  buildUnsignedTx,
  DEFAULT_MINIMUM_FEE,
  encodeMembershipProof,
  encodeTx,
  FeeMap,
  type LedgerTxOut,
  RecoverableHistoryMemoBuilder,
  RING_SIZE,
  reservedAddresses,
  ringSigner,
  senderCredential,
  signBuiltTx,
  type Tx,
  type TxOutMembershipProof,
  unmaskAmount,
  type ValidationContext,
  validateTransaction,
  validateTransactions,
} from "@fogbow/core-transaction";
import { count, type Figure, measure } from "./measure.ts";
import { type MillionTree, millionTree } from "./million-tree.ts";
import { makeTxOut, PRICE, randomAccount, VERSION } from "./transaction-build.ts";
import { verificationOnThreads } from "./transaction-threads.ts";
import type { MemoryTask } from "./worst-case-memory.ts";

const BLOCK = 100;
const LARGEST = 16;
const CURRENT_BLOCK = 1000n;
const MINIMUM_FEES: FeeMap = new FeeMap([[MOB, DEFAULT_MINIMUM_FEE]]);

/** Measures a block of transactions and the worst case. Two minutes. */
export async function transactionVerification(report: (figure: Figure) => void): Promise<void> {
  const payer = randomAccount();
  console.error("setting up: a tree of 1 000 000 outputs and a hundred transactions");
  const made = Array.from({ length: (BLOCK + LARGEST) * RING_SIZE }, () => makeTxOut(payer));
  const tree = millionTree(made.map(({ txOut }) => txOut));
  const inputs = Array.from({ length: BLOCK + LARGEST }, (_, i): SpentOutput => {
    const [real, ...decoys] = tree.members.slice(i * RING_SIZE, (i + 1) * RING_SIZE);
    return { real: real as LedgerTxOut, decoys, sharedSecret: made[i * RING_SIZE]?.sharedSecret as Secret }; // As many.
  });
  const small = inputs.slice(0, BLOCK).map((input) => pay(payer, [input], 1));
  report(blockVerification(small, tree));
  const context = { blockVersion: VERSION, currentIndex: CURRENT_BLOCK, minimumFees: MINIMUM_FEES.entries() };
  for (const figure of await verificationOnThreads({ txs: small, context, rootProof: tree.rootProof })) report(figure);
  const late = spoilLastSignature(pay(payer, inputs.slice(BLOCK), LARGEST - 1));
  report(worstCase(late, tree));
  report(await worstCaseMemory(late, tree.rootProof));
}

/** An output to spend and its decoys. */
interface SpentOutput {
  readonly real: LedgerTxOut;
  readonly decoys: readonly LedgerTxOut[];
  readonly sharedSecret: Secret;
}

/** Equal payments, and change. */
function pay(payer: AccountKey, spent: readonly SpentOutput[], payments: number): Tx {
  const seed = { walletSecret: new Secret(randomBytes(32)), attemptNonce: randomBytes(16) };
  const amount = { value: tokenValue(PRICE.value / 2n), tokenId: MOB };
  const credential = senderCredential(payer);
  const { unsignedTx } = buildUnsignedTx(
    {
      blockVersion: VERSION,
      inputs: spent.map(({ real, decoys, sharedSecret }) => ({
        real,
        amount: unmaskAmount(real.txOut.maskedAmount, sharedSecret),
        onetimeKey: { kind: "subaddress-index", subaddressIndex: 0n },
        decoys,
      })),
      payments: Array.from({ length: payments }, () => ({
        destination: { kind: "payment", recipient: publicAddress(randomAccount()) },
        amount,
      })),
      own: reservedAddresses(payer),
      fee: { tokenId: MOB, minimumFees: MINIMUM_FEES },
      lifetime: { currentBlock: CURRENT_BLOCK },
      memoBuilder: () => new RecoverableHistoryMemoBuilder({ credential, destinationMemo: true }),
      ingressKey: () => undefined,
    },
    seed,
  );
  return signBuiltTx(unsignedTx, { seed, signer: ringSigner(payer) });
}

/** What a node validates these transactions against; all proofs are of the newest tree. */
function contextOf(tx: Tx, rootProof: TxOutMembershipProof): ValidationContext {
  const rootProofs = tx.prefix.inputs.flatMap(({ ring }) => ring.map(() => rootProof));
  return { blockVersion: VERSION, currentIndex: CURRENT_BLOCK, minimumFees: MINIMUM_FEES, rootProofs };
}

/** Every check of every transaction, the range proofs of all in one batch. */
function blockVerification(txs: readonly Tx[], { rootProof }: MillionTree): Figure {
  const requests = txs.map((tx) => ({ tx, context: contextOf(tx, rootProof) }));
  const run = (): void => {
    const refused = validateTransactions(requests, randomBytes).find(({ code }) => code !== "ok");
    if (refused !== undefined) throw new Error(`A valid transaction is refused: ${refused.code}.`);
  };
  return measure({ name: "transaction-verify-100", unit: "ms", ours: { run, units: txs.length }, bursts: 30 });
}

/** The same transaction with two responses of the last ring exchanged: the very last thing that is checked. */
function spoilLastSignature(tx: Tx): Tx {
  const ringSignatures = tx.signature.ringSignatures.map((mlsag, i, { length }) => {
    const [first, second, ...rest] = mlsag.responses;
    if (i + 1 !== length || first === undefined || second === undefined) return mlsag;
    return { ...mlsag, responses: [second, first, ...rest] };
  });
  return { ...tx, signature: { ...tx.signature, ringSignatures } };
}

function worstCase(tx: Tx, { rootProof }: MillionTree): Figure {
  const context = contextOf(tx, rootProof);
  const run = (): void => {
    const { code, detail } = validateTransaction(tx, context);
    if (code !== "invalid-transaction-signature" || detail !== "invalid-signature") {
      throw new Error(`The worst case was decided by another check: ${code}, ${detail}.`);
    }
  };
  return measure({ name: "transaction-worst-case", unit: "ms", ours: { run }, bursts: 100 });
}

/** How much validating adds to the largest resident size of a fresh process that has decoded the transaction. */
async function worstCaseMemory(tx: Tx, rootProof: TxOutMembershipProof): Promise<Figure> {
  const child = fork(new URL("./worst-case-memory.ts", import.meta.url), { serialization: "advanced" });
  const task: MemoryTask = {
    tx: encodeTx(tx),
    rootProof: encodeMembershipProof(rootProof),
    blockVersion: VERSION,
    currentIndex: CURRENT_BLOCK,
  };
  child.send(task);
  const failed = once(child, "exit").then(() => {
    throw new Error("The process that measures memory ended without an answer.");
  });
  const [kibibytes] = await Promise.race([once(child, "message"), failed]);
  return count("transaction-worst-case-memory", "MiB", Math.round(Number(kibibytes) / 1024));
}
