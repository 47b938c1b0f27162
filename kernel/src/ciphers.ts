// The face of the kernel's ciphers: AES-256-GCM (NIST SP 800-38D) and AES-256-CTR, `assembly/aes-modes.ts`.
import { KernelError } from "./error.ts";
import { type Export, expectBytes, expectLength, type Instance } from "./instance.ts";
import type { Ciphers } from "./kernel.ts";

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const BLOCK_BYTES = 16;
const TAG_BYTES = 16;

/** The ciphers of one kernel instance. Every method throws {@link KernelError} `invalid-length` for wrong sizes. */
export function createCiphers(instance: Instance): Ciphers {
  const exports = instance.exports as Readonly<Record<"aesCtr" | "aesGcmOpen" | "aesGcmSeal", Export>>; // Built with it.
  return {
    aes256GcmSeal(key, nonce, aad, plaintext) {
      expectLength(key, KEY_BYTES, "An AES-256 key");
      expectLength(nonce, NONCE_BYTES, "A GCM nonce");
      expectBytes(aad, "Additional data");
      expectBytes(plaintext, "A plaintext");
      return instance.exchange((io) => {
        const inputs = [io.put(key), io.put(nonce), io.put(aad), aad.length, io.put(plaintext), plaintext.length];
        const out = io.reserve(plaintext.length + TAG_BYTES);
        exports.aesGcmSeal(out, ...inputs);
        return io.take(out, plaintext.length + TAG_BYTES);
      });
    },

    aes256GcmOpen(key, nonce, aad, sealed) {
      expectLength(key, KEY_BYTES, "An AES-256 key");
      expectLength(nonce, NONCE_BYTES, "A GCM nonce");
      expectBytes(aad, "Additional data");
      expectBytes(sealed, "A sealed message");
      const length = sealed.length - TAG_BYTES;
      if (length < 0) {
        throw new KernelError("invalid-length", `A sealed message must have at least ${TAG_BYTES} bytes.`);
      }
      return instance.exchange((io) => {
        const ciphertext = io.put(sealed);
        const inputs = [io.put(key), io.put(nonce), io.put(aad), aad.length, ciphertext, length, ciphertext + length];
        const out = io.reserve(length);
        const opened = exports.aesGcmOpen(out, ...inputs);
        const plaintext = io.take(out, length);
        return opened === 0 ? undefined : plaintext;
      });
    },

    aes256Ctr(key, block, data) {
      expectLength(key, KEY_BYTES, "An AES-256 key");
      expectLength(block, BLOCK_BYTES, "An initial counter block");
      expectBytes(data, "Data");
      return instance.exchange((io) => {
        const inputs = [io.put(key), io.put(block), io.put(data), data.length];
        const out = io.reserve(data.length);
        exports.aesCtr(out, ...inputs);
        return io.take(out, data.length);
      });
    },
  };
}
