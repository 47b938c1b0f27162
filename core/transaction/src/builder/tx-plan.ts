// What a payer decides about a transaction before it is built (spec 02 §5.9).
import type { PublicAddress } from "@fogbow/core-account";
import type { Amount, TokenId, TokenValue } from "@fogbow/core-bytes";
import type { BlockVersion } from "../block-version.ts";
import type { MemoBuilder } from "../memo/builder/memo-builder.ts";
import type { Destination, FogIngressKey, ReservedAddresses } from "../output/create-output.ts";
import type { FeeMap } from "../validation/fee-map.ts";
import type { FilledOffer } from "./fill-offer.ts";
import type { TxInput } from "./ring.ts";

/** Everything a transaction is built from, but for its randomness. */
export interface TxPlan {
  /** The rules of the block that is being built. */
  readonly blockVersion: BlockVersion;
  readonly inputs: readonly TxInput[];
  /** Inputs that others signed in advance, with what they demand; none by default. From block version 3. */
  readonly offers?: readonly FilledOffer[];
  /** Everything but the change. To burn, pay `burnAddress()`. */
  readonly payments: readonly Payment[];
  /** One's own addresses: what the inputs hold beyond payments and fee returns to the change address. */
  readonly own: ReservedAddresses;
  readonly fee: FeePlan;
  readonly lifetime: TxLifetime;
  /**
   * Makes a memo builder, always the same one: the first is asked for all memos to learn what they will say, the second
   * makes the memos of the transaction.
   */
  readonly memoBuilder: () => MemoBuilder;
  /** The ingress key for an address with Fog, from a verified report. Not asked for others. */
  readonly ingressKey: (address: PublicAddress) => FogIngressKey | undefined;
}

/** One payment. */
export interface Payment {
  readonly destination: Exclude<Destination, { readonly kind: "change" }>;
  readonly amount: Amount;
}

/** What the transaction pays to be in a block. */
export interface FeePlan {
  readonly tokenId: TokenId;
  /** In the token's smallest unit; the minimum by default. */
  readonly value?: TokenValue;
  /** Those of the network. */
  readonly minimumFees: FeeMap;
}

/** Until when the transaction may still be in a block. */
export interface TxLifetime {
  /** The index of the block that is being built: the number of blocks in the ledger. */
  readonly currentBlock: bigint;
  /** The transaction is in a block before this one or never; 100 blocks ahead by default. Fog keys may bring it closer. */
  readonly tombstoneBlock?: bigint;
}
