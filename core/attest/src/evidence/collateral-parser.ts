// Parses collateral once: a server sends the same with every handshake until it refreshes it. Signatures are not kept.
import { concatBytes, le32, toHex, utf8 } from "@fogbow/core-bytes";
import { kernel } from "@fogbow/kernel";
import { type ParsedCollateral, parseCollateral } from "../sgx/parse-collateral.ts";
import type { IntelCollateral } from "./evidence.ts";
import { RecentEntries } from "./recent-entries.ts";

/** How many servers' collateral is kept parsed. */
export const PARSED_COLLATERAL_MAX = 64;

/**
 * A function like `parseCollateral` that keeps what it parsed last, by the hash of every byte. Nothing is trusted for having
 * been seen: each verification checks all signatures and times again. Throws what `parseCollateral` throws.
 */
export function createCollateralParser(): (collateral: IntelCollateral) => ParsedCollateral {
  const parsed = new RecentEntries<ParsedCollateral>(PARSED_COLLATERAL_MAX);
  return (collateral) => {
    const key = tryCollateralKey(collateral);
    if (key === undefined) {
      return parseCollateral(collateral); // Which says what is wrong with it.
    }
    const known = parsed.get(key) ?? parseCollateral(collateral);
    parsed.set(key, known);
    return known;
  };
}

/** A name that two collaterals share only when all of their bytes are the same; undefined for texts that have no bytes. */
function tryCollateralKey(collateral: IntelCollateral): string | undefined {
  const texts = [collateral.tcbInfo, collateral.qeIdentity];
  if (texts.some((text) => /\p{Surrogate}/u.test(text))) {
    return undefined;
  }
  const chains = [collateral.pckCrlIssuerChain, collateral.tcbInfoIssuerChain, collateral.qeIdentityIssuerChain];
  const parts = [
    ...chains.flatMap((chain) => [le32(chain.length), ...chain.flatMap(withLength)]),
    ...[collateral.rootCaCrl, collateral.pckCrl].flatMap(withLength),
    ...texts.flatMap((text) => withLength(utf8(text))),
  ];
  return toHex(kernel().hashes.sha256(concatBytes(...parts)));
}

function withLength(bytes: Uint8Array): Uint8Array[] {
  return [le32(bytes.length), bytes];
}
