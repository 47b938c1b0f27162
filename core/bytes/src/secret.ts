// Secret bytes that refuse to be printed or serialised and can be wiped.
import { assertBytes, equalBytes } from "./bytes.ts";
import { BytesError } from "./error.ts";

/** Secret bytes. Logging, formatting or JSON shows nothing of them; only {@link Secret.expose} does. */
export class Secret {
  readonly #bytes: Uint8Array;
  #wiped = false;

  /** Takes ownership of `bytes`: the caller must neither change nor keep them. Throws `invalid-length` for no bytes. */
  constructor(bytes: Uint8Array) {
    assertBytes(bytes, "A secret");
    this.#bytes = bytes;
  }

  /** The live bytes, not a copy: do not keep, change or log them. Throws `secret-wiped`. */
  expose(): Uint8Array {
    if (this.#wiped) {
      throw new BytesError("secret-wiped", "This secret was wiped and cannot be used any more.");
    }
    return this.#bytes;
  }

  /** How many bytes it holds. */
  get length(): number {
    return this.#bytes.length;
  }

  /** Overwrites the bytes with zeros. Wiping twice is harmless. */
  wipe(): void {
    this.#bytes.fill(0);
    this.#wiped = true;
  }

  /** Whether both hold the same bytes, compared in constant time. Throws `secret-wiped`. */
  equals(other: Secret): boolean {
    return equalBytes(this.expose(), other.expose());
  }

  /** Always `[secret]`, so that template strings and concatenation show nothing. */
  toString(): string {
    return "[secret]";
  }

  /** Always throws `secret-not-serializable`. */
  toJSON(): never {
    throw new BytesError(
      "secret-not-serializable",
      "A secret cannot be written as JSON; expose and encode it on purpose.",
    );
  }
}

// Node's console and assertion messages ask this symbol. It cannot be a method of the class declaration, whose member
// names must be plain for the declarations to be emitted file by file.
Object.defineProperty(Secret.prototype, Symbol.for("nodejs.util.inspect.custom"), { value: () => "[secret]" });
