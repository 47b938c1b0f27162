// A payment that is decided on and not yet built: whom, how much, and with which outputs.
import type { PublicAddress } from "@fogbow/core-account";
import type { Amount, TokenId } from "@fogbow/core-bytes";
import type { OwnedOutput } from "../account/owned-output.ts";

/** What an app asks for. */
export interface PayRequest {
  readonly to: PublicAddress;
  /** In the token's smallest unit, such as picoMOB; at least 1. */
  readonly amount: bigint;
  /** MOB unless told otherwise. */
  readonly tokenId?: TokenId;
  /** The payment request that this answers; the recipient reads it in the memo. */
  readonly paymentRequestId?: bigint | undefined;
}

/** A payment with its inputs. */
export interface PaymentDraft {
  /**
   * `payment` to somebody; `consolidation`: outputs of the wallet's own that become one; `swap`: somebody's offer that is taken, to the
   * wallet itself.
   */
  readonly kind: "payment" | "consolidation" | "swap";
  readonly to: PublicAddress;
  readonly amount: Amount;
  readonly fee: Amount;
  readonly spent: readonly OwnedOutput[];
  readonly paymentRequestId: bigint | undefined;
}
