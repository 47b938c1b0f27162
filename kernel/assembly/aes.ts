// AES-256 (FIPS 197) on eight blocks at once and without tables, after Käsper and Schwabe, "Faster and
// Timing-Attack Resistant AES-GCM" (CHES 2009): the blocks are turned into eight bit planes, and everything is logic
// on whole planes, so neither addresses nor instructions depend on the key or the data.
//
// Plane i is one vector: bit k of its byte 4r + c is bit i of the byte in row r, column c of block k. A row of the AES
// state is thus one 32-bit lane: MixColumns turns lanes, ShiftRows turns bytes inside a lane.

/** Bytes of the eight planes, which is also the size of eight blocks. */
export const planesBytes: i32 = 128;
/** Rounds of AES-256. */
const rounds: i32 = 14;

/** The planes being worked on. */
const state: usize = memory.data(128, 16);
/** Fifteen round keys in planes, every bit repeated for the eight blocks. */
const roundKeys: usize = memory.data(1920, 16);

/** Expands the 32-byte key at `key`. It stays in scratch until {@link aesWipe}. */
export function aesExpandKey(key: usize): void {
  loadKeyHalf(key, roundKeys);
  loadKeyHalf(key + 16, roundKeys + planesBytes);
  for (let round = 2; round <= rounds; round++) expandRound(round);
  // The S-box circuit leaves out its constant 0x63. MixColumns maps that constant to itself, so it can be added here.
  for (let round = 1; round <= rounds; round++) {
    for (let i = 0; i < 8; i++) {
      const plane = roundKeys + planesBytes * round + 16 * i;
      v128.store(plane, v128.xor(v128.load(plane), sboxConstant(i)));
    }
  }
}

/** Encrypts eight blocks (128 bytes) from `input` to `out`, which may be the same place. */
export function aesEncryptEight(out: usize, input: usize): void {
  for (let k = 0; k < planesBytes; k += 16) v128.store(state + k, transposeBlock(v128.load(input + k)));
  exchangeBitsAndBlocks();
  for (let k = 0; k < planesBytes; k += 16) {
    v128.store(state + k, v128.xor(v128.load(state + k), v128.load(roundKeys + k)));
  }
  for (let round = 1; round < rounds; round++) {
    subBytes();
    shiftRowsMixColumns(roundKeys + planesBytes * round);
  }
  subBytes();
  for (let k = 0; k < planesBytes; k += 16) {
    const key = v128.load(roundKeys + planesBytes * rounds + k);
    v128.store(state + k, v128.xor(shiftRows(v128.load(state + k)), key));
  }
  exchangeBitsAndBlocks();
  for (let k = 0; k < planesBytes; k += 16) v128.store(out + k, transposeBlock(v128.load(state + k)));
}

/** Clears the round keys and the planes. */
export function aesWipe(): void {
  memory.fill(state, 0, planesBytes);
  memory.fill(roundKeys, 0, 1920);
}

/** Sixteen bytes of the key in all eight blocks, as planes. */
function loadKeyHalf(key: usize, out: usize): void {
  const block = transposeBlock(v128.load(key));
  for (let k = 0; k < planesBytes; k += 16) v128.store(state + k, block);
  exchangeBitsAndBlocks();
  memory.copy(out, state, planesBytes);
}

/**
 * Round key `round` from the two before it (FIPS 197 §5.2): its columns are the running sums of the older one's
 * columns, plus the substituted last column of the newer one.
 */
function expandRound(round: i32): void {
  const out = roundKeys + planesBytes * round;
  memory.copy(state, out - planesBytes, planesBytes);
  subBytes();
  for (let i = 0; i < 8; i++) {
    const substituted = v128.xor(v128.load(state + 16 * i), sboxConstant(i));
    let sum = v128.load(out - 2 * planesBytes + 16 * i);
    sum = v128.xor(sum, v128.shl<i32>(sum, 8));
    sum = v128.xor(sum, v128.shl<i32>(sum, 16));
    // Every second round key turns the column by a row and adds the round constant 2^(round/2 - 1) to row 0.
    if (round & 1) {
      sum = v128.xor(sum, v128.swizzle(substituted, i8x16(3, 3, 3, 3, 7, 7, 7, 7, 11, 11, 11, 11, 15, 15, 15, 15)));
    } else {
      sum = v128.xor(sum, v128.swizzle(substituted, i8x16(7, 7, 7, 7, 11, 11, 11, 11, 15, 15, 15, 15, 3, 3, 3, 3)));
      sum = v128.xor(sum, i32x4(0 - i32(i === (round >> 1) - 1), 0, 0, 0));
    }
    v128.store(out + 16 * i, sum);
  }
}

