// Sums over public points with **secret** scalars or bits, in constant time: what a prover commits to. Scalars are
// written in 64 odd signed digits of base 16, of which each picks one of eight odd multiples, ±1, ±3 … ±15 times the
// point. The tables of multi-scalar.ts begin with just these, so prepared points serve provers and verifiers alike.
import { decodeGroup, oddMultiples, PREPARED_BYTES, TABLE_BYTES, wipeMultiScalarScratch } from "./multi-scalar";
import { addCached, doublePoint, negateCached, POINT_BYTES, selectCached, setIdentity } from "./point";
import { encode } from "./ristretto";
import { ORDER, scalarIsCanonical } from "./scalar";

const DIGITS: usize = 64;

/** Bits in a word of `ristrettoSumBits`. */
const WORD_BITS: usize = 64;

const odd: usize = memory.data(40, 16); // A scalar made odd, and zeros to read past its end.
const sum: usize = memory.data(160, 16);
const selected: usize = memory.data(160, 16);

function wipe(): void {
  memory.fill(odd, 0, 40);
  memory.fill(sum, 0, 160);
  memory.fill(selected, 0, 160);
  wipeMultiScalarScratch();
}

/** Scratch bytes for `n` points and `prepared` prepared ones, for either function. */
export function ristrettoSecretSumScratch(n: i32, prepared: i32): i32 {
  return i32(TABLE_BYTES) * ((n + 3) & ~3) + i32(DIGITS) * (prepared + n);
}

/**
 * out = Σ sᵢ·Pᵢ: `prepared` secret scalars for the points of `tables`, then n for the encodings at `points`. The result
 * is 1 if all scalars are below ℓ, plus 2 if all points are valid. The points are public.
 */
export function ristrettoMultiScalarSecret(
  out: usize,
  scalars: usize,
  tables: usize,
  prepared: i32,
  points: usize,
  n: i32,
  scratch: usize,
): i32 {
  const own = scratch;
  const digits = own + TABLE_BYTES * usize((n + 3) & ~3);
  const count = prepared + n;
  const valid = tablesOfOwn(own, points, n);
  let canonical: i32 = 1;
  for (let i = 0; i < count; i++) {
    canonical &= scalarIsCanonical(scalars + 32 * i);
    oddDigits(digits + i, count, scalars + 32 * i);
  }
  setIdentity(sum);
  for (let place: i32 = i32(DIGITS) - 1; place >= 0; place--) {
    for (let i = 0; i < 4; i++) doublePoint(sum);
    const row = digits + count * place;
    for (let i = 0; i < prepared; i++) {
      selectCached(selected, tables + PREPARED_BYTES * i, load<i8>(row + i));
      addCached(sum, selected);
    }
    for (let i = 0; i < n; i++) {
      selectCached(selected, own + TABLE_BYTES * i, load<i8>(row + prepared + i));
      addCached(sum, selected);
    }
  }
  encode(out, sum);
  memory.fill(digits, 0, DIGITS * count);
  wipe();
  return canonical | (valid << 1);
}

/**
 * out = Σ over the bits of `words` secret words of 64 bits: each word has 64 points P and then 64 points Q, and bit i
 * adds Pᵢ when it is 1, or −Qᵢ when it is 0. The first `preparedWords` words take their points from `tables`, the others
 * from the encodings at `points`. The result is 1 if all points are valid. The points are public.
 */
export function ristrettoSumBits(
  out: usize,
  words: usize,
  count: i32,
  tables: usize,
  preparedWords: i32,
  points: usize,
  scratch: usize,
): i32 {
  const valid = tablesOfOwn(scratch, points, 2 * i32(WORD_BITS) * (count - preparedWords));
  setIdentity(sum);
  for (let i = 0; i < preparedWords; i++) {
    addBits(tables + 2 * WORD_BITS * PREPARED_BYTES * i, PREPARED_BYTES, load<u64>(words + 8 * i));
  }
  for (let i = preparedWords; i < count; i++) {
    addBits(scratch + 2 * WORD_BITS * TABLE_BYTES * (i - preparedWords), TABLE_BYTES, load<u64>(words + 8 * i));
  }
  encode(out, sum);
  wipe();
  return valid;
}

/** Writes the tables of n points that come with the call. 1 if all are valid. */
function tablesOfOwn(own: usize, points: usize, n: i32): i32 {
  let valid = true;
  for (let i = 0; i < n; i += 4) {
    valid = decodeGroup(points, i, n) && valid;
    oddMultiples(own + TABLE_BYTES * i, TABLE_BYTES, 8);
  }
  return i32(valid);
}

/** sum = sum + (bit ? P : −Q) for 64 bits; tables `stride` bytes apart, each beginning with its point. */
function addBits(tables: usize, stride: usize, word: u64): void {
  for (let i: usize = 0; i < WORD_BITS; i++) {
    const p = tables + stride * i;
    negateCached(selected, p + stride * WORD_BITS);
    const mask = i64x2.splat(0 - ((word >> i) & 1));
    for (let at: usize = 0; at < POINT_BYTES; at += 16) {
      v128.store(selected + at, v128.bitselect(v128.load(p + at), v128.load(selected + at), mask));
    }
    addCached(sum, selected);
  }
}

/**
 * Writes k, or k + ℓ if k is even, as Σ dᵢ·16ⁱ with odd −16 < dᵢ < 16, `stride` bytes apart, k < ℓ. With k odd, dᵢ is
 * the five bits from 4i on, the lowest of them set, less 16: each digit leaves (k >> 4) | 1 to the next. What is written
 * is ±(|dᵢ| + 1)/2, the place of |dᵢ| among 1, 3 … 15 counted from one.
 */
function oddDigits(out: usize, stride: usize, scalar: usize): void {
  const even = (load<u64>(scalar) & 1) - 1;
  let carry: u64 = 0;
  for (let i: usize = 0; i < 32; i += 4) {
    const word = u64(load<u32>(scalar + i)) + (u64(load<u32>(ORDER + i)) & even) + carry;
    store<u32>(odd + i, u32(word));
    carry = word >> 32;
  }
  for (let i: usize = 0; i < DIGITS - 1; i++) {
    const bits = i32(load<u16>(odd + (i >> 1))) >> (4 * i32(i & 1));
    const digit = ((bits & 31) | 1) - 16;
    const sign = digit >> 31;
    const place = ((digit ^ sign) - sign + 1) >> 1;
    store<i8>(out + stride * i, i8((place ^ sign) - sign));
  }
  // Less than 2ℓ < 2²⁵⁴ leaves two bits for the last digit, 1 or 3, whose place is 1 or 2.
  store<i8>(out + stride * (DIGITS - 1), i8((load<u8>(odd + 31) >> 5) + 1));
}
