// The one error the kernel's face throws.

/** Why the kernel refused a call. */
export type KernelErrorCode =
  | "wasm-unsupported" // This engine has no WebAssembly, no SIMD, or its content security policy forbids both.
  | "invalid-length" // An argument has the wrong number of bytes, is no Uint8Array, or does not fit in memory.
  | "invalid-point" // 32 bytes are not a canonical ristretto255 encoding.
  | "invalid-scalar" // 32 bytes are not below the group order ℓ.
  | "zero-shared-secret" // An X25519 public key has small order, so that the shared secret would be all zeros.
  | "ledger-full" // An oblivious ledger has no room for the outputs.
  | "ledger-broken" // An oblivious ledger has overflowed, which happens with a probability below 2⁻⁸⁰.
  | "too-many-points" // A batch, preparation or multi-scalar multiplication was asked for more than 8 192 points.
  | "map-full" // An oblivious map was to be written more often than its capacity.
  | "map-broken"; // An oblivious map has overflowed, which happens with a probability below 2⁻⁸⁰.

/** Wrong input to the kernel, with a stable code. Never says which secret was wrong or what it held. */
export class KernelError extends Error {
  override readonly name = "KernelError";
  readonly code: KernelErrorCode;

  constructor(code: KernelErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
