// What travels in an attested channel, as values and as protobuf bytes (package `attest`; spec 04 §1).
import { AuthMessageSchema, decodeMessage, encodeMessage, MessageSchema, NonceMessageSchema } from "@fogbow/core-wire";
import { HANDSHAKE_BYTES_MAX, SEALED_MESSAGE_BYTES_MAX } from "./limits.ts";

/** `attest.Message`: a request or a response of a session whose messages keep their order. */
export interface SealedMessage {
  /** Plaintext, authenticated with the data. What it means is the service's to say. */
  readonly aad: Uint8Array;
  /** 64 bytes. */
  readonly channelId: Uint8Array;
  /** Ciphertext ‖ 16-byte tag. */
  readonly data: Uint8Array;
}

/** `attest.NonceMessage`: the same of a session whose messages may arrive in any order. */
export interface NonceMessage extends SealedMessage {
  /** The sender's counter, an unsigned 64-bit integer: **little-endian** on the wire. */
  readonly nonce: bigint;
}

/** Room for the field's own bytes around a handshake message. */
const AUTH_LIMITS = { bytesMax: HANDSHAKE_BYTES_MAX + 16 };
const SEALED_LIMITS = { bytesMax: SEALED_MESSAGE_BYTES_MAX };

/** An `attest.AuthMessage` around a handshake message. Throws WireError `message-too-large`. */
export function encodeAuthMessage(data: Uint8Array): Uint8Array {
  return encodeMessage(AuthMessageSchema, { data }, AUTH_LIMITS);
}

/** The handshake message in an `attest.AuthMessage`, copied. Throws WireError `message-too-large`, `malformed-message`. */
export function decodeAuthMessage(bytes: Uint8Array): Uint8Array {
  return decodeMessage(AuthMessageSchema, bytes, AUTH_LIMITS).data.slice();
}

/** An `attest.Message`. Throws WireError `message-too-large`. */
export function encodeSealedMessage({ aad, channelId, data }: SealedMessage): Uint8Array {
  return encodeMessage(MessageSchema, { aad, channelId, data }, SEALED_LIMITS);
}

/** Reads an `attest.Message`; its fields are views of `bytes`. Throws WireError `message-too-large`, `malformed-message`. */
export function decodeSealedMessage(bytes: Uint8Array): SealedMessage {
  const { aad, channelId, data } = decodeMessage(MessageSchema, bytes, SEALED_LIMITS);
  return { aad, channelId, data };
}

/** An `attest.NonceMessage`. Throws WireError `message-too-large`, `unencodable-message` for a nonce beyond 64 bits. */
export function encodeNonceMessage({ aad, channelId, data, nonce }: NonceMessage): Uint8Array {
  return encodeMessage(NonceMessageSchema, { aad, channelId, data, nonce }, SEALED_LIMITS);
}

/** Reads an `attest.NonceMessage`; its fields are views of `bytes`. Throws WireError as {@link decodeSealedMessage}. */
export function decodeNonceMessage(bytes: Uint8Array): NonceMessage {
  const { aad, channelId, data, nonce } = decodeMessage(NonceMessageSchema, bytes, SEALED_LIMITS);
  return { aad, channelId, data, nonce };
}
