// What all nodes of the simulated network agree on before the first block.
import { MOB, tokenValue } from "@fogbow/core-bytes";
import type { NodeChain } from "@fogbow/node";
import { BLOCK_VERSION, governors, MINTED_TOKEN } from "./economy.ts";

/** The rules of a chain. */
export type Chain = NodeChain;

/** The simulated network's rules; leaders depend on the block before or not. */
export function simulatedChain(leaderHash: Chain["leaderHash"], governorsSignature?: Uint8Array): Chain {
  const hasGovernors = governorsSignature !== undefined;
  return {
    blockVersion: BLOCK_VERSION as Chain["blockVersion"], // One that there is.
    tokens: [
      { tokenId: MOB, minimumFee: tokenValue(400_000_000n) },
      { tokenId: MINTED_TOKEN, minimumFee: tokenValue(1_024n), ...(hasGovernors && { governors }) },
    ],
    ...(hasGovernors && { governorsSignature }),
    leaderHash,
  };
}
