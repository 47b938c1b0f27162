// An output of one's own: found through Fog or in a missed block.
import type { TokenId } from "@fogbow/core-bytes";

/** Whether an output is spent, as far as is known. */
export type SpentStatus =
  | { readonly kind: "spent"; readonly block: bigint }
  /** In no block below this count. */
  | { readonly kind: "not-spent"; readonly asOf: bigint };

/** An output and what its owner knows of it. */
export interface OwnedOutput {
  /** Where it is among all outputs of the ledger. */
  readonly globalIndex: bigint;
  readonly blockIndex: bigint;
  /** In the token's smallest unit. */
  readonly value: bigint;
  readonly tokenId: TokenId;
  readonly subaddressIndex: bigint;
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** 32 bytes. */
  readonly keyImage: Uint8Array;
  readonly status: SpentStatus;
}
