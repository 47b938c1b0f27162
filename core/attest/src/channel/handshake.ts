// The Noise handshakes of MobileCoin (Noise revision 34; spec 04 §2): NX for an anonymous initiator, IX where both sides
// show who they are. Two messages, no pre-messages, no pre-shared keys.
import { concatBytes, type Random } from "@fogbow/core-bytes";
import { AttestError } from "../error.ts";
import { KEY_BYTES, KeyPair } from "./key-pair.ts";
import { HANDSHAKE_BYTES_MAX, PAYLOAD_BYTES_MAX } from "./limits.ts";
import { SymmetricState } from "./symmetric-state.ts";

/** Which handshake: NX from a client or router to an enclave, IX between enclaves of equal standing. */
export type HandshakePattern = "NX" | "IX";

/** Which side of it. The initiator writes the first message, the responder the second. */
export type HandshakeRole = "initiator" | "responder";

/** What a handshake is made from. */
export interface HandshakeOptions {
  readonly pattern: HandshakePattern;
  readonly role: HandshakeRole;
  /** What both sides know without saying it: the responder id as UTF-8 (spec 04 §2.2). */
  readonly prologue: Uint8Array;
  /** Our static key. The initiator of NX has none. It is not wiped here. */
  readonly staticKey?: KeyPair;
}

/** What a handshake leads to. Whoever takes it owns the keys. */
export interface HandshakeResult {
  /** The hash of the whole handshake, 64 bytes, equal on both sides: the channel id. */
  readonly channelId: Uint8Array;
  /** 32 bytes: what we seal with. */
  readonly sendKey: Uint8Array;
  /** 32 bytes: what we open with. */
  readonly receiveKey: Uint8Array;
  /** The other side's static key, 32 bytes. Undefined for the responder of NX. */
  readonly remoteStaticKey: Uint8Array | undefined;
}

type Token = "e" | "s" | "ee" | "es" | "se";

/** The tokens of both messages (Noise §7.5). */
const PATTERNS: Readonly<Record<HandshakePattern, readonly [readonly Token[], readonly Token[]]>> = {
  NX: [["e"], ["e", "ee", "s", "es"]],
  IX: [
    ["e", "s"],
    ["e", "ee", "se", "s", "es"],
  ],
};

/** One side of one handshake. A failure ends it: it cannot be tried again with another message. */
export class Handshake {
  readonly #pattern: HandshakePattern;
  readonly #role: HandshakeRole;
  readonly #random: Random;
  readonly #state: SymmetricState;
  readonly #staticKey: KeyPair | undefined;
  #ephemeral: KeyPair | undefined;
  #remoteStatic: Uint8Array | undefined;
  #remoteEphemeral: Uint8Array | undefined;
  /** Messages so far; 3 when the keys were taken or nothing more can be done. */
  #messages: 0 | 1 | 2 | 3 = 0;

  /** Throws `key-malformed` when the role needs a static key and there is none. */
  constructor({ pattern, role, prologue, staticKey }: HandshakeOptions, { random }: { readonly random: Random }) {
    if (staticKey === undefined && (role === "responder" || pattern === "IX")) {
      throw new AttestError("key-malformed", `The ${role} of ${pattern} needs a static key.`);
    }
    this.#pattern = pattern;
    this.#role = role;
    this.#random = random;
    this.#staticKey = staticKey;
    this.#state = new SymmetricState(`Noise_${pattern}_25519_AESGCM_SHA512`);
    this.#state.mixHash(prologue);
  }

  /** The other side's static key, 32 bytes, once a message has brought it. */
  get remoteStaticKey(): Uint8Array | undefined {
    return this.#remoteStatic;
  }

  /** Our message with this payload. Throws `write-out-of-order`, `message-too-large` or `weak-public-key`. */
  write(payload: Uint8Array): Uint8Array {
    const tokens = this.#nextTokens("initiator");
    if (tokens === undefined) throw new AttestError("write-out-of-order", "No handshake message of ours is due.");
    if (payload.length > PAYLOAD_BYTES_MAX) {
      throw new AttestError("message-too-large", `A handshake payload has at most ${PAYLOAD_BYTES_MAX} bytes.`);
    }
    return this.#step(() => {
      const parts = tokens.map((token) => this.#writeToken(token));
      return concatBytes(...parts, this.#state.encryptAndHash(payload));
    });
  }

