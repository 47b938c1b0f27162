// Σ sᵢ·Pᵢ in **variable time, for public data only**. Up to a few hundred points by Straus's method: one chain of
// doublings for all, with width-5 non-adjacent forms and a table of odd multiples for each point, or width 8 where the
// table was prepared beforehand. Above, by Pippenger's: points are sorted into buckets by signed digit, and buckets added.
import { copy4, negateIf4 } from "./lanes";
import { addCached, doublePoint, negateCached, POINT_BYTES, setIdentity, toCached } from "./point";
import { addCached4, doublePoints4, POINTS4_BYTES, toCached4, transposePoints4, wipePoints4Scratch } from "./points4";
import { decode4, encode, wipeRistrettoScratch } from "./ristretto";
import { scalarIsCanonical } from "./scalar";

/** Width and table of a point that comes with the call: 1, 3 … 15 times it. */
export const WIDTH = 5;
export const TABLE_BYTES: usize = 8 * POINT_BYTES;

/** Width and table of a prepared point: 1, 3 … 127 times it. */
export const PREPARED_WIDTH = 8;
export const PREPARED_BYTES: usize = 64 * POINT_BYTES;

/** Scalars are below 2²⁵³, so a form with carries ends at bit 253. */
export const FORM_DIGITS = 254;

/** From so many points on, Pippenger's method is faster. */
const PIPPENGER_MIN = 230;

const sum: usize = memory.data(160, 16);
const running: usize = memory.data(160, 16);
const total: usize = memory.data(160, 16);
const cached: usize = memory.data(160, 16);
/** Four points side by side: what `decodeGroup` writes and `oddMultiples` reads. */
export const four: usize = memory.data(640, 16);
const fourCached: usize = memory.data(640, 16);
const fourDoubled: usize = memory.data(640, 16);

/** Wipes the temporaries of this file and of all the arithmetic below it. */
export function wipeMultiScalarScratch(): void {
  memory.fill(sum, 0, 160);
  memory.fill(running, 0, 160);
  memory.fill(total, 0, 160);
  memory.fill(cached, 0, 160);
  memory.fill(four, 0, 640);
  memory.fill(fourCached, 0, 640);
  memory.fill(fourDoubled, 0, 640);
  wipePoints4Scratch();
  wipeRistrettoScratch();
}

/** Writes the tables of n public points, 10 240 bytes each, `out` rounded up to four. 1 if all points are valid. */
export function ristrettoPrepare(out: usize, points: usize, n: i32): i32 {
  let valid = true;
  for (let i = 0; i < n; i += 4) {
    valid = decodeGroup(points, i, n) && valid;
    oddMultiples(out + PREPARED_BYTES * i, PREPARED_BYTES, 64);
  }
  wipeMultiScalarScratch();
  return i32(valid);
}

/** Scratch bytes for `n` points and `prepared` prepared ones. */
export function ristrettoMultiScalarScratch(n: i32, prepared: i32): i32 {
  const rounded = (n + 3) & ~3;
  if (n < PIPPENGER_MIN) return FORM_DIGITS * rowBytes(prepared + n) + i32(TABLE_BYTES) * rounded;
  const c = windowBits(n);
  const half = 1 << (c - 1);
  const sorting = (2 * rounded + half) * i32(POINT_BYTES) + half + 2 * n * windows(c) + 2;
  return max(FORM_DIGITS * rowBytes(prepared), sorting);
}

/**
 * out = Σ sᵢ·Pᵢ: `prepared` scalars for the points of `tables`, then n for the encodings at `points`. The result is 1 if
 * all scalars are below ℓ, plus 2 if all points are valid.
 */
export function ristrettoMultiScalar(
  out: usize,
  scalars: usize,
  tables: usize,
  prepared: i32,
  points: usize,
  n: i32,
  scratch: usize,
): i32 {
  let canonical = true;
  for (let i = 0; i < prepared + n; i++) canonical = scalarIsCanonical(scalars + 32 * i) !== 0 && canonical;
  const own = scalars + 32 * prepared;
  const bySorting = n >= PIPPENGER_MIN;
  let valid = true;
  if (canonical) {
    if (bySorting) {
      valid = straus(scalars, tables, prepared, own, points, 0, scratch);
      copy4(total, sum);
      valid = pippenger(own, points, n, scratch) && valid;
      toCached(cached, total);
      addCached(sum, cached);
    } else {
      valid = straus(scalars, tables, prepared, own, points, n, scratch);
    }
    encode(out, sum);
  }
  wipeMultiScalarScratch();
  return i32(canonical) | (i32(valid) << 1);
}

