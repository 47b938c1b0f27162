// X25519 (RFC 7748 §5): the Montgomery ladder on the u-coordinates of curve25519, over the field of `field.ts`. Every
// key takes the same 255 steps; which of the two points a step doubles is chosen by masked exchanges, never by a branch.
import {
  FE_BYTES,
  feAdd,
  feCopy,
  feFromBytes,
  feInvert,
  feMultiply,
  feSquare,
  feSubtract,
  feToBytes,
  isZero32,
  wipeElementScratch,
} from "./field";
import { feOne } from "./generated/field";

/** (A − 2) / 4 for A = 486662. */
const feA24: usize = memory.data<i32>([121665, 0, 0, 0, 0, 0, 0, 0, 0, 0], 16);

/** The clamped private key. */
const scalar: usize = memory.data(32, 16);

// The ladder's points (x₂ : z₂) = k·P and (x₃ : z₃) = (k + 1)·P, whose difference is always P = (x₁ : 1); temporaries.
const SCRATCH_BYTES: usize = 480;
const scratch: usize = memory.data(480, 16);
const x1: usize = scratch;
const x2: usize = scratch + FE_BYTES;
const z2: usize = scratch + 2 * FE_BYTES;
const x3: usize = scratch + 3 * FE_BYTES;
const z3: usize = scratch + 4 * FE_BYTES;
const a: usize = scratch + 5 * FE_BYTES;
const b: usize = scratch + 6 * FE_BYTES;
const c: usize = scratch + 7 * FE_BYTES;
const d: usize = scratch + 8 * FE_BYTES;
const e: usize = scratch + 9 * FE_BYTES;

/**
 * out = the 32-byte shared secret of a private key and a public key. The key's bits are clamped and the highest bit of
 * the public key is ignored, as RFC 7748 has it. Returns 1, or 0 when the secret is all zeros: then the public key has
 * small order and the secret depends on nobody's key.
 */
export function x25519(out: usize, privateKey: usize, publicKey: usize): i32 {
  clamp(privateKey);
  feFromBytes(x1, publicKey);
  feCopy(x2, feOne);
  memory.fill(z2, 0, FE_BYTES);
  feCopy(x3, x1);
  feCopy(z3, feOne);
  let exchanged: u64 = 0;
  for (let t = 254; t >= 0; t--) {
    const bit = u64(load<u8>(scalar + (t >> 3)) >> <u8>(t & 7)) & 1;
    exchange(x2, x3, 0 - (bit ^ exchanged));
    exchange(z2, z3, 0 - (bit ^ exchanged));
    exchanged = bit;
    step();
  }
  exchange(x2, x3, 0 - exchanged);
  exchange(z2, z3, 0 - exchanged);
  feInvert(a, z2);
  feMultiply(a, a, x2);
  feToBytes(out, a);
  memory.fill(scalar, 0, 32);
  memory.fill(scratch, 0, SCRATCH_BYTES);
  wipeElementScratch();
  return 1 + isZero32(out);
}

/** A multiple of 8, so that no part of small order shows, with bit 254 set, so that every key takes as many steps. */
function clamp(privateKey: usize): void {
  memory.copy(scalar, privateKey, 32);
  store<u8>(scalar, load<u8>(scalar) & 248);
  store<u8>(scalar, (load<u8>(scalar, 31) & 127) | 64, 31);
}

/** Doubles (x₂ : z₂) and adds it to (x₃ : z₃), in the names of RFC 7748 §5. */
function step(): void {
  feAdd(a, x2, z2);
  feSubtract(b, x2, z2);
  feAdd(c, x3, z3);
  feSubtract(d, x3, z3);
  feMultiply(d, d, a); // DA
  feMultiply(c, c, b); // CB
  feSquare(a, a); // AA
  feSquare(b, b); // BB
  feAdd(x3, d, c);
  feSquare(x3, x3);
  feSubtract(z3, d, c);
  feSquare(z3, z3);
  feMultiply(z3, x1, z3);
  feMultiply(x2, a, b);
  feSubtract(e, a, b);
  feMultiply(z2, e, feA24);
  feAdd(z2, a, z2);
  feMultiply(z2, e, z2);
}

/** Exchanges two elements where the mask is set. */
function exchange(p: usize, q: usize, mask: u64): void {
  for (let i: usize = 0; i < 40; i += 8) {
    const difference = mask & (load<u64>(p + i) ^ load<u64>(q + i));
    store<u64>(p + i, load<u64>(p + i) ^ difference);
    store<u64>(q + i, load<u64>(q + i) ^ difference);
  }
}
