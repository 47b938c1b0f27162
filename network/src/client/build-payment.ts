// Builds a payment of MOB from outputs of a ledger that one reads oneself.
import type { AccountKey, PublicAddress } from "@fogbow/core-account";
import { MOB, type Random, Secret, type TokenValue } from "@fogbow/core-bytes";
import {
  ATTEMPT_NONCE_BYTES,
  buildUnsignedTx,
  chooseDecoys,
  EmptyMemoBuilder,
  type FeeMap,
  type FogIngressKey,
  type LedgerTxOut,
  blockVersion as parseBlockVersion,
  reservedAddresses,
  ringSigner,
  signBuiltTx,
  type Tx,
  WALLET_SECRET_BYTES_MIN,
} from "@fogbow/core-transaction";
import type { LedgerReader } from "@fogbow/ledger-db";
import { CommandError } from "../error.ts";
import type { SpendableOutput } from "./owned-outputs.ts";

/** What is paid, by whom, to whom. */
export interface PaymentPlan {
  readonly payer: AccountKey;
  /** What the payer has; the first that are enough are spent, at least two of them when there are. */
  readonly outputs: readonly SpendableOutput[];
  readonly recipient: PublicAddress;
  /** The key of the recipient's Fog; the payer has none. */
  readonly ingressKey?: FogIngressKey;
  /** In picoMOB. */
  readonly value: TokenValue;
  readonly minimumFees: FeeMap;
  readonly blockVersion: number;
  /** The block before which it has to be in one; 100 blocks ahead by default. */
  readonly tombstoneBlock?: bigint;
}

/** A payment, and which outputs it spends. */
export interface BuiltPayment {
  readonly tx: Tx;
  readonly spent: readonly SpendableOutput[];
}

const INPUTS = 16;

/**
 * Builds and signs it; what is left over goes back to the payer. All proofs are of one tree. Throws `not-enough-money`, and
 * TransactionError such as `ledger-too-small`.
 */
export function buildPayment(
  plan: PaymentPlan,
  { ledger, random }: { readonly ledger: LedgerReader; readonly random: Random },
): BuiltPayment {
  const { payer, recipient, value, minimumFees } = plan;
  const spent = chooseOutputs(plan);
  const realIndexes = spent.map(({ index }) => index);
  const decoys = chooseDecoys({ ledgerSize: ledger.numTxOuts(), realIndexes, random });
  const inputs = spent.map(({ index, amount, subaddressIndex }, i) => ({
    real: fetchOne(ledger, index),
    amount,
    onetimeKey: { kind: "subaddress-index" as const, subaddressIndex },
    decoys: (decoys[i] ?? []).map((decoy) => fetchOne(ledger, decoy)),
  }));
  const seed = { walletSecret: new Secret(random(WALLET_SECRET_BYTES_MIN)), attemptNonce: random(ATTEMPT_NONCE_BYTES) };
  const { unsignedTx, outputs } = buildUnsignedTx(
    {
      blockVersion: parseBlockVersion(plan.blockVersion),
      inputs,
      payments: [{ destination: { kind: "payment", recipient }, amount: { value, tokenId: MOB } }],
      own: reservedAddresses(payer),
      fee: { tokenId: MOB, minimumFees },
      lifetime: {
        currentBlock: ledger.numBlocks(),
        ...(plan.tombstoneBlock !== undefined && { tombstoneBlock: plan.tombstoneBlock }),
      },
      memoBuilder: () => new EmptyMemoBuilder(),
      ingressKey: () => plan.ingressKey,
    },
    seed,
  );
  for (const { sharedSecret } of outputs) sharedSecret.wipe();
  const tx = signBuiltTx(unsignedTx, { seed, signer: ringSigner(payer), feeMapDigest: minimumFees.digest });
  seed.walletSecret.wipe();
  return { tx, spent };
}

function chooseOutputs({ outputs, value, minimumFees }: PaymentPlan): readonly SpendableOutput[] {
  const needed = value + (minimumFees.minimum(MOB) ?? 0n);
  let sum = 0n;
  const chosen: SpendableOutput[] = [];
  for (const output of outputs.slice(0, INPUTS)) {
    if (sum >= needed && chosen.length >= 2) break;
    chosen.push(output);
    sum += output.amount.value;
  }
  if (sum < needed) {
    throw new CommandError("not-enough-money", "The account does not own enough for this payment and its fee.");
  }
  return chosen;
}

function fetchOne(ledger: LedgerReader, index: bigint): LedgerTxOut {
  const txOut = ledger.txOut(index);
  const [proof] = ledger.membershipProofs([index]);
  if (txOut === undefined || proof === undefined) {
    throw new CommandError("tx-out-not-found", `The ledger has no output ${index}.`);
  }
  return { txOut, proof };
}
