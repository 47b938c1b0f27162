// The outputs of a transaction: payments, change and gift codes, each with the keys, hint and memo that it is due
// (spec 01 §5.8).
import {
  type AccountKey,
  CHANGE_SUBADDRESS,
  DEFAULT_SUBADDRESS,
  GIFT_CODE_SUBADDRESS,
  type PublicAddress,
  publicAddress,
  type ViewAccountKey,
} from "@fogbow/core-account";
import type { Amount, Random } from "@fogbow/core-bytes";
import type { PublicKey } from "@fogbow/core-crypto";
import { type BlockVersion, blockVersionFeatures } from "../block-version.ts";
import { TransactionError } from "../error.ts";
import { decoyFogHint, encryptFogHint } from "../fog/fog-hint.ts";
import type { ChangeMemoContext, MemoBuilder } from "../memo/builder/memo-builder.ts";
import type { MemoPayload } from "../memo/memo.ts";
import { type CreatedTxOut, createTxOut, type TxOutOptions } from "./create-tx-out.ts";
import type { EncryptedFogHint } from "./tx-out.ts";

/** The addresses of one's own that a transaction needs. */
export interface ReservedAddresses {
  /** The published address, where Fog looks for one's outputs. */
  readonly default: PublicAddress;
  readonly change: PublicAddress;
  readonly giftCode: PublicAddress;
}

/** The reserved addresses of an account; those of a view-only one have no Fog, as it cannot sign for one. */
export function reservedAddresses(account: AccountKey | ViewAccountKey): ReservedAddresses {
  return {
    default: publicAddress(account, DEFAULT_SUBADDRESS),
    change: publicAddress(account, CHANGE_SUBADDRESS),
    giftCode: publicAddress(account, GIFT_CODE_SUBADDRESS),
  };
}

/** Whom an output is for. */
export type Destination =
  | { readonly kind: "payment"; readonly recipient: PublicAddress }
  | { readonly kind: "change"; readonly own: ReservedAddresses }
  | { readonly kind: "gift-code"; readonly own: ReservedAddresses };

/** The key a hint is encrypted to, taken from a Fog report that was verified for the address. */
export interface FogIngressKey {
  readonly publicKey: PublicKey;
  /** The block below which an output with this hint must be: the report's `pubkey_expiry`. */
  readonly pubkeyExpiry: bigint;
}

/** What every output of a transaction has in common. */
export interface OutputOptions {
  readonly blockVersion: BlockVersion;
  /** Asked once an output, unless the block version has no memos. */
  readonly memoBuilder: MemoBuilder;
  /** The ingress key for an address with Fog. Not asked for others. */
  readonly ingressKey: (address: PublicAddress) => FogIngressKey | undefined;
  readonly random: Random;
}

/** An output ready for a transaction. */
export interface CreatedOutput extends CreatedTxOut {
  /** The largest tombstone block the transaction may have because of this output; undefined when there is no bound. */
  readonly tombstoneBlockMax: bigint | undefined;
}

/**
 * Makes an output. Draws randomness for the hint first (64 bytes, or 128 for a decoy), then 64 bytes for the tx private
 * key. Throws `missing-ingress-key` for an address with Fog whose key is not known, and whatever `createTxOut` and the
 * memo builder throw.
 */
export function createOutput(destination: Destination, amount: Amount, options: OutputOptions): CreatedOutput {
  const { tombstoneBlockMax, ...prepared } = prepareOutput(destination, amount, options);
  return { ...createTxOut({ ...prepared, random: options.random }), tombstoneBlockMax };
}

/** What `createTxOut` makes an output from but for its tx private key, and the bound on the tombstone block. */
export interface PreparedOutput extends TxOutOptions {
  /** As {@link CreatedOutput.tombstoneBlockMax}. */
  readonly tombstoneBlockMax: bigint | undefined;
}

/** The first half of {@link createOutput}: draws the hint, and the memo follows once the output's key is known. */
export function prepareOutput(destination: Destination, amount: Amount, options: OutputOptions): PreparedOutput {
  const { blockVersion } = options;
  const { recipient, hintAddress } = addressesOf(destination);
  const { fogHint, tombstoneBlockMax } = makeHint(hintAddress, options);
  const memo = (txOutPublicKey: PublicKey): MemoPayload =>
    memoFor(destination, { amount, txOutPublicKey }, options.memoBuilder);
  const memos = blockVersionFeatures(blockVersion).memos ? { memo } : {};
  return { blockVersion, recipient, amount, fogHint, ...memos, tombstoneBlockMax };
}

/** Asks the memo builder for the memo that a destination is due. */
export function memoFor(destination: Destination, context: ChangeMemoContext, memoBuilder: MemoBuilder): MemoPayload {
  return destination.kind === "change"
    ? memoBuilder.memoForChange(context)
    : memoBuilder.memoForOutput({ ...context, recipient: addressesOf(destination).recipient });
}

/** Whose keys and whose hint an output gets. One's own carry the hint of the default address: Fog knows no other. */
export function addressesOf(destination: Destination): {
  readonly recipient: PublicAddress;
  readonly hintAddress: PublicAddress;
} {
  switch (destination.kind) {
    case "payment":
      return { recipient: destination.recipient, hintAddress: destination.recipient };
    case "change":
      return { recipient: destination.own.change, hintAddress: destination.own.default };
    case "gift-code":
      return { recipient: destination.own.giftCode, hintAddress: destination.own.default };
  }
}

function makeHint(
  address: PublicAddress,
  { ingressKey, random }: OutputOptions,
): { readonly fogHint: EncryptedFogHint; readonly tombstoneBlockMax: bigint | undefined } {
  if (address.fogReportUrl === "") {
    return { fogHint: decoyFogHint(random), tombstoneBlockMax: undefined };
  }
  const key = ingressKey(address);
  if (key === undefined) {
    throw new TransactionError(
      "missing-ingress-key",
      "The recipient uses Fog: fetch and verify its ingress key first.",
    );
  }
  return {
    fogHint: encryptFogHint(key.publicKey, address.viewPublicKey, random),
    tombstoneBlockMax: key.pubkeyExpiry,
  };
}
