// SHA-256 and SHA-512 (FIPS 180-4): constants, initial states and compression functions. Padding is in `hash.ts`.

/** √ of the first 8 primes, the first 64 bits of the fraction. SHA-256 uses the upper halves, BLAKE2b all of it. */
export const SQUARE_ROOTS = memory.data<u64>([
  0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1, 0x510e527fade682d1,
  0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
]);

/** ∛ of the first 80 primes, the first 64 bits of the fraction. SHA-256 uses the upper halves of the first 64. */
const CUBE_ROOTS = memory.data<u64>([
  0x428a2f98d728ae22, 0x7137449123ef65cd, 0xb5c0fbcfec4d3b2f, 0xe9b5dba58189dbbc, 0x3956c25bf348b538,
  0x59f111f1b605d019, 0x923f82a4af194f9b, 0xab1c5ed5da6d8118, 0xd807aa98a3030242, 0x12835b0145706fbe,
  0x243185be4ee4b28c, 0x550c7dc3d5ffb4e2, 0x72be5d74f27b896f, 0x80deb1fe3b1696b1, 0x9bdc06a725c71235,
  0xc19bf174cf692694, 0xe49b69c19ef14ad2, 0xefbe4786384f25e3, 0x0fc19dc68b8cd5b5, 0x240ca1cc77ac9c65,
  0x2de92c6f592b0275, 0x4a7484aa6ea6e483, 0x5cb0a9dcbd41fbd4, 0x76f988da831153b5, 0x983e5152ee66dfab,
  0xa831c66d2db43210, 0xb00327c898fb213f, 0xbf597fc7beef0ee4, 0xc6e00bf33da88fc2, 0xd5a79147930aa725,
  0x06ca6351e003826f, 0x142929670a0e6e70, 0x27b70a8546d22ffc, 0x2e1b21385c26c926, 0x4d2c6dfc5ac42aed,
  0x53380d139d95b3df, 0x650a73548baf63de, 0x766a0abb3c77b2a8, 0x81c2c92e47edaee6, 0x92722c851482353b,
  0xa2bfe8a14cf10364, 0xa81a664bbc423001, 0xc24b8b70d0f89791, 0xc76c51a30654be30, 0xd192e819d6ef5218,
  0xd69906245565a910, 0xf40e35855771202a, 0x106aa07032bbd1b8, 0x19a4c116b8d2d0c8, 0x1e376c085141ab53,
  0x2748774cdf8eeb99, 0x34b0bcb5e19b48a8, 0x391c0cb3c5c95a63, 0x4ed8aa4ae3418acb, 0x5b9cca4f7763e373,
  0x682e6ff3d6b2b8a3, 0x748f82ee5defb2fc, 0x78a5636f43172f60, 0x84c87814a1f0ab72, 0x8cc702081a6439ec,
  0x90befffa23631e28, 0xa4506cebde82bde9, 0xbef9a3f7b2c67915, 0xc67178f2e372532b, 0xca273eceea26619c,
  0xd186b8c721c0c207, 0xeada7dd6cde0eb1e, 0xf57d4f7fee6ed178, 0x06f067aa72176fba, 0x0a637dc5a2c898a6,
  0x113f9804bef90dae, 0x1b710b35131c471b, 0x28db77f523047d84, 0x32caab7b40c72493, 0x3c9ebe0a15c9bebc,
  0x431d67c49c100d4c, 0x4cc5d4becb3e42b6, 0x597f299cfc657e2a, 0x5fcb6fab3ad6faec, 0x6c44198c4a475817,
]);

/** The message schedule of the block in work: 80 words of 8 bytes, or 64 of 4. */
const schedule = memory.data(640, 16);

/** Puts the initial state of SHA-512 (8 words of 8 bytes) at `state`. */
export function sha512Begin(state: usize): void {
  memory.copy(state, SQUARE_ROOTS, 64);
}

/** Puts the initial state of SHA-256 (8 words of 4 bytes) at `state`. */
export function sha256Begin(state: usize): void {
  for (let i: usize = 0; i < 8; i++) {
    store<u32>(state + (i << 2), load<u32>(SQUARE_ROOTS + (i << 3), 4));
  }
}

