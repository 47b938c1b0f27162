// How long a wallet takes to build and sign a transaction.
import { randomBytes } from "node:crypto";
import { type AccountKey, accountKey, publicAddress } from "@fogbow/core-account";
import { type Amount, MOB, Secret, tokenValue } from "@fogbow/core-bytes";
import { PrivateKey } from "@fogbow/core-crypto";
import {
  type BlockVersion,
  buildUnsignedTx,
  createTxOut,
  DEFAULT_MINIMUM_FEE,
  decoyFogHint,
  encodeMemo,
  FeeMap,
  type LedgerTxOut,
  RecoverableHistoryMemoBuilder,
  RING_SIZE,
  reservedAddresses,
  ringSigner,
  senderCredential,
  signBuiltTx,
  type Tx,
  type TxInput,
  type TxOut,
  type TxPlan,
  unmaskAmount,
  verifyTxSignature,
} from "@fogbow/core-transaction";
import { type Figure, measure } from "./measure.ts";

/** The newest one, with every feature. */
export const VERSION: BlockVersion = 4;
/** The ledger holds 2²⁰ outputs, so a membership proof has a leaf and twenty siblings. */
const TREE_HEIGHT = 20;
/** What each of the outputs is worth. */
export const PRICE: Amount = { value: tokenValue(10n ** 12n), tokenId: MOB };

/** Two inputs in rings of eleven, a payment with a sender memo, and change with a destination memo. */
export function buildTransaction(): Figure {
  const payer = randomAccount();
  const credential = senderCredential(payer);
  const recipient = publicAddress(randomAccount());
  const plan: TxPlan = {
    blockVersion: VERSION,
    inputs: [input(payer), input(payer)],
    payments: [{ destination: { kind: "payment", recipient }, amount: PRICE }],
    own: reservedAddresses(payer),
    fee: { tokenId: MOB, minimumFees: new FeeMap([[MOB, DEFAULT_MINIMUM_FEE]]) },
    lifetime: { currentBlock: 1000n },
    memoBuilder: () => new RecoverableHistoryMemoBuilder({ credential, destinationMemo: true }),
    ingressKey: () => undefined,
  };
  const walletSecret = new Secret(randomBytes(32));
  const signer = ringSigner(payer);
  const build = (): Tx => {
    const seed = { walletSecret, attemptNonce: randomBytes(16) }; // Another transaction each time.
    return signBuiltTx(buildUnsignedTx(plan, seed).unsignedTx, { seed, signer });
  };
  if (verifyTxSignature({ blockVersion: VERSION, tx: build() }) !== "valid") {
    throw new Error("What was built is refused, so the time means nothing.");
  }
  return measure({ name: "transaction-build", unit: "ms", ours: { run: build }, bursts: 100, warmUpMs: 2500 });
}

/** A wallet without Fog. */
export function randomAccount(): AccountKey {
  return accountKey({
    viewPrivateKey: PrivateKey.random(randomBytes),
    spendPrivateKey: PrivateKey.random(randomBytes),
  });
}

function input(payer: AccountKey): TxInput {
  const { txOut, sharedSecret } = makeTxOut(payer);
  return {
    real: inLedger(txOut),
    amount: unmaskAmount(txOut.maskedAmount, sharedSecret),
    onetimeKey: { kind: "subaddress-index", subaddressIndex: 0n },
    decoys: Array.from({ length: RING_SIZE - 1 }, () => inLedger(makeTxOut(randomAccount()).txOut)),
  };
}

/** An output worth the price, and the secret that opens it. */
export function makeTxOut(owner: AccountKey): ReturnType<typeof createTxOut> {
  return createTxOut({
    blockVersion: VERSION,
    recipient: publicAddress(owner),
    amount: PRICE,
    memo: encodeMemo({ kind: "unused" }),
    fogHint: decoyFogHint(randomBytes),
    random: randomBytes,
  });
}

/** With a proof of the right shape; a builder hashes proofs and leaves their verification to the node. */
function inLedger(txOut: TxOut): LedgerTxOut {
  const index = randomBytes(4).readUInt32LE() % 2 ** TREE_HEIGHT;
  const siblings = Array.from({ length: TREE_HEIGHT }, (_, level) => {
    const size = 2 ** level;
    const from = (Math.floor(index / size) ^ 1) * size;
    return { range: { from: BigInt(from), to: BigInt(from + size - 1) }, hash: randomBytes(32) };
  });
  const leaf = { range: { from: BigInt(index), to: BigInt(index) }, hash: randomBytes(32) };
  const highestIndex = 2n ** BigInt(TREE_HEIGHT) - 1n;
  return { txOut, proof: { index: BigInt(index), highestIndex, elements: [leaf, ...siblings] } };
}
