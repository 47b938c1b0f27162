// GHASH (NIST SP 800-38D §6.4) without tables: multiplication in GF(2¹²⁸) from integer multiplications "with holes".
// A block read as a big-endian integer has the coefficient of x⁰ in its highest bit; in that mirrored form a product of
// two blocks is the carry-less product of the integers, moved left by one.

/** Bits 0, 4, 8, … 60. */
const everyFourthBit: u64 = (0x11111111 << 32) | 0x11111111;

/** The hash key H as two big-endian halves: high, low. */
const hashKey: usize = memory.data(16, 16);
/** The running hash Y, in the same form. */
const running: usize = memory.data(16, 16);
/** The three 128-bit products of Karatsuba's step. */
const products: usize = memory.data(48, 16);

/** Begins with the 16-byte hash key at `key` and Y = 0. */
export function ghashStart(key: usize): void {
  store<u64>(hashKey, bswap<u64>(load<u64>(key)));
  store<u64>(hashKey, bswap<u64>(load<u64>(key, 8)), 8);
  memory.fill(running, 0, 16);
}

/** Takes in `length` bytes, padded with zeroes to whole blocks. The length is public. */
export function ghashUpdate(data: usize, length: i32): void {
  let rest = length;
  for (; rest >= 16; rest -= 16, data += 16) takeBlock(bswap<u64>(load<u64>(data)), bswap<u64>(load<u64>(data, 8)));
  if (rest > 0) {
    let high: u64 = 0;
    let low: u64 = 0;
    for (let i = 0; i < rest; i++) {
      const byte = u64(load<u8>(data + i));
      if (i < 8) high |= byte << (56 - 8 * i);
      else low |= byte << (120 - 8 * i);
    }
    takeBlock(high, low);
  }
}

/** Takes in the closing block, the two lengths in bits, and writes the 16-byte hash to `out`. */
export function ghashFinish(out: usize, aadLength: i32, length: i32): void {
  takeBlock(u64(<u32>aadLength) << 3, u64(<u32>length) << 3);
  store<u64>(out, bswap<u64>(load<u64>(running)));
  store<u64>(out, bswap<u64>(load<u64>(running, 8)), 8);
}

/** Clears the hash key, the hash and the products. */
export function ghashWipe(): void {
  memory.fill(hashKey, 0, 16);
  memory.fill(running, 0, 16);
  memory.fill(products, 0, 48);
}

/** Y = (Y + block) · H. */
function takeBlock(blockHigh: u64, blockLow: u64): void {
  const high = load<u64>(running) ^ blockHigh;
  const low = load<u64>(running, 8) ^ blockLow;
  const keyHigh = load<u64>(hashKey);
  const keyLow = load<u64>(hashKey, 8);

  multiplyCarryless(products, low, keyLow);
  multiplyCarryless(products + 16, low ^ high, keyLow ^ keyHigh);
  multiplyCarryless(products + 32, high, keyHigh);
  let w0 = load<u64>(products);
  let w1 = load<u64>(products, 8);
  let w2 = load<u64>(products, 32);
  let w3 = load<u64>(products, 40);
  const middleLow = load<u64>(products, 16) ^ w0 ^ w2;
  const middleHigh = load<u64>(products, 24) ^ w1 ^ w3;
  w1 ^= middleLow;
  w2 ^= middleHigh;

  w3 = (w3 << 1) | (w2 >> 63);
  w2 = (w2 << 1) | (w1 >> 63);
  w1 = (w1 << 1) | (w0 >> 63);
  w0 <<= 1;

  // x¹²⁸ = x⁷ + x² + x + 1, first for the 64 highest coefficients (w0), then for the next 64. Times xᵏ is a move right.
  w2 ^= w0 ^ (w0 >> 1) ^ (w0 >> 2) ^ (w0 >> 7);
  w1 ^= (w0 << 63) ^ (w0 << 62) ^ (w0 << 57);
  w3 ^= w1 ^ (w1 >> 1) ^ (w1 >> 2) ^ (w1 >> 7);
  w2 ^= (w1 << 63) ^ (w1 << 62) ^ (w1 << 57);
  store<u64>(running, w3);
  store<u64>(running, w2, 8);
}

/** The 128-bit carry-less product of x and y, low half first, by Karatsuba from 32-bit halves. */
function multiplyCarryless(out: usize, x: u64, y: u64): void {
  const low = multiplyWithHoles(x & 0xffffffff, y & 0xffffffff);
  const high = multiplyWithHoles(x >> 32, y >> 32);
  const middle = multiplyWithHoles((x ^ (x >> 32)) & 0xffffffff, (y ^ (y >> 32)) & 0xffffffff) ^ low ^ high;
  store<u64>(out, low ^ (middle << 32));
  store<u64>(out, high ^ (middle >> 32), 8);
}

/**
 * The carry-less product of two 32-bit numbers. Keeping only every fourth bit of each leaves room for the carries of an
 * integer product: at most eight ones meet at a position, and four bits hold that.
 */
function multiplyWithHoles(x: u64, y: u64): u64 {
  const x0 = x & 0x11111111;
  const x1 = x & 0x22222222;
  const x2 = x & 0x44444444;
  const x3 = x & 0x88888888;
  const y0 = y & 0x11111111;
  const y1 = y & 0x22222222;
  const y2 = y & 0x44444444;
  const y3 = y & 0x88888888;
  const z0 = (x0 * y0) ^ (x1 * y3) ^ (x2 * y2) ^ (x3 * y1);
  const z1 = (x0 * y1) ^ (x1 * y0) ^ (x2 * y3) ^ (x3 * y2);
  const z2 = (x0 * y2) ^ (x1 * y1) ^ (x2 * y0) ^ (x3 * y3);
  const z3 = (x0 * y3) ^ (x1 * y2) ^ (x2 * y1) ^ (x3 * y0);
  return (
    (z0 & everyFourthBit) | (z1 & (everyFourthBit << 1)) | (z2 & (everyFourthBit << 2)) | (z3 & (everyFourthBit << 3))
  );
}
