// The bounds of the RPCs of driven wallets.
import type { RemoteWalletApi } from "@fogbow/core-wire";
import type { RpcLimits, ServiceLimits } from "@fogbow/server";
import { CHECK_MS_MAX } from "./limits.ts";

const SMALL: RpcLimits = {
  requestBytesMax: 1_024,
  responseBytesMax: 65_536,
  deadlineMs: 2_000,
  concurrencyMax: 64,
  queueMax: 1_024,
};
/** A check may wait for a few others, and says by itself that the time is over. */
const CHECK: RpcLimits = { ...SMALL, requestBytesMax: 8_192, deadlineMs: 2 * CHECK_MS_MAX };

/** The bounds of `remote_wallet.RemoteWalletApi`. */
export const REMOTE_WALLET_LIMITS: ServiceLimits<typeof RemoteWalletApi> = {
  freshBalanceCheck: CHECK,
  followupBalanceCheck: CHECK,
  stop: SMALL,
  debug: SMALL,
  reset: SMALL,
};
