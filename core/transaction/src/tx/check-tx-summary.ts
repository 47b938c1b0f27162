// How a signing device checks a transaction that someone else built, before it signs (spec 02 §3.2). The device needs no
// ring and no proof: it opens every amount, learns who gains and loses what, and computes the digest to sign itself.
import { type PublicAddress, shortAddressHash } from "@fogbow/core-account";
import { type Amount, equalBytes, type TokenId, toHex, U64_MAX } from "@fogbow/core-bytes";
import { commit, type PrivateKey, publicKey } from "@fogbow/core-crypto";
import type { BlockVersion } from "../block-version.ts";
import { TransactionError } from "../error.ts";
import { maskAmount, tryUnmaskAmount, type UnmaskedAmount } from "../output/masked-amount.ts";
import { onetimeTargetKey, txOutPublicKey } from "../output/one-time-address.ts";
import { equalMaskedAmounts } from "../output/tx-out.ts";
import { txOutSharedSecret } from "../output/tx-out-shared-secret.ts";
import { extendedMessageAndTxSummaryDigest } from "./signing-digest.ts";
import type { TxInSummary, TxOutSummary, TxSummary } from "./tx-summary.ts";

/** What opens every amount of a summary. */
export interface TxSummaryUnblindingData {
  /** The rules the outputs were made by. */
  readonly blockVersion: BlockVersion;
  /** One for each output. */
  readonly outputs: readonly TxOutUnblindingData[];
  /** One for each pseudo-output. */
  readonly inputs: readonly UnmaskedAmount[];
}

/** What shows whom an output pays, and how much. */
export interface TxOutUnblindingData {
  readonly unmaskedAmount: UnmaskedAmount;
  /** Undefined when it is not known, as for an output that the rules of an input demand. */
  readonly address: PublicAddress | undefined;
  /** Undefined when someone else made the output. */
  readonly txPrivateKey: PrivateKey | undefined;
}

/** Someone who gains or loses by a transaction. */
export type TxParty =
  | { readonly kind: "self" }
  | { readonly kind: "address"; readonly shortAddressHash: Uint8Array }
  | { readonly kind: "swap-counterparty" };

/** What one party gains (or loses, when negative) of one token. */
export interface BalanceChange {
  readonly party: TxParty;
  readonly tokenId: TokenId;
  /** In the token's smallest unit, signed 64-bit. */
  readonly value: bigint;
}

/** What a signing device shows, and what it signs when that is agreed to. */
export interface CheckedTxSummary {
  /** Oneself first, then others by address, then the other side of a swap; tokens in ascending order. */
  readonly balanceChanges: readonly BalanceChange[];
  readonly fee: Amount;
  /** Unsigned 64-bit. */
  readonly tombstoneBlock: bigint;
  /** What the ring signatures sign: 32 bytes. */
  readonly signingDigest: Uint8Array;
}

/** A summary with everything it is checked against. */
export interface TxSummaryCheck {
  /** The 32 bytes for which the device trusts its host: the transaction's extended message digest. */
  readonly extendedMessageDigest: Uint8Array;
  readonly summary: TxSummary;
  readonly unblindingData: TxSummaryUnblindingData;
  /** The signer's account view private key: it recognises the signer's own outputs. */
  readonly viewPrivateKey: PrivateKey;
}

/**
 * Checks a summary and says what it does. Refuses with `length-mismatch`, `missing-tx-private-key`,
 * `address-verification-failed`, `missing-recipient-data`, `amount-verification-failed`, `value-not-conserved`, with
 * `amount-too-large` when a sum exceeds 64 bits signed, and with CryptoError `invalid-public-key` for a public key that
 * is no point.
 */
export function checkTxSummary(check: TxSummaryCheck): CheckedTxSummary {
  const { extendedMessageDigest, summary, unblindingData } = check;
  assertSameLength(summary.outputs, unblindingData.outputs);
  assertSameLength(summary.inputs, unblindingData.inputs);
  const fee = { value: summary.fee, tokenId: summary.feeTokenId };
  const balances = new Balances();
  summary.outputs.forEach((output, i) => {
    const data = unblindingData.outputs[i] as TxOutUnblindingData; // The lists are equally long.
    balances.change(outputChange(check, output, data));
  });
  summary.inputs.forEach((input, i) => {
    balances.change(inputChange(input, unblindingData.inputs[i] as UnmaskedAmount)); // The lists are equally long.
  });
  balances.assertConserved(fee);
  return {
    balanceChanges: balances.sorted(),
    fee,
    tombstoneBlock: summary.tombstoneBlock,
    signingDigest: extendedMessageAndTxSummaryDigest(extendedMessageDigest, summary),
  };
}

