// The entry points of channels between nodes' enclaves: both sides of the handshake.
import { encodeAuthMessage } from "@fogbow/core-attest";
import {
  decodeMessage,
  encodeMessage,
  PeerAuthRequestSchema,
  PeerBeginRequestSchema,
  PeerChannelSchema,
  PeerFinishRequestSchema,
  readPresent,
} from "@fogbow/core-wire";
import type { Call } from "../enclave-state.ts";
import { DOOR } from "../limits.ts";

/** `peer-begin`: the handshake's first message, for the peer of this name and our rules. Throws AttestError, WireError. */
export const peerBegin: Call = (input, { peers, rulesDigest }) => {
  const { responderId } = decodeMessage(PeerBeginRequestSchema, input, DOOR);
  return encodeAuthMessage(peers.begin(`${responderId}-${rulesDigest}`));
};

/** `peer-finish`: reads the peer's answer. Rejects with AttestError, WireError. */
export const peerFinish: Call = async (input, { peers, rulesDigest }) => {
  const { responderId, answer, nowMs } = decodeMessage(PeerFinishRequestSchema, input, DOOR);
  const { data } = readPresent(answer, "answer");
  const channelId = await peers.finish(`${responderId}-${rulesDigest}`, data.slice(), Number(nowMs));
  return encodeMessage(PeerChannelSchema, { channelId });
};

/** `peer-auth`: answers a peer that begins. Rejects with AttestError, WireError. */
export const peerAuth: Call = async (input, { peers }) => {
  const { request, nowMs } = decodeMessage(PeerAuthRequestSchema, input, DOOR);
  const { data } = readPresent(request, "request");
  return encodeAuthMessage(await peers.answer(data.slice(), Number(nowMs)));
};
