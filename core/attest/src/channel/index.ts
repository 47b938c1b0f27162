// The channels' part of the package's face.
export {
  type AnsweredChannel,
  type AnswerOptions,
  answerChannel,
  answerPeerChannel,
  beginChannel,
  beginPeerChannel,
  type OwnEvidence,
  type OwnIdentity,
  type PendingChannel,
  type VerifiedChannel,
  type VerifyEvidence,
} from "./attest-channel.ts";
export {
  AttestedChannel,
  type AttestedChannelParts,
  type CallSignal,
  type ChannelCall,
  type ChannelMessage,
  type ChannelTransport,
} from "./attested-channel.ts";
export { type OpenedBroadcast, openBroadcast, sealBroadcast } from "./broadcast.ts";
export type { ChannelErrorCode } from "./channel-error-code.ts";
export {
  ChannelResponder,
  type OpenedRequest,
  type ResponderOptions,
  type ResponderParts,
} from "./channel-responder.ts";
export { rekey } from "./cipher.ts";
export { type Closeable, ClosingTable } from "./closing-table.ts";
export { Direction, type DirectionUse } from "./direction.ts";
export {
  bindEvidence,
  decodeAnswerPayload,
  decodeRequestPayload,
  type EvidenceKind,
  type EvidenceMessage,
  encodeAnswerPayload,
  encodeRequestPayload,
  type PeerEvidence,
} from "./evidence-payload.ts";
export {
  Handshake,
  type HandshakeOptions,
  type HandshakePattern,
  type HandshakeResult,
  type HandshakeRole,
} from "./handshake.ts";
export { KeyPair } from "./key-pair.ts";
export {
  CLIENT_SESSIONS_MAX,
  PEER_SESSIONS_MAX,
  PENDING_PEER_HANDSHAKES_MAX,
  PENDING_STORE_HANDSHAKES_MAX,
  ROUTER_SESSIONS_MAX,
  STORE_SESSIONS_MAX,
} from "./limits.ts";
export {
  decodeAuthMessage,
  decodeNonceMessage,
  decodeSealedMessage,
  encodeAuthMessage,
  encodeNonceMessage,
  encodeSealedMessage,
  type NonceMessage,
  type SealedMessage,
} from "./messages.ts";
export { NonceSession } from "./nonce-session.ts";
export { type PeerChannelParts, PeerChannels, type PeerRule, peerVerifier, type VerifyPeer } from "./peer-channels.ts";
export { prologueOf, responderIdOf } from "./responder-id.ts";
export { Session, type SessionKeys } from "./session.ts";
export { SessionTable, type TabledSession } from "./session-table.ts";
