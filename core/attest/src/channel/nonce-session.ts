// A session that says its nonces, so that messages may arrive in any order: between routers and stores (spec 04 §3.1).
import { Direction } from "./direction.ts";
import type { NonceMessage } from "./messages.ts";
import { ReplayWindow } from "./replay-window.ts";
import { expectChannel, type SessionKeys } from "./session.ts";

const none = new Uint8Array();

/** One side of such a session. Every nonce opens once; a forged message changes nothing. */
export class NonceSession {
  /** 64 bytes, equal on both sides. Not secret. */
  readonly channelId: Uint8Array;
  readonly #send: Direction;
  readonly #receive: Direction;
  readonly #window = new ReplayWindow();

  constructor({ channelId, sendKey, receiveKey }: SessionKeys) {
    this.channelId = channelId;
    this.#send = new Direction(sendKey);
    this.#receive = new Direction(receiveKey);
  }

  /** Seals a message under the next nonce; the first is 0. Throws `rekey-needed` or `session-closed`. */
  seal(plaintext: Uint8Array, aad: Uint8Array = none): NonceMessage {
    const { nonce } = this.#send;
    return { aad, channelId: this.channelId, data: this.#send.seal(aad, plaintext), nonce };
  }

  /**
   * Opens a message under its own nonce. Throws `channel-id-mismatch`, `nonce-seen`, `nonce-below-window`,
   * `message-too-short`, `message-not-decrypted`, `rekey-needed` or `session-closed`.
   */
  open(message: NonceMessage): Uint8Array {
    expectChannel(message, this.channelId);
    this.#window.assertFresh(message.nonce);
    const plaintext = this.#receive.open(message.aad, message.data, message.nonce);
    this.#window.accept(message.nonce);
    return plaintext;
  }

  /** Overwrites the keys. Closing twice is harmless. */
  close(): void {
    this.#send.close();
    this.#receive.close();
  }
}
