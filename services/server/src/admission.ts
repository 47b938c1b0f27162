// Who may call, by headers alone (spec 03 §7.2–7.3; spec 04 §4.4).
import { Code, ConnectError } from "@connectrpc/connect";
import type { Admission } from "./call.ts";
import { type TokenAuthOptions, tokenAuth } from "./token-auth.ts";

/** What callers have to know. */
export interface AdmissionOptions {
  /** The network; a caller that names another is refused. Any unless given. */
  readonly chainId?: string | undefined;
  /** Whether a caller that names no network is refused too. Not unless given: MobileCoin's older clients name none. */
  readonly requiresChainId?: boolean;
  /** Everybody may call unless given. */
  readonly tokens?: TokenAuthOptions | undefined;
}

/** The rule. `now` is in ms since 1970. */
export function admission(
  { chainId, requiresChainId = false, tokens }: AdmissionOptions,
  now: () => number,
): Admission {
  const checkToken = tokens === undefined ? undefined : tokenAuth(tokens);
  return (header) => {
    const named = header.get("chain-id");
    if (chainId !== undefined && named !== chainId && (requiresChainId || named !== null)) {
      return new ConnectError(`chain-id mismatch: '${chainId}'`, Code.FailedPrecondition);
    }
    return checkToken?.(header.get("authorization"), now());
  };
}
