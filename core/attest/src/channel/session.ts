// A session whose messages keep their order, so that nobody needs to say their nonces: every client's (spec 04 §3).
import { AttestError } from "../error.ts";
import { Direction } from "./direction.ts";
import type { HandshakeResult } from "./handshake.ts";
import type { SealedMessage } from "./messages.ts";

/** What one side of a session begins with; its keys become the session's. */
export type SessionKeys = Pick<HandshakeResult, "channelId" | "sendKey" | "receiveKey">;

const none = new Uint8Array();

/**
 * One side of a session. Calls must follow the order in which messages are sent and arrive. A message that does not
 * decrypt changes nothing here, but a client must not go on after one: the two counters can no longer meet.
 */
export class Session {
  /** 64 bytes, equal on both sides. Not secret. */
  readonly channelId: Uint8Array;
  readonly #send: Direction;
  readonly #receive: Direction;

  constructor({ channelId, sendKey, receiveKey }: SessionKeys) {
    this.channelId = channelId;
    this.#send = new Direction(sendKey);
    this.#receive = new Direction(receiveKey);
  }

  /** Seals the next message. Throws `rekey-needed` or `session-closed`. */
  seal(plaintext: Uint8Array, aad: Uint8Array = none): SealedMessage {
    return { aad, channelId: this.channelId, data: this.#send.seal(aad, plaintext) };
  }

  /**
   * Opens the next message. Throws `channel-id-mismatch`, `message-too-short`, `message-not-decrypted`, `rekey-needed` or
   * `session-closed`.
   */
  open(message: SealedMessage): Uint8Array {
    expectChannel(message, this.channelId);
    return this.#receive.open(message.aad, message.data);
  }

  /** Overwrites the keys. Closing twice is harmless. */
  close(): void {
    this.#send.close();
    this.#receive.close();
  }
}

/** Throws `channel-id-mismatch` unless a message names the session. Channel ids are public, so time does not matter. */
export function expectChannel({ channelId }: SealedMessage, expected: Uint8Array): void {
  if (channelId.length !== expected.length || channelId.some((byte, i) => byte !== expected[i])) {
    throw new AttestError("channel-id-mismatch", "The message belongs to another session.");
  }
}
