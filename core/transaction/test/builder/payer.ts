// A payer with outputs in a ledger made here, for tests that build transactions.
import { type AccountKey, accountKey, publicAddress } from "@fogbow/core-account";
import { type Amount, type Random, Secret } from "@fogbow/core-bytes";
import { PrivateKey } from "@fogbow/core-crypto";
import {
  type AttemptSeed,
  type BlockVersion,
  blockVersionFeatures,
  type CreatedTxOut,
  chooseDecoys,
  createTxOut,
  decoyFogHint,
  EmptyMemoBuilder,
  encodeMemo,
  FeeMap,
  type LedgerTxOut,
  leafHash,
  RING_SIZE,
  reservedAddresses,
  type TxInput,
  type TxPlan,
  txOutHash,
  unmaskAmount,
  type ValidationContext,
} from "../../src/index.ts";
import { seeded } from "../tx/made-transaction.ts";
import { prove } from "../tx/slow-tree.ts";

/** The network knows these tokens. */
const FEES = new FeeMap([
  [0n, 400_000_000n],
  [1n, 1_024n],
  [7n, 1_280n],
]);

/** The block that is being built. */
export const CURRENT_BLOCK = 1000n;

/** An account without Fog, or with. */
export function randomAccount(random: Random, fogReportUrl = ""): AccountKey {
  const keys = { viewPrivateKey: PrivateKey.random(random), spendPrivateKey: PrivateKey.random(random) };
  return accountKey({ ...keys, fogReportUrl, fogAuthoritySpki: new Uint8Array(fogReportUrl === "" ? 0 : 32) });
}

/** Someone who can pay, and what a node knows. */
export interface Payer {
  readonly account: AccountKey;
  readonly inputs: readonly TxInput[];
  readonly seed: AttemptSeed;
  readonly version: BlockVersion;
  readonly validation: ValidationContext;
  /** Outputs of the ledger that are in no ring. */
  readonly others: readonly LedgerTxOut[];
}

/** A payer who holds the given amounts on the default subaddress. */
export function makePayer(version: BlockVersion, amounts: readonly Amount[], number = 1): Payer {
  const random = seeded(number);
  const account = randomAccount(random);
  const made = amounts.map((amount) => makeTxOut(version, { account, amount, random }));
  const ledgerSize = amounts.length * RING_SIZE + 3;
  const strangers = Array.from({ length: ledgerSize - made.length }, () =>
    makeTxOut(version, { account: randomAccount(random), amount: amounts[0] as Amount, random }),
  );
  const ledger = [...made, ...strangers];
  const leaves = ledger.map(({ txOut }) => leafHash(txOutHash(txOut)));
  const entries = ledger.map(({ txOut }, i): LedgerTxOut => ({ txOut, proof: prove(leaves, i) }));
  const realIndexes = made.map((_, i) => BigInt(i));
  const decoys = chooseDecoys({ ledgerSize: BigInt(ledgerSize), realIndexes, random });
  const inputs = made.map(({ txOut, sharedSecret }, i): TxInput => {
    const hiddenBy = decoys[i] as bigint[]; // One list for each.
    return {
      real: entries[i] as LedgerTxOut,
      amount: unmaskAmount(txOut.maskedAmount, sharedSecret),
      onetimeKey: { kind: "subaddress-index", subaddressIndex: 0n },
      decoys: hiddenBy.map((index) => entries[Number(index)] as LedgerTxOut),
    };
  });
  const used = new Set([...realIndexes, ...decoys.flat()]);
  const rootProof = prove(leaves, ledgerSize - 1);
  return {
    account,
    inputs,
    version,
    seed: { walletSecret: new Secret(random(32)), attemptNonce: random(16) },
    validation: {
      blockVersion: version,
      currentIndex: CURRENT_BLOCK,
      minimumFees: FEES,
      rootProofs: inputs.flatMap(() => Array.from({ length: RING_SIZE }, () => rootProof)),
    },
    others: entries.filter((_, i) => !used.has(BigInt(i))),
  };
}

/** A plan that pays nobody and returns everything, but for what is given. */
export function planOf({ account, inputs, version }: Payer, change: Partial<TxPlan> = {}): TxPlan {
  return {
    blockVersion: version,
    inputs,
    payments: [],
    own: reservedAddresses(account),
    fee: { tokenId: (inputs[0] as TxInput).amount.tokenId, minimumFees: FEES },
    lifetime: { currentBlock: CURRENT_BLOCK },
    memoBuilder: () => new EmptyMemoBuilder(),
    ingressKey: () => undefined,
    ...change,
  };
}

function makeTxOut(
  version: BlockVersion,
  parts: { readonly account: AccountKey; readonly amount: Amount; readonly random: Random },
): CreatedTxOut {
  const { account, amount, random } = parts;
  const memo = blockVersionFeatures(version).memos ? { memo: encodeMemo({ kind: "unused" }) } : {};
  const fogHint = decoyFogHint(random);
  return createTxOut({ blockVersion: version, recipient: publicAddress(account), amount, fogHint, random, ...memo });
}
