// The entry points of channels between ingest enclaves: both sides of the handshake, and the end.
import { encodeAuthMessage } from "@fogbow/core-attest";
import {
  decodeMessage,
  encodeMessage,
  IngestPeerAuthRequestSchema,
  IngestPeerBeginRequestSchema,
  IngestPeerChannelSchema,
  IngestPeerFinishRequestSchema,
  readPresent,
} from "@fogbow/core-wire";
import type { Call } from "../enclave-state.ts";
import { DOOR } from "../limits.ts";

/** `peer-begin`: the handshake's first message, for the peer of this name. Throws AttestError, WireError. */
export const peerBegin: Call = (input, { peers }) => {
  const { responderId } = decodeMessage(IngestPeerBeginRequestSchema, input, DOOR);
  return encodeAuthMessage(peers.begin(responderId));
};

/** `peer-finish`: reads the peer's answer. Rejects with AttestError, WireError. */
export const peerFinish: Call = async (input, { peers }) => {
  const { responderId, answer, nowMs } = decodeMessage(IngestPeerFinishRequestSchema, input, DOOR);
  const { data } = readPresent(answer, "answer");
  return encodeMessage(IngestPeerChannelSchema, {
    channelId: await peers.finish(responderId, data.slice(), Number(nowMs)),
  });
};

/** `peer-auth`: answers a peer that begins. Rejects with AttestError, WireError. */
export const peerAuth: Call = async (input, { peers }) => {
  const { request, nowMs } = decodeMessage(IngestPeerAuthRequestSchema, input, DOOR);
  const { data } = readPresent(request, "request");
  return encodeAuthMessage(await peers.answer(data.slice(), Number(nowMs)));
};

/** `peer-close`: ends a channel, if it is there. */
export const peerClose: Call = (input, { peers }) => {
  peers.close(decodeMessage(IngestPeerChannelSchema, input, DOOR).channelId);
  return new Uint8Array();
};