  /**
   * The payload of the other side's message, in a new array. Throws `read-out-of-order`, `message-too-short`,
   * `message-too-large`, `weak-public-key` or `handshake-not-decrypted`.
   */
  read(message: Uint8Array): Uint8Array {
    const tokens = this.#nextTokens("responder");
    if (tokens === undefined) throw new AttestError("read-out-of-order", "No handshake message of theirs is due.");
    if (message.length > HANDSHAKE_BYTES_MAX) {
      throw new AttestError("message-too-large", `A handshake message has at most ${HANDSHAKE_BYTES_MAX} bytes.`);
    }
    return this.#step(() => {
      let rest = message;
      const take = (length: number): Uint8Array => {
        if (rest.length < length) throw new AttestError("message-too-short", "A handshake message ends too early.");
        const taken = rest.subarray(0, length);
        rest = rest.subarray(length);
        return taken;
      };
      for (const token of tokens) this.#readToken(token, take);
      if (rest.length < this.#state.tagBytes) take(this.#state.tagBytes);
      return this.#decrypt(rest);
    });
  }

  /** The keys and the channel id, once. Throws `handshake-unfinished` before the last message. */
  finish(): HandshakeResult {
    if (this.#messages !== 2) {
      throw new AttestError("handshake-unfinished", "The handshake has not come to its end, or its keys were taken.");
    }
    const channelId = this.#state.hash();
    const [first, second] = this.#state.split();
    const initiates = this.#role === "initiator";
    this.close();
    return {
      channelId,
      sendKey: initiates ? first : second,
      receiveKey: initiates ? second : first,
      remoteStaticKey: this.#remoteStatic,
    };
  }

  /** Gives the handshake up and overwrites its keys. */
  close(): void {
    this.#messages = 3;
    this.#state.wipe();
    this.#ephemeral?.wipe();
  }

  /** The tokens of the next message if it is ours to write, asked by `write`, or to read, asked by `read`. */
  #nextTokens(asWriter: HandshakeRole): readonly Token[] | undefined {
    const due = this.#role === asWriter ? 0 : 1;
    return this.#messages === due ? PATTERNS[this.#pattern][due] : undefined;
  }

  #step(body: () => Uint8Array): Uint8Array {
    try {
      const result = body();
      this.#messages = this.#messages === 0 ? 1 : 2;
      return result;
    } catch (error) {
      this.close();
      throw error;
    }
  }

  #writeToken(token: Token): Uint8Array {
    switch (token) {
      case "e": {
        this.#ephemeral = KeyPair.random(this.#random);
        this.#state.mixHash(this.#ephemeral.publicKey);
        return this.#ephemeral.publicKey;
      }
      case "s":
        return this.#state.encryptAndHash(present(this.#staticKey).publicKey);
      default:
        this.#mix(token);
        return new Uint8Array();
    }
  }

  #readToken(token: Token, take: (length: number) => Uint8Array): void {
    switch (token) {
      case "e":
        this.#remoteEphemeral = take(KEY_BYTES).slice();
        this.#state.mixHash(this.#remoteEphemeral);
        return;
      case "s":
        this.#remoteStatic = this.#decrypt(take(KEY_BYTES + this.#state.tagBytes));
        return;
      default:
        this.#mix(token);
    }
  }

  /** Mixes in one agreement. The first letter names the initiator's key, the second the responder's. */
  #mix(token: "ee" | "es" | "se"): void {
    const own = this.#role === "initiator" ? token[0] : token[1];
    const theirs = this.#role === "initiator" ? token[1] : token[0];
    const ownKey = present(own === "e" ? this.#ephemeral : this.#staticKey);
    this.#state.mixKey(ownKey.agree(present(theirs === "e" ? this.#remoteEphemeral : this.#remoteStatic)));
  }

  #decrypt(data: Uint8Array): Uint8Array {
    const plaintext = this.#state.decryptAndHash(data);
    if (plaintext === undefined) {
      // One answer for all reasons: nobody can tell them apart.
      throw new AttestError(
        "handshake-not-decrypted",
        "The handshake does not decrypt: check that both sides use the same responder id and pattern.",
      );
    }
    return plaintext;
  }
}

/** A key that the pattern has brought by now. */
function present<Key>(key: Key | undefined): Key {
  if (key === undefined) throw new Error("The pattern uses a key before it is known.");
  return key;
}
