// SHA3-256 (FIPS 202) of short public data, for choosing leaders. The kernel hashes with SHAKE only, and nothing here is
// secret. A lane of 64 bits is two words: `lanes[2i]` its low half, `lanes[2i + 1]` its high half.
const RATE_BYTES = 136;
const ROUNDS = 24;

/** The 32-byte digest. */
export function sha3256(message: Uint8Array): Uint8Array {
  const padded = new Uint8Array(Math.floor(message.length / RATE_BYTES + 1) * RATE_BYTES);
  padded.set(message);
  padded[message.length] = 0x06; // The suffix 01 of SHA-3, then the first bit of the padding.
  padded[padded.length - 1] = (padded[padded.length - 1] ?? 0) | 0x80;

  const lanes = new Uint32Array(50);
  const input = new DataView(padded.buffer);
  for (let block = 0; block < padded.length; block += RATE_BYTES) {
    for (let word = 0; word < RATE_BYTES / 4; word++) xorInto(lanes, word, input.getUint32(block + 4 * word, true));
    permute(lanes);
  }
  const digest = new Uint8Array(32);
  const output = new DataView(digest.buffer);
  for (let word = 0; word < 8; word++) output.setUint32(4 * word, at(lanes, word), true);
  return digest;
}

/** Keccak-f[1600]: θ, ρ and π, χ, ι, 24 times. */
function permute(lanes: Uint32Array): void {
  const columns = new Uint32Array(10);
  const moved = new Uint32Array(50);
  for (let round = 0; round < ROUNDS; round++) {
    columns.fill(0);
    for (let i = 0; i < 50; i++) xorInto(columns, i % 10, at(lanes, i));
    for (let i = 0; i < 50; i++) {
      const left = (i + 8) % 10;
      const right = (i + 2) % 10; // Rotated by one bit: the carry comes from the other half of the same lane.
      const rotated = (at(columns, right) << 1) | (at(columns, right ^ 1) >>> 31);
      xorInto(lanes, i, at(columns, left) ^ rotated);
    }
    for (let lane = 0; lane < 25; lane++) rotateInto(moved, at(TARGETS, lane), lanes, lane, at(ROTATIONS, lane));
    for (let i = 0; i < 50; i++) {
      const row = i - (i % 10);
      lanes[i] = at(moved, i) ^ (~at(moved, row + ((i + 2) % 10)) & at(moved, row + ((i + 4) % 10)));
    }
    xorInto(lanes, 0, at(ROUND_CONSTANTS, 2 * round));
    xorInto(lanes, 1, at(ROUND_CONSTANTS, 2 * round + 1));
  }
}

/** Puts a lane, rotated left by `bits`, into the place of another. */
function rotateInto(target: Uint32Array, to: number, source: Uint32Array, from: number, bits: number): void {
  const swap = bits >= 32 ? 1 : 0;
  const low = at(source, 2 * from + swap);
  const high = at(source, 2 * from + 1 - swap);
  const shift = bits & 31;
  target[2 * to] = shift === 0 ? low : (low << shift) | (high >>> (32 - shift));
  target[2 * to + 1] = shift === 0 ? high : (high << shift) | (low >>> (32 - shift));
}

/** ρ and π: lane (x, y), number x + 5y, is rotated by its triangular number and moves to (y, 2x + 3y). */
const ROTATIONS = new Uint32Array(25);
const TARGETS = new Uint32Array(25);
for (let lane = 0; lane < 25; lane++) {
  const x = lane % 5;
  const y = (lane - x) / 5;
  TARGETS[lane] = y + 5 * ((2 * x + 3 * y) % 5);
}
for (let t = 0, lane = 1; t < 24; t++, lane = at(TARGETS, lane)) ROTATIONS[lane] = (((t + 1) * (t + 2)) / 2) % 64;

/** ι: bit 2^j - 1 of a round's constant is output j + 7·round of the shift register of FIPS 202 §3.2.5. */
const ROUND_CONSTANTS = new Uint32Array(2 * ROUNDS);
for (let round = 0, register = 1; round < ROUNDS; round++) {
  for (let j = 0; j < 7; j++) {
    const bit = 2 ** j - 1;
    const word = 2 * round + (bit >>> 5);
    if ((register & 1) === 1) xorInto(ROUND_CONSTANTS, word, 1 << (bit & 31));
    register <<= 1;
    if (register > 0xff) register ^= 0x171;
  }
}

function xorInto(words: Uint32Array, i: number, value: number): void {
  words[i] = at(words, i) ^ value;
}

function at(words: Uint32Array, i: number): number {
  return words[i] as number; // Every index above is below the length.
}