/** Bit `i` of the S-box constant 0x63 over a whole plane. */
function sboxConstant(i: i32): v128 {
  const bit = (0x63 >> i) & 1;
  return i8x16.splat(<i8>(0 - bit));
}

/** Column-major bytes of a block to rows in lanes, and back. */
function transposeBlock(block: v128): v128 {
  return v128.swizzle(block, i8x16(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15));
}

/** ShiftRows: row r turns left by r bytes. */
function shiftRows(plane: v128): v128 {
  return v128.swizzle(plane, i8x16(0, 1, 2, 3, 5, 6, 7, 4, 10, 11, 8, 9, 15, 12, 13, 14));
}

/** Transposes the 8 × 8 bits at each byte position: blocks to planes, and back. */
function exchangeBitsAndBlocks(): void {
  for (let k: usize = 0; k < 8; k += 2) exchange(k, 1, i8x16.splat(0x55));
  for (let k: usize = 0; k < 8; k += 4) {
    exchange(k, 2, i8x16.splat(0x33));
    exchange(k + 1, 2, i8x16.splat(0x33));
  }
  for (let k: usize = 0; k < 4; k++) exchange(k, 4, i8x16.splat(0x0f));
}

/** Exchanges the bits outside `mask` in vector `k` with those inside `mask`, `distance` lower, in vector `k + distance`. */
function exchange(k: usize, distance: i32, mask: v128): void {
  const low = state + 16 * k;
  const high = low + 16 * distance;
  const a = v128.load(low);
  const b = v128.load(high);
  const difference = v128.and(v128.xor(v128.shr<u64>(a, distance), b), mask);
  v128.store(low, v128.xor(a, v128.shl<u64>(difference, distance)));
  v128.store(high, v128.xor(b, difference));
}

/**
 * ShiftRows, MixColumns and the addition of a round key. With t = sᵣ + sᵣ₊₁ a row becomes 2·t + sᵣ₊₁ + (t two rows on);
 * doubling moves each plane up by one, and the plane that falls out comes back as x⁸ = x⁴ + x³ + x + 1.
 */
function shiftRowsMixColumns(roundKey: usize): void {
  const last = shiftRows(v128.load(state + 112));
  const top = v128.xor(last, nextRow(last));
  const t0 = mixPlane(0, top, roundKey);
  const t1 = mixPlane(1, v128.xor(t0, top), roundKey);
  const t2 = mixPlane(2, t1, roundKey);
  const t3 = mixPlane(3, v128.xor(t2, top), roundKey);
  const t4 = mixPlane(4, v128.xor(t3, top), roundKey);
  const t5 = mixPlane(5, t4, roundKey);
  const t6 = mixPlane(6, t5, roundKey);
  mixPlane(7, t6, roundKey);
}

/** One plane of {@link shiftRowsMixColumns}, given its plane of 2·t; returns its plane of t. */
function mixPlane(i: usize, doubled: v128, roundKey: usize): v128 {
  const row = shiftRows(v128.load(state + 16 * i));
  const next = nextRow(row);
  const t = v128.xor(row, next);
  const mixed = v128.xor(v128.xor(doubled, next), v128.shuffle<i32>(t, t, 2, 3, 0, 1));
  v128.store(state + 16 * i, v128.xor(mixed, v128.load(roundKey + 16 * i)));
  return t;
}

function nextRow(plane: v128): v128 {
  return v128.shuffle<i32>(plane, plane, 1, 2, 3, 0);
}

function xor(a: v128, b: v128): v128 {
  return v128.xor(a, b);
}

function and(a: v128, b: v128): v128 {
  return v128.and(a, b);
}

/**
 * SubBytes without its constant 0x63: the straight-line circuit of Boyar and Peralta, "A Small Depth-16 Circuit for the
 * AES S-Box" (2012), in their names, where x0 and s0 are the highest bits. The first part changes to the tower field
 * GF((2⁴)²), the second inverts there, the third changes back through the affine map.
 */
