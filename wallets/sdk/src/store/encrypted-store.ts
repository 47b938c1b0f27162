// A store that nobody reads without its key: AES-256-GCM (NIST SP 800-38D) by Web Crypto, under a fresh nonce for each writing.
import { concatBytes, equalBytes, type Random } from "@fogbow/core-bytes";
import { SdkError } from "../error.ts";
import type { WalletStore } from "./wallet-store.ts";

/** "fogbow wallet", then the version of this form. What is authenticated, and not encrypted. */
const HEADER: Uint8Array = new TextEncoder().encode("fogbow wallet\u0001");
const NONCE_BYTES = 12;
const KEY_BYTES = 32;

/** Encrypts what goes into another store. */
export class EncryptedStore implements WalletStore {
  readonly #inner: WalletStore;
  readonly #key: CryptoKey;
  readonly #random: Random;

  private constructor(inner: WalletStore, key: CryptoKey, random: Random) {
    this.#inner = inner;
    this.#key = key;
    this.#random = random;
  }

  /** Under 32 bytes that the platform's keystore keeps. The key is copied. Rejects with SdkError `key-invalid`. */
  static async open(
    inner: WalletStore,
    key: Uint8Array,
    { random }: { readonly random: Random },
  ): Promise<EncryptedStore> {
    if (key.length !== KEY_BYTES) throw new SdkError("key-invalid", `The key of a store has ${KEY_BYTES} bytes.`);
    const imported = await crypto.subtle.importKey("raw", key.slice(), "AES-GCM", false, ["encrypt", "decrypt"]);
    return new EncryptedStore(inner, imported, random);
  }

  /** Undefined also for what another key, another version or somebody else has written, and for what is damaged. */
  async read(): Promise<Uint8Array | undefined> {
    const written = await this.#inner.read();
    if (written === undefined || !equalBytes(written.slice(0, HEADER.length), HEADER)) return undefined;
    const nonce = written.slice(HEADER.length, HEADER.length + NONCE_BYTES);
    const ciphertext = written.slice(HEADER.length + NONCE_BYTES);
    try {
      return new Uint8Array(await crypto.subtle.decrypt(this.#algorithm(nonce), this.#key, ciphertext));
    } catch {
      return undefined;
    }
  }

  async write(state: Uint8Array): Promise<void> {
    const nonce = this.#random(NONCE_BYTES);
    const ciphertext = await crypto.subtle.encrypt(this.#algorithm(nonce), this.#key, state.slice());
    await this.#inner.write(concatBytes(HEADER, nonce, new Uint8Array(ciphertext)));
  }

  close(): Promise<void> {
    return this.#inner.close();
  }

  #algorithm(nonce: Uint8Array) {
    return { name: "AES-GCM", iv: nonce.slice(), additionalData: HEADER.slice() };
  }
}