/** Mixes the 128-byte block at `block` into the state. */
export function sha512Compress(state: usize, block: usize): void {
  for (let i: usize = 0; i < 128; i += 8) {
    store<u64>(schedule + i, bswap<u64>(load<u64>(block + i)));
  }
  for (let word = schedule; word < schedule + 512; word += 8) {
    const next =
      small512(load<u64>(word, 112), 19, 61, 6) +
      load<u64>(word, 72) +
      small512(load<u64>(word, 8), 1, 8, 7) +
      load<u64>(word);
    store<u64>(word, next, 128);
  }
  let a = load<u64>(state, 0);
  let b = load<u64>(state, 8);
  let c = load<u64>(state, 16);
  let d = load<u64>(state, 24);
  let e = load<u64>(state, 32);
  let f = load<u64>(state, 40);
  let g = load<u64>(state, 48);
  let h = load<u64>(state, 56);
  // Eight rounds at a time, so that the letters are back in place; each round names the letters shifted by one.
  for (let i: usize = 0; i < 640; i += 64) {
    h = round512(i, e, f, g, h);
    d += h;
    h += mix512(a, b, c);
    g = round512(i + 8, d, e, f, g);
    c += g;
    g += mix512(h, a, b);
    f = round512(i + 16, c, d, e, f);
    b += f;
    f += mix512(g, h, a);
    e = round512(i + 24, b, c, d, e);
    a += e;
    e += mix512(f, g, h);
    d = round512(i + 32, a, b, c, d);
    h += d;
    d += mix512(e, f, g);
    c = round512(i + 40, h, a, b, c);
    g += c;
    c += mix512(d, e, f);
    b = round512(i + 48, g, h, a, b);
    f += b;
    b += mix512(c, d, e);
    a = round512(i + 56, f, g, h, a);
    e += a;
    a += mix512(b, c, d);
  }
  addTo<u64>(state, 0, a);
  addTo<u64>(state, 8, b);
  addTo<u64>(state, 16, c);
  addTo<u64>(state, 24, d);
  addTo<u64>(state, 32, e);
  addTo<u64>(state, 40, f);
  addTo<u64>(state, 48, g);
  addTo<u64>(state, 56, h);
}

/** Mixes the 64-byte block at `block` into the state. */
export function sha256Compress(state: usize, block: usize): void {
  for (let i: usize = 0; i < 64; i += 4) {
    store<u32>(schedule + i, bswap<u32>(load<u32>(block + i)));
  }
  for (let word = schedule; word < schedule + 192; word += 4) {
    const next =
      small256(load<u32>(word, 56), 17, 19, 10) +
      load<u32>(word, 36) +
      small256(load<u32>(word, 4), 7, 18, 3) +
      load<u32>(word);
    store<u32>(word, next, 64);
  }
  let a = load<u32>(state, 0);
  let b = load<u32>(state, 4);
  let c = load<u32>(state, 8);
  let d = load<u32>(state, 12);
  let e = load<u32>(state, 16);
  let f = load<u32>(state, 20);
  let g = load<u32>(state, 24);
  let h = load<u32>(state, 28);
  for (let i: usize = 0; i < 256; i += 32) {
    h = round256(i, e, f, g, h);
    d += h;
    h += mix256(a, b, c);
    g = round256(i + 4, d, e, f, g);
    c += g;
    g += mix256(h, a, b);
    f = round256(i + 8, c, d, e, f);
    b += f;
    f += mix256(g, h, a);
    e = round256(i + 12, b, c, d, e);
    a += e;
    e += mix256(f, g, h);
    d = round256(i + 16, a, b, c, d);
    h += d;
    d += mix256(e, f, g);
    c = round256(i + 20, h, a, b, c);
    g += c;
    c += mix256(d, e, f);
    b = round256(i + 24, g, h, a, b);
    f += b;
    b += mix256(c, d, e);
    a = round256(i + 28, f, g, h, a);
    e += a;
    a += mix256(b, c, d);
  }
  addTo<u32>(state, 0, a);
  addTo<u32>(state, 4, b);
  addTo<u32>(state, 8, c);
  addTo<u32>(state, 12, d);
  addTo<u32>(state, 16, e);
  addTo<u32>(state, 20, f);
  addTo<u32>(state, 24, g);
  addTo<u32>(state, 28, h);
}

/** Forgets the last block. */
export function sha2Wipe(): void {
  memory.fill(schedule, 0, 640);
}

function round512(i: usize, e: u64, f: u64, g: u64, h: u64): u64 {
  const sum = rotr<u64>(e, 14) ^ rotr<u64>(e, 18) ^ rotr<u64>(e, 41);
  return h + sum + choose<u64>(e, f, g) + load<u64>(CUBE_ROOTS + i) + load<u64>(schedule + i);
}

function mix512(a: u64, b: u64, c: u64): u64 {
  return (rotr<u64>(a, 28) ^ rotr<u64>(a, 34) ^ rotr<u64>(a, 39)) + majority<u64>(a, b, c);
}

function small512(x: u64, r1: u64, r2: u64, shift: u64): u64 {
  return rotr<u64>(x, r1) ^ rotr<u64>(x, r2) ^ (x >> shift);
}

function round256(i: usize, e: u32, f: u32, g: u32, h: u32): u32 {
  const sum = rotr<u32>(e, 6) ^ rotr<u32>(e, 11) ^ rotr<u32>(e, 25);
  return h + sum + choose<u32>(e, f, g) + load<u32>(CUBE_ROOTS + (i << 1), 4) + load<u32>(schedule + i);
}

function mix256(a: u32, b: u32, c: u32): u32 {
  return (rotr<u32>(a, 2) ^ rotr<u32>(a, 13) ^ rotr<u32>(a, 22)) + majority<u32>(a, b, c);
}

function small256(x: u32, r1: u32, r2: u32, shift: u32): u32 {
  return rotr<u32>(x, r1) ^ rotr<u32>(x, r2) ^ (x >> shift);
}

function choose<T>(x: T, y: T, z: T): T {
  return z ^ (x & (y ^ z));
}

function majority<T>(x: T, y: T, z: T): T {
  return (x & y) | (z & (x | y));
}

function addTo<T>(state: usize, offset: usize, value: T): void {
  store<T>(state + offset, load<T>(state + offset) + value);
}
