// The entry points by which the ingress key goes from one enclave to another of the same measurement: what a channel is open
// for, both its ends have proved (spec 03 §2.10).
import { decodeSealedMessage, encodeSealedMessage } from "@fogbow/core-attest";
import { equalBytes, wipeBytes } from "@fogbow/core-bytes";
import { decodeMessage, encodeMessage, IngestKeySetSchema, IngestPeerChannelSchema } from "@fogbow/core-wire";
import type { Call } from "../enclave-state.ts";
import { readIngressKey } from "../ingress-key.ts";
import { keysMessage } from "../keys-message.ts";
import { DOOR } from "../limits.ts";

/** `get-ingress-private-key`: the key for the other end of a channel. Throws AttestError `unknown-channel`, and WireError. */
export const getIngressPrivateKey: Call = (input, { peers, ingressKey }) => {
  const { channelId } = decodeMessage(IngestPeerChannelSchema, input, DOOR);
  return encodeSealedMessage(peers.seal(channelId, ingressKey.expose(), new Uint8Array()));
};

/**
 * `set-ingress-private-key`: takes the key of a peer. Throws AttestError, WireError, {@link FogIngestError} `invalid-peer-key`, and what
 * sealing throws; then the key is the one before. The egress key stays: its counters go by nobody's ingress key.
 */
export const setIngressPrivateKey: Call = (input, state) => {
  const plaintext = state.peers.open(decodeSealedMessage(input));
  const key = readIngressKey(plaintext, "invalid-peer-key");
  const old = state.ingressKey;
  const isSame = equalBytes(old.expose(), key.expose());
  state.ingressKey = key;
  try {
    const answer = encodeMessage(IngestKeySetSchema, { keys: keysMessage(state), didChange: !isSame });
    old.wipe();
    return answer;
  } catch (error) {
    state.ingressKey = old;
    wipeBytes(plaintext);
    throw error;
  }
};