/** Decodes points i … i + 3 (the last again where there are fewer) to `four`; whether they are valid. */
export function decodeGroup(points: usize, i: i32, n: i32): bool {
  const last = n - 1;
  const mask = decode4(
    four,
    points + 32 * i,
    points + 32 * min(i + 1, last),
    points + 32 * min(i + 2, last),
    points + 32 * min(i + 3, last),
  );
  return i32x4.all_true(mask);
}

/** Writes the first `count` odd multiples of the points in `four`, cached, each point's `stride` bytes after the last's. */
export function oddMultiples(out: usize, stride: usize, count: usize): void {
  memory.copy(fourCached, four, POINTS4_BYTES);
  doublePoints4(fourCached, true);
  toCached4(fourDoubled, fourCached);
  for (let j: usize = 0; j < count; j++) {
    if (j > 0) addCached4(four, fourDoubled, true);
    toCached4(fourCached, four);
    transposePoints4(out + POINT_BYTES * j, stride, fourCached);
  }
}

/** sum = Σ over prepared and other points. */
function straus(
  preparedScalars: usize,
  tables: usize,
  prepared: i32,
  scalars: usize,
  points: usize,
  n: i32,
  scratch: usize,
): bool {
  const own = scratch;
  const digits = own + TABLE_BYTES * usize((n + 3) & ~3);
  const count = prepared + n;
  const row = rowBytes(count);
  memory.fill(digits, 0, FORM_DIGITS * row);
  let valid = true;
  for (let i = 0; i < n; i += 4) {
    valid = decodeGroup(points, i, n) && valid;
    oddMultiples(own + TABLE_BYTES * i, TABLE_BYTES, 8);
  }
  for (let i = 0; i < prepared; i++) nonAdjacentForm(digits + i, row, preparedScalars + 32 * i, PREPARED_WIDTH);
  for (let i = 0; i < n; i++) nonAdjacentForm(digits + prepared + i, row, scalars + 32 * i, WIDTH);
  setIdentity(sum);
  for (let bit: i32 = FORM_DIGITS - 1; bit >= 0; bit--) {
    doublePoint(sum);
    for (let i = 0; i < count; i += 8) {
      // Most digits are 0: find the others among eight at a time.
      let eight = load<u64>(digits + row * bit + i);
      while (eight !== 0) {
        const place = i32(ctz(eight)) >> 3;
        const digit = i32(i8(eight >> (8 * place)));
        eight &= ~(u64(255) << (8 * place));
        const k = i + place;
        addMultiple(sum, k < prepared ? tables + PREPARED_BYTES * k : own + TABLE_BYTES * (k - prepared), digit);
      }
    }
  }
  return valid;
}

/** Bytes of the digits of one place for `count` points: a multiple of eight. */
function rowBytes(count: i32): i32 {
  return (count + 7) & ~7;
}

/** sum = sum + digit · P, from the table of P's odd multiples. */
export function addMultiple(sum: usize, table: usize, digit: i32): void {
  if (digit > 0) {
    addCached(sum, table + POINT_BYTES * (digit >> 1));
  } else if (digit < 0) {
    negateCached(cached, table + POINT_BYTES * (-digit >> 1));
    addCached(sum, cached);
  }
}

/**
 * Writes k = Σ dᵢ·2ⁱ as signed bytes `stride` apart, each 0 or odd and below 2^(width − 1) in size, at most one in
 * `width` not 0. The places are 0 beforehand.
 */
export function nonAdjacentForm(out: usize, stride: usize, scalar: usize, width: i32): void {
  const full = 1 << width;
  let carry = 0;
  let bit = 0;
  while (bit < FORM_DIGITS) {
    // On to the next odd place, at most thirty: with a carry, ones are passed over as zeros are without.
    const even = ctz((bitsAt(scalar, bit, 30) + carry) | (1 << 30));
    if (even > 0) {
      bit += even;
      continue;
    }
    const window = carry + bitsAt(scalar, bit, width);
    carry = i32(window > full >> 1);
    store<i8>(out + stride * bit, window - (carry << width));
    bit += width;
  }
}

