// Why an attested channel refuses something (spec 04 §2.7, §3, §4).

/** The codes of channels; `AttestErrorCode` holds them with those of the package's other parts. */
export type ChannelErrorCode =
  // Handshakes.
  | "message-too-short" // A message has fewer bytes than the keys and tags that it must hold.
  | "message-too-large" // A handshake message or its payload has more bytes than are accepted here.
  | "key-malformed" // An X25519 key is not 32 bytes.
  | "weak-public-key" // The other side's key has small order, so that everybody would know the shared secret.
  | "handshake-not-decrypted" // A handshake message was altered, is for another responder id or key, or of another pattern.
  | "write-out-of-order" // The other side's handshake message is due, or the handshake is over.
  | "read-out-of-order" // Our own handshake message is due, or the handshake is over.
  | "handshake-unfinished" // A handshake has no keys before its last message.
  | "unknown-handshake" // No handshake with this peer has begun, or its answer was read already.
  // Identities.
  | "evidence-wrapped" // The evidence of a peer's request is wrapped as only that of answers is.
  | "evidence-not-wrapped" // The evidence of an answer lacks its wrapper.
  | "bad-remote-identity" // The evidence is bound to another key than that of the handshake.
  | "missing-remote-identity" // The handshake ended without a static key of the other side.
  // Sessions.
  | "message-not-decrypted" // A message was altered, repeated, left out or reordered, or sealed with other keys.
  | "rekey-needed" // A key has sealed or opened all that it may: attest again.
  | "channel-id-mismatch" // The message belongs to another session.
  | "unknown-channel" // No session has this channel id (any more): attest again.
  | "session-closed" // The session's keys are gone.
  | "nonce-seen" // A message with this nonce was opened before.
  | "nonce-below-window" // The nonce is so old that nobody knows whether it was seen.
  | "too-many-messages" // A broadcast holds more messages than there can be sessions.
  // Responder ids.
  | "uri-malformed" // The text is no `scheme://host[:port]/?parameters`, or its scheme is unknown and it has no port.
  | "responder-id-malformed" // A responder id has no colon, or is stated more than once.
  // Clients.
  | "permission-denied" // The server denied a call, as it does when it has lost the session; thrown by transports.
  | "server-refused" // The server denied a handshake, or a call in a session that has only just begun.
  | "channel-busy" // Too many calls wait for their turn on one channel.
  | "channel-closed"; // The channel was closed by its owner.
