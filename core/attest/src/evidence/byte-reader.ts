// Reads the fixed little-endian layouts of quotes and reports from front to back, never past their end.
import { AttestError, type AttestErrorCode } from "../error.ts";

/** Walks over `bytes`; reading past the end throws the code it was made with. What it returns are views. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #code: AttestErrorCode;
  readonly #what: string;
  #offset = 0;

  constructor(bytes: Uint8Array, code: AttestErrorCode, what: string) {
    this.#bytes = bytes;
    this.#code = code;
    this.#what = what;
  }

  /** How many bytes were read. */
  get offset(): number {
    return this.#offset;
  }

  /** How many bytes are left. */
  get remaining(): number {
    return this.#bytes.length - this.#offset;
  }

  /** The next `length` bytes. */
  take(length: number): Uint8Array {
    if (length > this.remaining) {
      throw new AttestError(
        this.#code,
        `${this.#what} ends early: ${length} bytes are due at ${this.#offset}, ${this.remaining} are left.`,
      );
    }
    const taken = this.#bytes.subarray(this.#offset, this.#offset + length);
    this.#offset += length;
    return taken;
  }

  /** The next 2 bytes as an integer. */
  u16(): number {
    return littleEndian(this.take(2));
  }

  /** The next 4 bytes as an integer. */
  u32(): number {
    return littleEndian(this.take(4));
  }

  /** Throws unless everything was read. */
  end(): void {
    if (this.remaining > 0) {
      throw new AttestError(this.#code, `${this.#what} has ${this.remaining} bytes after its end.`);
    }
  }
}

function littleEndian(bytes: Uint8Array): number {
  return bytes.reduceRight((value, byte) => value * 256 + byte, 0);
}
