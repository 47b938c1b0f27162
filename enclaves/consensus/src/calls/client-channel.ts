// The entry points of clients' channels: a handshake, the end of a session, and a message that is not wanted.
import { decodeAuthMessage, decodeSealedMessage, encodeAuthMessage } from "@fogbow/core-attest";
import { wipeBytes } from "@fogbow/core-bytes";
import type { Call } from "../enclave-state.ts";

/** `client-auth`: answers a handshake. */
export const clientAuth: Call = (input, { clients }) => encodeAuthMessage(clients.auth(decodeAuthMessage(input)));

/** `client-close`: ends the session with this channel id, 64 bytes, if it is there. */
export const clientClose: Call = (input, { clients }) => {
  clients.closeSession(input);
  return new Uint8Array();
};

/** `client-discard`: opens a message and drops it, so that the counters of both sides stay in step. */
export const clientDiscard: Call = (input, { clients }) => {
  wipeBytes(clients.open(decodeSealedMessage(input)).plaintext);
  return new Uint8Array();
};
