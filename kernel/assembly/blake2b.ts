// BLAKE2b (RFC 7693), unkeyed: initial state and compression function, two words to a vector. Padding is in `hash.ts`.
import { SQUARE_ROOTS } from "./sha2";

/** Where each of the ten permutations σ finds its words in the block: byte offsets, 16 a round. */
const SIGMA = memory.data<u8>([
  0, 8, 16, 24, 32, 40, 48, 56, 64, 72, 80, 88, 96, 104, 112, 120, 112, 80, 32, 64, 72, 120, 104, 48, 8, 96, 0, 16, 88,
  56, 40, 24, 88, 64, 96, 0, 40, 16, 120, 104, 80, 112, 24, 48, 56, 8, 72, 32, 56, 72, 24, 8, 104, 96, 88, 112, 16, 48,
  40, 80, 32, 0, 120, 64, 72, 0, 40, 56, 16, 32, 80, 120, 112, 8, 88, 96, 48, 64, 24, 104, 16, 96, 48, 80, 0, 88, 64,
  24, 32, 104, 56, 40, 120, 112, 8, 72, 96, 40, 8, 120, 112, 104, 32, 80, 0, 56, 48, 24, 72, 16, 64, 88, 104, 88, 56,
  112, 96, 8, 24, 72, 40, 0, 120, 32, 64, 48, 16, 80, 48, 120, 112, 72, 88, 24, 0, 64, 96, 16, 104, 56, 8, 32, 80, 40,
  80, 16, 64, 32, 56, 48, 8, 40, 120, 88, 72, 112, 24, 96, 104, 0,
]);

/** Puts the initial state (64 bytes) at `state`. Its first word also says how long the digest will be. */
export function blake2bBegin(state: usize, digestLength: i32): void {
  memory.copy(state, SQUARE_ROOTS, 64);
  // Parameter block: digest length, no key, fan-out 1, depth 1.
  store<u64>(state, load<u64>(state) ^ 0x01010000 ^ <u64>digestLength);
}

/**
 * Mixes the 128-byte block at `block` into the state. `counter` is the number of message bytes so far, this block's
 * included; `last` is all ones for the last block and otherwise zero.
 */
export function blake2bCompress(state: usize, block: usize, counter: u64, last: u64): void {
  // The 4 × 4 matrix of words, half a row in each vector.
  let a0 = v128.load(state, 0);
  let a1 = v128.load(state, 16);
  let b0 = v128.load(state, 32);
  let b1 = v128.load(state, 48);
  let c0 = v128.load(SQUARE_ROOTS, 0);
  let c1 = v128.load(SQUARE_ROOTS, 16);
  let d0 = v128.xor(v128.load(SQUARE_ROOTS, 32), i64x2.replace_lane(i64x2.splat(0), 0, counter));
  let d1 = v128.xor(v128.load(SQUARE_ROOTS, 48), i64x2.replace_lane(i64x2.splat(0), 0, last));

  for (let round = 0; round < 12; round++) {
    // Rounds 10 and 11 use the first two permutations again.
    const sigma = SIGMA + ((<usize>(round < 10 ? round : round - 10)) << 4);

    // G on the four columns.
    a0 = i64x2.add(i64x2.add(a0, b0), words(block, sigma, 0));
    a1 = i64x2.add(i64x2.add(a1, b1), words(block, sigma, 4));
    d0 = rotate32(v128.xor(d0, a0));
    d1 = rotate32(v128.xor(d1, a1));
    c0 = i64x2.add(c0, d0);
    c1 = i64x2.add(c1, d1);
    b0 = rotate24(v128.xor(b0, c0));
    b1 = rotate24(v128.xor(b1, c1));
    a0 = i64x2.add(i64x2.add(a0, b0), words(block, sigma, 1));
    a1 = i64x2.add(i64x2.add(a1, b1), words(block, sigma, 5));
    d0 = rotate16(v128.xor(d0, a0));
    d1 = rotate16(v128.xor(d1, a1));
    c0 = i64x2.add(c0, d0);
    c1 = i64x2.add(c1, d1);
    b0 = rotate63(v128.xor(b0, c0));
    b1 = rotate63(v128.xor(b1, c1));

    // Rows b, c, d turn left by one, two and three words, which makes columns of the diagonals: in these names the
    // rows c and d have changed halves, as turning by two words does.
    const e0 = v128.shuffle<u64>(b0, b1, 1, 2);
    const e1 = v128.shuffle<u64>(b1, b0, 1, 2);
    const f0 = v128.shuffle<u64>(d1, d0, 1, 2);
    const f1 = v128.shuffle<u64>(d0, d1, 1, 2);

    // G on the four diagonals.
    a0 = i64x2.add(i64x2.add(a0, e0), words(block, sigma, 8));
    a1 = i64x2.add(i64x2.add(a1, e1), words(block, sigma, 12));
    d0 = rotate32(v128.xor(f0, a0));
    d1 = rotate32(v128.xor(f1, a1));
    c1 = i64x2.add(c1, d0);
    c0 = i64x2.add(c0, d1);
    b0 = rotate24(v128.xor(e0, c1));
    b1 = rotate24(v128.xor(e1, c0));
    a0 = i64x2.add(i64x2.add(a0, b0), words(block, sigma, 9));
    a1 = i64x2.add(i64x2.add(a1, b1), words(block, sigma, 13));
    d0 = rotate16(v128.xor(d0, a0));
    d1 = rotate16(v128.xor(d1, a1));
    c1 = i64x2.add(c1, d0);
    c0 = i64x2.add(c0, d1);
    b0 = rotate63(v128.xor(b0, c1));
    b1 = rotate63(v128.xor(b1, c0));

    // And back.
    const g0 = v128.shuffle<u64>(b1, b0, 1, 2);
    b1 = v128.shuffle<u64>(b0, b1, 1, 2);
    b0 = g0;
    const h0 = v128.shuffle<u64>(d0, d1, 1, 2);
    d1 = v128.shuffle<u64>(d1, d0, 1, 2);
    d0 = h0;
  }

  v128.store(state, v128.xor(v128.load(state, 0), v128.xor(a0, c0)), 0);
  v128.store(state, v128.xor(v128.load(state, 16), v128.xor(a1, c1)), 16);
  v128.store(state, v128.xor(v128.load(state, 32), v128.xor(b0, d0)), 32);
  v128.store(state, v128.xor(v128.load(state, 48), v128.xor(b1, d1)), 48);
}

/** The two message words that positions `i` and `i + 2` of a permutation name. */
function words(block: usize, sigma: usize, i: usize): v128 {
  const first = v128.load64_zero(block + load<u8>(sigma + i));
  return v128.load_lane<u64>(block + load<u8>(sigma + i + 2), first, 1);
}

function rotate32(x: v128): v128 {
  return v128.shuffle<u32>(x, x, 1, 0, 3, 2);
}

function rotate24(x: v128): v128 {
  return v128.shuffle<u8>(x, x, 3, 4, 5, 6, 7, 0, 1, 2, 11, 12, 13, 14, 15, 8, 9, 10);
}

function rotate16(x: v128): v128 {
  return v128.shuffle<u16>(x, x, 1, 2, 3, 0, 5, 6, 7, 4);
}

function rotate63(x: v128): v128 {
  return v128.xor(i64x2.add(x, x), i64x2.shr_u(x, 63));
}
