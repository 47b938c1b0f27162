// A router's entry points for its channels to stores.
import { encodeAuthMessage } from "@fogbow/core-attest";
import { BeginStoreRequestSchema, decodeMessage, FinishStoreRequestSchema, readPresent } from "@fogbow/core-wire";
import { DOOR } from "../limits.ts";
import type { Call } from "../state.ts";

/** `store-begin`: begins a channel to a store. Throws AttestError. */
export const storeBegin: Call = (input, { stores }) =>
  encodeAuthMessage(stores.begin(decodeMessage(BeginStoreRequestSchema, input, DOOR).responderId));

/** `store-finish`: reads the store's answer. Throws ViewError `unknown-handshake`, and AttestError. */
export const storeFinish: Call = async (input, { stores }) => {
  const { responderId, answer, nowMs } = decodeMessage(FinishStoreRequestSchema, input, DOOR);
  await stores.finish(responderId, readPresent(answer, "answer").data.slice(), Number(nowMs));
  return new Uint8Array();
};