function subBytes(): void {
  const x0 = v128.load(state, 112);
  const x1 = v128.load(state, 96);
  const x2 = v128.load(state, 80);
  const x3 = v128.load(state, 64);
  const x4 = v128.load(state, 48);
  const x5 = v128.load(state, 32);
  const x6 = v128.load(state, 16);
  const x7 = v128.load(state);

  const y14 = xor(x3, x5);
  const y13 = xor(x0, x6);
  const y9 = xor(x0, x3);
  const y8 = xor(x0, x5);
  const t0 = xor(x1, x2);
  const y1 = xor(t0, x7);
  const y4 = xor(y1, x3);
  const y12 = xor(y13, y14);
  const y2 = xor(y1, x0);
  const y5 = xor(y1, x6);
  const y3 = xor(y5, y8);
  const t1 = xor(x4, y12);
  const y15 = xor(t1, x5);
  const y20 = xor(t1, x1);
  const y6 = xor(y15, x7);
  const y10 = xor(y15, t0);
  const y11 = xor(y20, y9);
  const y7 = xor(x7, y11);
  const y17 = xor(y10, y11);
  const y19 = xor(y10, y8);
  const y16 = xor(t0, y11);
  const y21 = xor(y13, y16);
  const y18 = xor(x0, y16);

  const t2 = and(y12, y15);
  const t3 = and(y3, y6);
  const t4 = xor(t3, t2);
  const t5 = and(y4, x7);
  const t6 = xor(t5, t2);
  const t7 = and(y13, y16);
  const t8 = and(y5, y1);
  const t9 = xor(t8, t7);
  const t10 = and(y2, y7);
  const t11 = xor(t10, t7);
  const t12 = and(y9, y11);
  const t13 = and(y14, y17);
  const t14 = xor(t13, t12);
  const t15 = and(y8, y10);
  const t16 = xor(t15, t12);
  const t17 = xor(t4, t14);
  const t18 = xor(t6, t16);
  const t19 = xor(t9, t14);
  const t20 = xor(t11, t16);
  const t21 = xor(t17, y20);
  const t22 = xor(t18, y19);
  const t23 = xor(t19, y21);
  const t24 = xor(t20, y18);

  const t25 = xor(t21, t22);
  const t26 = and(t21, t23);
  const t27 = xor(t24, t26);
  const t28 = and(t25, t27);
  const t29 = xor(t28, t22);
  const t30 = xor(t23, t24);
  const t31 = xor(t22, t26);
  const t32 = and(t31, t30);
  const t33 = xor(t32, t24);
  const t34 = xor(t23, t33);
  const t35 = xor(t27, t33);
  const t36 = and(t24, t35);
  const t37 = xor(t36, t34);
  const t38 = xor(t27, t36);
  const t39 = and(t29, t38);
  const t40 = xor(t25, t39);

  const t41 = xor(t40, t37);
  const t42 = xor(t29, t33);
  const t43 = xor(t29, t40);
  const t44 = xor(t33, t37);
  const t45 = xor(t42, t41);
  const z0 = and(t44, y15);
  const z1 = and(t37, y6);
  const z2 = and(t33, x7);
  const z3 = and(t43, y16);
  const z4 = and(t40, y1);
  const z5 = and(t29, y7);
  const z6 = and(t42, y11);
  const z7 = and(t45, y17);
  const z8 = and(t41, y10);
  const z9 = and(t44, y12);
  const z10 = and(t37, y3);
  const z11 = and(t33, y4);
  const z12 = and(t43, y13);
  const z13 = and(t40, y5);
  const z14 = and(t29, y2);
  const z15 = and(t42, y9);
  const z16 = and(t45, y14);
  const z17 = and(t41, y8);

  const t46 = xor(z15, z16);
  const t47 = xor(z10, z11);
  const t48 = xor(z5, z13);
  const t49 = xor(z9, z10);
  const t50 = xor(z2, z12);
  const t51 = xor(z2, z5);
  const t52 = xor(z7, z8);
  const t53 = xor(z0, z3);
  const t54 = xor(z6, z7);
  const t55 = xor(z16, z17);
  const t56 = xor(z12, t48);
  const t57 = xor(t50, t53);
  const t58 = xor(z4, t46);
  const t59 = xor(z3, t54);
  const t60 = xor(t46, t57);
  const t61 = xor(z14, t57);
  const t62 = xor(t52, t58);
  const t63 = xor(t49, t58);
  const t64 = xor(z4, t59);
  const t65 = xor(t61, t62);
  const t66 = xor(z1, t63);
  const t67 = xor(t64, t65);
  const s3 = xor(t53, t66);

  v128.store(state, xor(t59, t63), 112); // s0
  v128.store(state, xor(t64, s3), 96); // s1
  v128.store(state, xor(t55, t67), 80); // s2
  v128.store(state, s3, 64);
  v128.store(state, xor(t51, t66), 48); // s4
  v128.store(state, xor(t47, t65), 32); // s5
  v128.store(state, xor(t56, t62), 16); // s6
  v128.store(state, xor(t48, t60)); // s7
}
