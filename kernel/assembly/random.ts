// Random numbers for structures that hide which of their parts they touch: ChaCha20 (RFC 8439) with fast key erasure
// (Bernstein 2017). Each refill makes a batch of keystream, of which the first 32 bytes become the next key and the rest
// is handed out and erased: whoever reads a state learns nothing about numbers that were drawn before.

const BATCH_BYTES: usize = 1024;
const KEY_BYTES: usize = 32;
const USED: usize = 32;
const BATCH: usize = 48;
const BLOCK_BYTES: usize = 64;

/** Bytes of a generator's state: key ‖ how many bytes of the batch are used ‖ zeros ‖ the batch. Aligned 16. */
export const RANDOM_BYTES: usize = 48 + BATCH_BYTES;

/** "expand 32-byte k" */
const constants: usize = memory.data<u32>([0x61707865, 0x3320646e, 0x79622d32, 0x6b206574], 16);

/** Starts a generator at `state` from 32 uniform bytes. */
export function randomSeed(state: usize, seed: usize): void {
  memory.copy(state, seed, KEY_BYTES);
  v128.store(state + USED, i32x4.splat(0));
  store<u32>(state + USED, u32(BATCH_BYTES));
}

/** Writes `bytes` random bytes to `out`. */
export function randomFill(state: usize, out: usize, bytes: usize): void {
  for (let done: usize = 0; done < bytes; ) {
    if (load<u32>(state + USED) === u32(BATCH_BYTES)) refill(state);
    const used: usize = load<u32>(state + USED);
    const rest = bytes - done;
    const left = BATCH_BYTES - used;
    const some = rest < left ? rest : left;
    const from = state + BATCH + used;
    memory.copy(out + done, from, some);
    memory.fill(from, 0, some);
    store<u32>(state + USED, u32(used + some));
    done += some;
  }
}

/** A random number of 32 bits. The state must be one from which only numbers, or multiples of four bytes, were drawn. */
export function randomU32(state: usize): u32 {
  if (load<u32>(state + USED) === u32(BATCH_BYTES)) refill(state);
  const used: usize = load<u32>(state + USED);
  const from = state + BATCH + used;
  const number = load<u32>(from);
  store<u32>(from, 0);
  store<u32>(state + USED, u32(used + 4));
  return number;
}

/** A new batch and a new key from the key. Nonce 0: no key makes two batches. */
function refill(state: usize): void {
  for (let block: usize = 0; block < BATCH_BYTES / BLOCK_BYTES; block++) {
    chachaBlock(state + BATCH + block * BLOCK_BYTES, state, i32x4(i32(block), 0, 0, 0));
  }
  memory.copy(state, state + BATCH, KEY_BYTES);
  memory.fill(state + BATCH, 0, KEY_BYTES);
  store<u32>(state + USED, u32(KEY_BYTES));
}

/** The 64 bytes of keystream for a key and the last row of the state, counter ‖ nonce (RFC 8439 §2.3). */
function chachaBlock(out: usize, key: usize, counterAndNonce: v128): void {
  const a0 = v128.load(constants);
  const b0 = v128.load(key);
  const c0 = v128.load(key, 16);
  let a = a0;
  let b = b0;
  let c = c0;
  let d = counterAndNonce;
  for (let i = 0; i < 10; i++) {
    // The four columns,
    a = i32x4.add(a, b);
    d = rotl16(v128.xor(d, a));
    c = i32x4.add(c, d);
    b = rotl12(v128.xor(b, c));
    a = i32x4.add(a, b);
    d = rotl8(v128.xor(d, a));
    c = i32x4.add(c, d);
    b = rotl7(v128.xor(b, c));
    // and the four diagonals, turned into columns and back.
    b = v128.shuffle<i32>(b, b, 1, 2, 3, 0);
    c = v128.shuffle<i32>(c, c, 2, 3, 0, 1);
    d = v128.shuffle<i32>(d, d, 3, 0, 1, 2);
    a = i32x4.add(a, b);
    d = rotl16(v128.xor(d, a));
    c = i32x4.add(c, d);
    b = rotl12(v128.xor(b, c));
    a = i32x4.add(a, b);
    d = rotl8(v128.xor(d, a));
    c = i32x4.add(c, d);
    b = rotl7(v128.xor(b, c));
    b = v128.shuffle<i32>(b, b, 3, 0, 1, 2);
    c = v128.shuffle<i32>(c, c, 2, 3, 0, 1);
    d = v128.shuffle<i32>(d, d, 1, 2, 3, 0);
  }
  v128.store(out, i32x4.add(a, a0));
  v128.store(out, i32x4.add(b, b0), 16);
  v128.store(out, i32x4.add(c, c0), 32);
  v128.store(out, i32x4.add(d, counterAndNonce), 48);
}

function rotl16(x: v128): v128 {
  return v128.or(i32x4.shl(x, 16), i32x4.shr_u(x, 16));
}

function rotl12(x: v128): v128 {
  return v128.or(i32x4.shl(x, 12), i32x4.shr_u(x, 20));
}

function rotl8(x: v128): v128 {
  return v128.or(i32x4.shl(x, 8), i32x4.shr_u(x, 24));
}

function rotl7(x: v128): v128 {
  return v128.or(i32x4.shl(x, 7), i32x4.shr_u(x, 25));
}