/** `count` bits of a scalar of 32 bytes from bit `bit` on, zeros beyond its end. */
function bitsAt(scalar: usize, bit: i32, count: i32): i32 {
  const byte = min(bit >> 3, 24);
  const shift = bit - 8 * byte;
  return shift > 63 ? 0 : i32(load<u64>(scalar + byte) >> u64(shift)) & ((1 << count) - 1);
}

/** sum = Σ over n points, by buckets. */
function pippenger(scalars: usize, points: usize, n: i32, scratch: usize): bool {
  const c = windowBits(n);
  const rounded = (n + 3) & ~3;
  const half = 1 << (c - 1);
  const extended = scratch;
  const cachedPoints = extended + POINT_BYTES * rounded;
  const buckets = cachedPoints + POINT_BYTES * rounded;
  const occupied = buckets + POINT_BYTES * half;
  const digits = (occupied + half + 1) & ~1;
  let valid = true;
  for (let i = 0; i < n; i += 4) {
    valid = decodeGroup(points, i, n) && valid;
    transposePoints4(extended + POINT_BYTES * i, POINT_BYTES, four);
    toCached4(fourCached, four);
    transposePoints4(cachedPoints + POINT_BYTES * i, POINT_BYTES, fourCached);
  }
  for (let i = 0; i < n; i++) signedDigits(digits + 2 * i, 2 * n, scalars + 32 * i, c);
  setIdentity(sum);
  for (let window: i32 = windows(c) - 1; window >= 0; window--) {
    for (let i = 0; i < c; i++) doublePoint(sum);
    memory.fill(occupied, 0, half);
    const row = digits + 2 * n * window;
    for (let i = 0; i < n; i++) {
      const digit = i32(load<i16>(row + 2 * i));
      if (digit === 0) continue;
      const index = (digit < 0 ? -digit : digit) - 1;
      const bucket = buckets + POINT_BYTES * index;
      if (load<u8>(occupied + index)) {
        const q = cachedPoints + POINT_BYTES * i;
        if (digit > 0) addCached(bucket, q);
        else {
          negateCached(cached, q);
          addCached(bucket, cached);
        }
      } else {
        // A bucket's first point is copied, which is cheaper than adding it to the identity.
        store<u8>(occupied + index, 1);
        copy4(bucket, extended + POINT_BYTES * i);
        if (digit < 0) negateIf4(bucket, i32x4(-1, 0, 0, -1));
      }
    }
    addBuckets(buckets, occupied, half);
  }
  return valid;
}

/** sum = sum + Σ (j + 1)·bucket j: running sums from the last bucket down, and the sum of these. */
function addBuckets(buckets: usize, occupied: usize, count: i32): void {
  let begun = false;
  for (let j = count - 1; j >= 0; j--) {
    const bucket = buckets + POINT_BYTES * j;
    if (load<u8>(occupied + j)) {
      if (begun) {
        toCached(cached, bucket);
        addCached(running, cached);
      } else {
        copy4(running, bucket);
      }
      begun = true;
    }
    if (begun) {
      toCached(cached, running);
      addCached(sum, cached);
    }
  }
}

/** The window width c that needs the fewest additions: windows · (n + 3·2^(c − 1)), a bucket costing about three. */
function windowBits(n: i32): i32 {
  let best = 4;
  for (let c = 5; c <= 12; c++) {
    if (windows(c) * (n + 3 * (1 << (c - 1))) < windows(best) * (n + 3 * (1 << (best - 1)))) best = c;
  }
  return best;
}

/** How many windows of c bits hold a scalar below 2²⁵³ and a carry. */
function windows(c: i32): i32 {
  return 253 / c + 1;
}

/** Writes k in signed digits of c bits as 16-bit numbers `stride` bytes apart, each within ±2^(c − 1). */
function signedDigits(out: usize, stride: usize, scalar: usize, c: i32): void {
  let carry = 0;
  for (let window = 0; window < windows(c); window++) {
    const digit = bitsAt(scalar, window * c, c) + carry;
    carry = i32(digit > 1 << (c - 1));
    store<i16>(out + stride * window, digit - (carry << c));
  }
}
