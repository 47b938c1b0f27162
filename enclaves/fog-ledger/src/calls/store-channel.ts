// The entry points of a router's channels to its stores.
import { encodeAuthMessage } from "@fogbow/core-attest";
import { decodeMessage, readPresent, StoreBeginRequestSchema, StoreFinishRequestSchema } from "@fogbow/core-wire";
import { DOOR } from "../limits.ts";
import type { Call } from "../state.ts";

/** `store-begin`: the handshake's first message, for the store of this name. Throws AttestError, WireError. */
export const storeBegin: Call = (input, { stores }) => {
  const { responderId } = decodeMessage(StoreBeginRequestSchema, input, DOOR);
  return encodeAuthMessage(stores.begin(responderId));
};

/** `store-finish`: reads the store's answer. Rejects with LedgerEnclaveError `unknown-handshake`, AttestError, WireError. */
export const storeFinish: Call = async (input, { stores }) => {
  const { responderId, answer, nowMs } = decodeMessage(StoreFinishRequestSchema, input, DOOR);
  await stores.finish(responderId, readPresent(answer, "answer").data.slice(), Number(nowMs));
  return new Uint8Array(0);
};
