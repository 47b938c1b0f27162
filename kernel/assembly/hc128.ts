// HC-128 (eSTREAM portfolio, Wu 2004) without secret-indexed reads: the cipher looks up words of its tables by bytes
// of its own state, so each lookup here reads the whole half table and keeps one word by a mask.

const TABLE_BYTES: usize = 2048;

/** The expanded key and IV, W[0 … 1279]. P and Q, 512 words each, are its last 1024 words and stay where they are. */
const expanded = memory.data(5120, 16);
const P = expanded + 1024;
const Q = expanded + 3072;

/** out = the first `length` bytes, a multiple of 4, of the keystream for the 16-byte key at `seed` and the IV after it. */
export function hc128(out: usize, seed: usize, length: i32): void {
  memory.copy(expanded, seed, 16);
  memory.copy(expanded + 16, seed, 16);
  memory.copy(expanded + 32, seed + 16, 16);
  memory.copy(expanded + 48, seed + 16, 16);
  for (let i: usize = 16; i < 1280; i++) {
    const word = expanded + (i << 2);
    const older = load<u32>(word - 8);
    const old = load<u32>(word - 60);
    const f2 = rotr<u32>(older, 17) ^ rotr<u32>(older, 19) ^ (older >> 10);
    const f1 = rotr<u32>(old, 7) ^ rotr<u32>(old, 18) ^ (old >> 3);
    store<u32>(word, f2 + load<u32>(word - 28) + f1 + load<u32>(word - 64) + <u32>i);
  }
  for (let i: usize = 0; i < 512; i++) store<u32>(P + (i << 2), stepP(i));
  for (let i: usize = 0; i < 512; i++) store<u32>(Q + (i << 2), stepQ(i));
  for (let i: usize = 0; i < <usize>length >> 2; i++) {
    store<u32>(out + (i << 2), i & 512 ? stepQ(i & 511) : stepP(i & 511));
  }
  memory.fill(expanded, 0, 5120);
}

/** Renews P[j] and returns h₁(P[j − 12]) ⊕ P[j], with h₁ looking into Q. */
function stepP(j: usize): u32 {
  const x = word(P, j - 3);
  const y = word(P, j - 10);
  const z = word(P, j + 1);
  const renewed = word(P, j) + (rotr<u32>(x, 10) ^ rotr<u32>(z, 23)) + rotr<u32>(y, 8);
  store<u32>(P + (j << 2), renewed);
  return lookUp(Q, word(P, j - 12)) ^ renewed;
}

/** Renews Q[j] and returns h₂(Q[j − 12]) ⊕ Q[j], with h₂ looking into P. */
function stepQ(j: usize): u32 {
  const x = word(Q, j - 3);
  const y = word(Q, j - 10);
  const z = word(Q, j + 1);
  const renewed = word(Q, j) + (rotl<u32>(x, 10) ^ rotl<u32>(z, 23)) + rotl<u32>(y, 8);
  store<u32>(Q + (j << 2), renewed);
  return lookUp(P, word(Q, j - 12)) ^ renewed;
}

/** T[j mod 512], for an index that is public. */
function word(table: usize, j: usize): u32 {
  return load<u32>(table + ((j << 2) & (TABLE_BYTES - 1)));
}

/**
 * h(x) = T[x₀] + T[256 + x₂] with the bytes x₀ and x₂ of x, by reading all of T: in each step four words are kept
 * where their index equals the byte and become zero elsewhere, so that the sum of all is the sum of the two.
 */
function lookUp(table: usize, x: u32): u32 {
  const low = i32x4.splat(x & 255);
  const high = i32x4.splat((x >> 16) & 255);
  const four = i32x4.splat(4);
  let index = i32x4(0, 1, 2, 3);
  let sum = i32x4.splat(0);
  for (let at = table; at < table + (TABLE_BYTES >> 1); at += 16) {
    sum = i32x4.add(sum, v128.and(v128.load(at), i32x4.eq(index, low)));
    sum = i32x4.add(sum, v128.and(v128.load(at, 1024), i32x4.eq(index, high)));
    index = i32x4.add(index, four);
  }
  return (
    i32x4.extract_lane(sum, 0) + i32x4.extract_lane(sum, 1) + i32x4.extract_lane(sum, 2) + i32x4.extract_lane(sum, 3)
  );
}