/** To oneself if one's own key opens it, to an address if that rebuilds it, else to the other side of a swap. */
function outputChange(check: TxSummaryCheck, output: TxOutSummary, data: TxOutUnblindingData): BalanceChange {
  const own = tryOpen(output, check.viewPrivateKey);
  if (own !== undefined) {
    return gain({ kind: "self" }, own);
  }
  const { unmaskedAmount, address, txPrivateKey } = data;
  if (address !== undefined) {
    if (txPrivateKey === undefined) {
      throw new TransactionError("missing-tx-private-key", "An output to an address comes with its private key.");
    }
    if (
      !isOutputTo(address, { output, txPrivateKey, amount: unmaskedAmount, version: check.unblindingData.blockVersion })
    ) {
      throw new TransactionError(
        "address-verification-failed",
        "An output does not pay the stated amount and address.",
      );
    }
    return gain({ kind: "address", shortAddressHash: shortAddressHash(address) }, unmaskedAmount);
  }
  if (!output.associatedToInputRules) {
    throw new TransactionError("missing-recipient-data", "Nothing says whom an output pays.");
  }
  assertOpens(output.maskedAmount.commitment, unmaskedAmount);
  return gain({ kind: "swap-counterparty" }, unmaskedAmount);
}

/** From oneself, or from the other side of a swap when the input carries rules. */
function inputChange(input: TxInSummary, unmasked: UnmaskedAmount): BalanceChange {
  assertOpens(input.pseudoOutputCommitment, unmasked);
  const party: TxParty = { kind: input.inputRulesDigest.length === 0 ? "self" : "swap-counterparty" };
  return { party, tokenId: unmasked.tokenId, value: -unmasked.value };
}

function tryOpen(output: TxOutSummary, viewPrivateKey: PrivateKey): Amount | undefined {
  const sharedSecret = txOutSharedSecret(viewPrivateKey, publicKey(output.publicKey));
  try {
    const unmasked = tryUnmaskAmount(output.maskedAmount, sharedSecret);
    unmasked?.blinding.wipe();
    return unmasked;
  } finally {
    sharedSecret.wipe();
  }
}

/** What an output should be made from. */
interface OutputClaim {
  readonly output: TxOutSummary;
  readonly txPrivateKey: PrivateKey;
  readonly amount: Amount;
  readonly version: BlockVersion;
}

function isOutputTo(address: PublicAddress, { output, txPrivateKey, amount, version }: OutputClaim): boolean {
  const sharedSecret = txOutSharedSecret(txPrivateKey, address.viewPublicKey);
  try {
    return (
      !output.associatedToInputRules &&
      equalBytes(output.publicKey, txOutPublicKey(txPrivateKey, address.spendPublicKey)) &&
      equalBytes(output.targetKey, onetimeTargetKey(sharedSecret, address.spendPublicKey)) &&
      equalMaskedAmounts(output.maskedAmount, maskAmount(version, amount, sharedSecret))
    );
  } finally {
    sharedSecret.wipe();
  }
}

function assertOpens(commitment: Uint8Array, { value, tokenId, blinding }: UnmaskedAmount): void {
  if (!equalBytes(commitment, commit({ value, tokenId, blinding: blinding.expose() }))) {
    throw new TransactionError("amount-verification-failed", "An amount does not open its commitment.");
  }
}

function assertSameLength(parts: readonly unknown[], data: readonly unknown[]): void {
  if (parts.length !== data.length) {
    throw new TransactionError("length-mismatch", "A summary comes with one amount for each input and output.");
  }
}

function gain(party: TxParty, { value, tokenId }: Amount): BalanceChange {
  return { party, tokenId, value };
}

const LARGEST_I64 = U64_MAX >> 1n;

/** Sums by party and token. */
class Balances {
  readonly #changes = new Map<string, BalanceChange>();

  /** Adds a change. Throws `amount-too-large` when it or the sum does not fit 64 bits signed. */
  change({ party, tokenId, value }: BalanceChange): void {
    const key = `${partyOrder(party)} ${tokenId.toString().padStart(20, "0")}`;
    const sum = (this.#changes.get(key)?.value ?? 0n) + value;
    if (value > LARGEST_I64 || -value > LARGEST_I64 || sum > LARGEST_I64 || sum < -LARGEST_I64 - 1n) {
      throw new TransactionError("amount-too-large", "A signing device counts with 64 bits, one of them the sign.");
    }
    this.#changes.set(key, { party, tokenId, value: sum });
  }

  /** Throws `value-not-conserved` unless, token by token, what is lost is what is gained and the fee. */
  assertConserved(fee: Amount): void {
    const sums = new Map<TokenId, bigint>([[fee.tokenId, fee.value]]);
    for (const { tokenId, value } of this.#changes.values()) {
      sums.set(tokenId, (sums.get(tokenId) ?? 0n) + value);
    }
    if ([...sums.values()].some((sum) => sum !== 0n)) {
      throw new TransactionError("value-not-conserved", "The inputs of a transaction pay for its outputs and its fee.");
    }
  }

  sorted(): BalanceChange[] {
    return [...this.#changes].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, change]) => change);
  }
}

/** A text by which parties are told apart and sorted. */
function partyOrder(party: TxParty): string {
  switch (party.kind) {
    case "self":
      return "0";
    case "address":
      return `1${toHex(party.shortAddressHash)}`;
    case "swap-counterparty":
      return "2";
  }
}
