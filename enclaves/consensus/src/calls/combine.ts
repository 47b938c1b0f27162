// `combine`: values of consensus in, those that make the next block out, in its order.
import { decodeMessage, encodeMessage, ValuesSchema } from "@fogbow/core-wire";
import { assertParent, combineValues, readValues, valuesToWire } from "../combine.ts";
import type { Call } from "../enclave-state.ts";
import { DOOR } from "../limits.ts";

/** Throws ConsensusError `unknown-tx`, `too-many-txs` or `missing-parent`, and WireError. */
export const combine: Call = (input, state) => {
  const values = decodeMessage(ValuesSchema, input, DOOR);
  assertParent(values);
  const combined = combineValues(readValues(values, state), values.parentBlockId, state);
  return encodeMessage(ValuesSchema, valuesToWire(combined));
};
