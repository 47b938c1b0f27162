// Arithmetic modulo ℓ = 2²⁵² + 27742317777372353535851937790883648493, the order of ristretto255 (RFC 9496), in
// constant time. A scalar is 32 little-endian bytes, read in place as eight 32-bit words: WebAssembly has no
// 64×64→128-bit product, but a 32×32-bit product plus two words always fits in a u64.
//
// Products are reduced by Montgomery's method. With R = 2²⁵⁶, montgomery(a, b) = a·b/R mod ℓ: word by word, a multiple
// m·ℓ is added that makes the lowest word zero, and that word is dropped. No quotient is ever guessed, so there is
// nothing to branch on. Multiplying by R² mod ℓ brings a number into the form a·R, multiplying by 1 takes it out.

const SCALAR_BYTES: usize = 32;
const LOW: u64 = 0xffffffff;

// The words of ORDER that are neither zero nor its top one, 2²⁸.
const L0: u64 = 0x5cf5d3ed;
const L1: u64 = 0x5812631a;
const L2: u64 = 0xa2f79cd6;
const L3: u64 = 0x14def9de;
/** −1/ℓ mod 2³²: m = t·MINUS_INVERSE makes t + m·ℓ ≡ 0 mod 2³². */
const MINUS_INVERSE: u64 = 0x12547e1b;

/** ℓ. */
export const ORDER = memory.data<u32>([0x5cf5d3ed, 0x5812631a, 0xa2f79cd6, 0x14def9de, 0, 0, 0, 0x10000000]);
/** ℓ − 2, the exponent of Fermat's inverse. */
const ORDER_MINUS_2 = memory.data<u32>([0x5cf5d3eb, 0x5812631a, 0xa2f79cd6, 0x14def9de, 0, 0, 0, 0x10000000]);
const ZERO = memory.data(32, 16);
const ONE = memory.data<u32>([1, 0, 0, 0, 0, 0, 0, 0]);
/** R mod ℓ, which is 1 in Montgomery's form. */
const R = memory.data<u32>([
  0x8d98951d, 0xd6ec3174, 0x737dcf70, 0xc6ef5bf4, 0xfffffffe, 0xffffffff, 0xffffffff, 0x0fffffff,
]);
/** R² mod ℓ, which brings a number into Montgomery's form. */
export const R_SQUARED = memory.data<u32>([
  0x449c0f01, 0xa40611e3, 0x68859347, 0xd00e1ba7, 0x17f5be65, 0xceec73d2, 0x7c309a3d, 0x0399411b,
]);

const baseScratch = memory.data(32, 16);
const factorScratch = memory.data(32, 16);
const productScratch = memory.data(32, 16);

/** 1 when the 32 bytes at `a` are below ℓ, otherwise 0. */
export function scalarIsCanonical(a: usize): i32 {
  return <i32>borrowOfOrder(a);
}

/** out = the 32 bytes at `a` mod ℓ. */
export function scalarReduce(out: usize, a: usize): void {
  montgomery(out, a, R);
}

/** out = the 64 bytes at `a` mod ℓ, as high·R + low. */
export function scalarReduceWide(out: usize, a: usize): void {
  montgomery(productScratch, a + SCALAR_BYTES, R_SQUARED);
  montgomery(out, a, R);
  addReduced(out, out, productScratch);
  memory.fill(productScratch, 0, SCALAR_BYTES);
}

/** out = a + b; 1 when both were canonical, otherwise 0 and `out` means nothing. */
export function scalarAdd(out: usize, a: usize, b: usize): i32 {
  const canonical = bothCanonical(a, b);
  addReduced(out, a, b);
  return canonical;
}

/** out = a − b; 1 when both were canonical, otherwise 0 and `out` means nothing. */
export function scalarSubtract(out: usize, a: usize, b: usize): i32 {
  const canonical = bothCanonical(a, b);
  let borrow: u64 = 0;
  for (let i: usize = 0; i < SCALAR_BYTES; i += 4) {
    const word = <u64>load<u32>(a + i) - <u64>load<u32>(b + i) - borrow;
    store<u32>(out + i, <u32>word);
    borrow = word >> 63;
  }
  // A negative difference becomes the right one by adding ℓ once.
  const mask = 0 - borrow;
  let carry: u64 = 0;
  for (let i: usize = 0; i < SCALAR_BYTES; i += 4) {
    carry += <u64>load<u32>(out + i) + (<u64>load<u32>(ORDER + i) & mask);
    store<u32>(out + i, <u32>carry);
    carry >>= 32;
  }
  return canonical;
}

/** out = −a; 1 when `a` was canonical, otherwise 0 and `out` means nothing. */
export function scalarNegate(out: usize, a: usize): i32 {
  return scalarSubtract(out, ZERO, a);
}

/** out = a · b; 1 when both were canonical, otherwise 0 and `out` means nothing. */
export function scalarMultiply(out: usize, a: usize, b: usize): i32 {
  const canonical = bothCanonical(a, b);
  multiplyReduced(out, a, b);
  return canonical;
}

