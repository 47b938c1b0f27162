// The entry points of clients' channels: a handshake, and the end of a session.
import { decodeAuthMessage, encodeAuthMessage } from "@fogbow/core-attest";
import type { Call } from "../state.ts";

/** `client-auth`: answers a handshake. Throws AttestError, WireError. */
export const clientAuth: Call = (input, { clients }) => encodeAuthMessage(clients.auth(decodeAuthMessage(input)));

/** `client-close`: ends the session with this channel id, 64 bytes, if it is there. */
export const clientClose: Call = (input, { clients }) => {
  clients.closeSession(input);
  return new Uint8Array(0);
};
