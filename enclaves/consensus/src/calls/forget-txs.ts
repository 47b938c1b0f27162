// `forget-txs`: overwrites transactions that are in a block, or can no longer be in any.
import { decodeMessage, TxHashesSchema } from "@fogbow/core-wire";
import type { Call } from "../enclave-state.ts";
import { DOOR } from "../limits.ts";
import { assertNamed } from "../named-txs.ts";

/** Those that are not kept are passed over. Throws ConsensusError `too-many-txs`, and WireError. */
export const forgetTxs: Call = (input, { txs }) => {
  const { txHashes } = decodeMessage(TxHashesSchema, input, DOOR);
  assertNamed(txHashes);
  for (const hash of txHashes) txs.forget(hash);
  return new Uint8Array();
};