/** out = a · b + c; 1 when all were canonical, otherwise 0 and `out` means nothing. */
export function scalarMultiplyAdd(out: usize, a: usize, b: usize, c: usize): i32 {
  const canonical = bothCanonical(a, b) & scalarIsCanonical(c);
  multiplyReduced(productScratch, a, b);
  addReduced(out, productScratch, c);
  memory.fill(productScratch, 0, SCALAR_BYTES);
  return canonical;
}

/** out = 1 / a, with 1 / 0 = 0; 1 when `a` was canonical, otherwise 0 and `out` means nothing. */
export function scalarInvert(out: usize, a: usize): i32 {
  const canonical = scalarIsCanonical(a);
  invertReduced(out, a);
  return canonical;
}

/**
 * Inverts `count` scalars by Montgomery's trick: one inversion of the product of all, and two products each to take it
 * apart. A zero takes part as a one and its result is masked to zero. `out` must not overlap `scalars`.
 * 1 when all were canonical, otherwise 0 and `out` means nothing.
 */
export function scalarInvertBatch(out: usize, scalars: usize, count: i32): i32 {
  const bytes = <usize>count * SCALAR_BYTES;
  let canonical = 1;
  // With p₀ = R and pᵢ₊₁ = pᵢ·sᵢ/R, out[i] first holds pᵢ.
  memory.copy(productScratch, R, SCALAR_BYTES);
  for (let at: usize = 0; at < bytes; at += SCALAR_BYTES) {
    canonical &= scalarIsCanonical(scalars + at);
    copyZeroAsOne(factorScratch, scalars + at);
    memory.copy(out + at, productScratch, SCALAR_BYTES);
    montgomery(productScratch, productScratch, factorScratch);
  }
  // With q = 1/pᵢ₊₁ = R/(pᵢ·sᵢ): pᵢ·q/R = 1/sᵢ and sᵢ·q/R = 1/pᵢ, so the powers of R cancel by themselves.
  invertReduced(productScratch, productScratch);
  for (let at = bytes; at > 0; ) {
    at -= SCALAR_BYTES;
    const isZero = copyZeroAsOne(factorScratch, scalars + at);
    montgomery(out + at, out + at, productScratch);
    montgomery(productScratch, productScratch, factorScratch);
    for (let i: usize = 0; i < SCALAR_BYTES; i += 4) {
      store<u32>(out + at + i, load<u32>(out + at + i) & (isZero - 1));
    }
  }
  memory.fill(productScratch, 0, SCALAR_BYTES);
  memory.fill(factorScratch, 0, SCALAR_BYTES);
  return canonical;
}

/** out = a · b for canonical operands (or one canonical and one below 2²⁵⁶). `out` may be `a` or `b`. */
export function multiplyReduced(out: usize, a: usize, b: usize): void {
  montgomery(out, a, b);
  montgomery(out, out, R_SQUARED);
}

/** out = a / 2 modulo ℓ for canonical `a`: (a + ℓ) / 2 if a is odd, which the mask decides. `out` must not be `a`. */
export function halveReduced(out: usize, a: usize): void {
  const odd = <u64>(0 - (load<u32>(a) & 1));
  let carry: u64 = 0;
  for (let i: usize = 0; i < SCALAR_BYTES; i += 4) {
    carry += <u64>load<u32>(a + i) + (<u64>load<u32>(ORDER + i) & odd);
    store<u32>(out + i, <u32>carry);
    carry >>= 32;
  }
  for (let i: usize = 0; i < 24; i += 8) store<u64>(out + i, (load<u64>(out + i) >> 1) | (load<u64>(out + i, 8) << 63));
  store<u64>(out + 24, load<u64>(out + 24) >> 1);
}

/** out = a + b for canonical operands, whose sum stays below 2ℓ. `out` may be `a` or `b`. */
export function addReduced(out: usize, a: usize, b: usize): void {
  let carry: u64 = 0;
  for (let i: usize = 0; i < SCALAR_BYTES; i += 4) {
    carry += <u64>load<u32>(a + i) + <u64>load<u32>(b + i);
    store<u32>(out + i, <u32>carry);
    carry >>= 32;
  }
  subtractOrderOnce(out);
}

/**
 * out = a^(ℓ−2) = 1/a by Fermat, which also maps 0 to 0. Square and multiply: the exponent is public, so branching on
 * its bits tells nothing; it is so sparse above bit 125 that a window would hardly save a product.
 */
function invertReduced(out: usize, a: usize): void {
  montgomery(baseScratch, a, R_SQUARED);
  memory.copy(out, baseScratch, SCALAR_BYTES); // The exponent's top bit, 2²⁵².
  for (let bit = 251; bit >= 0; bit--) {
    montgomery(out, out, out);
    if (((load<u32>(ORDER_MINUS_2 + ((<usize>bit >> 5) << 2)) >> (bit & 31)) & 1) === 1) {
      montgomery(out, out, baseScratch);
    }
  }
  montgomery(out, out, ONE);
  memory.fill(baseScratch, 0, SCALAR_BYTES);
}

/**
 * out = a·b/R mod ℓ, canonical, for any `a` below 2²⁵⁶ and canonical `b`. `out` may be `a` or `b`.
 *
 * Bound: each round computes t ← (t + aᵢ·b + m·ℓ)/2³² with aᵢ, m < 2³², so t < 2ℓ stays true from t = 0 on, and one
 * subtraction at the end suffices. Each step adds a product of two words to two words: (2³²−1)² + 2(2³²−1) < 2⁶⁴.
 */
export function montgomery(out: usize, a: usize, b: usize): void {
  const b0 = <u64>load<u32>(b, 0);
  const b1 = <u64>load<u32>(b, 4);
  const b2 = <u64>load<u32>(b, 8);
  const b3 = <u64>load<u32>(b, 12);
  const b4 = <u64>load<u32>(b, 16);
  const b5 = <u64>load<u32>(b, 20);
  const b6 = <u64>load<u32>(b, 24);
  const b7 = <u64>load<u32>(b, 28);
  let t0: u64 = 0;
  let t1: u64 = 0;
  let t2: u64 = 0;
  let t3: u64 = 0;
  let t4: u64 = 0;
  let t5: u64 = 0;
  let t6: u64 = 0;
  let t7: u64 = 0;
  for (let i: usize = 0; i < SCALAR_BYTES; i += 4) {
    // t ← t + aᵢ·b, nine words with the last in `step`.
    const word = <u64>load<u32>(a + i);
    let step = word * b0 + t0;
    t0 = step & LOW;
    step = word * b1 + t1 + (step >> 32);
    t1 = step & LOW;
    step = word * b2 + t2 + (step >> 32);
    t2 = step & LOW;
    step = word * b3 + t3 + (step >> 32);
    t3 = step & LOW;
    step = word * b4 + t4 + (step >> 32);
    t4 = step & LOW;
    step = word * b5 + t5 + (step >> 32);
    t5 = step & LOW;
    step = word * b6 + t6 + (step >> 32);
    t6 = step & LOW;
    step = word * b7 + t7 + (step >> 32);
    t7 = step & LOW;
    const t8 = step >> 32;
    // t ← (t + m·ℓ)/2³²: the lowest word vanishes and the others move down by one. Words 4 to 6 of ℓ are zero.
    const m = (t0 * MINUS_INVERSE) & LOW;
    step = m * L0 + t0;
    step = m * L1 + t1 + (step >> 32);
    t0 = step & LOW;
    step = m * L2 + t2 + (step >> 32);
    t1 = step & LOW;
    step = m * L3 + t3 + (step >> 32);
    t2 = step & LOW;
    step = t4 + (step >> 32);
    t3 = step & LOW;
    step = t5 + (step >> 32);
    t4 = step & LOW;
    step = t6 + (step >> 32);
    t5 = step & LOW;
    step = (m << 28) + t7 + (step >> 32);
    t6 = step & LOW;
    t7 = t8 + (step >> 32);
  }
  store<u32>(out, <u32>t0, 0);
  store<u32>(out, <u32>t1, 4);
  store<u32>(out, <u32>t2, 8);
  store<u32>(out, <u32>t3, 12);
  store<u32>(out, <u32>t4, 16);
  store<u32>(out, <u32>t5, 20);
  store<u32>(out, <u32>t6, 24);
  store<u32>(out, <u32>t7, 28);
  subtractOrderOnce(out);
}

/** Subtracts ℓ from the number at `a` unless it is already below ℓ, by a mask. */
function subtractOrderOnce(a: usize): void {
  const mask = borrowOfOrder(a) - 1;
  let borrow: u64 = 0;
  for (let i: usize = 0; i < SCALAR_BYTES; i += 4) {
    const word = <u64>load<u32>(a + i) - (<u64>load<u32>(ORDER + i) & mask) - borrow;
    store<u32>(a + i, <u32>word);
    borrow = word >> 63;
  }
}

/** The borrow of a − ℓ: 1 when a < ℓ, otherwise 0. */
function borrowOfOrder(a: usize): u64 {
  let borrow: u64 = 0;
  for (let i: usize = 0; i < SCALAR_BYTES; i += 4) {
    borrow = (<u64>load<u32>(a + i) - <u64>load<u32>(ORDER + i) - borrow) >> 63;
  }
  return borrow;
}

/** Copies 32 bytes, a zero as a one. Returns 1 for a zero, otherwise 0. */
function copyZeroAsOne(out: usize, a: usize): u32 {
  let bits: u64 = 0;
  for (let i: usize = 0; i < SCALAR_BYTES; i += 4) {
    bits |= load<u32>(a + i);
  }
  const isZero = <u32>((bits - 1) >> 63);
  memory.copy(out, a, SCALAR_BYTES);
  store<u32>(out, load<u32>(out) | isZero);
  return isZero;
}

/** 1 when both scalars are canonical, otherwise 0. */
function bothCanonical(a: usize, b: usize): i32 {
  return scalarIsCanonical(a) & scalarIsCanonical(b);
}
