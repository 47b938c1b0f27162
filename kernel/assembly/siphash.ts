// SipHash-2-4 with 128 bits of output (Aumasson and Bernstein 2012, and the authors' reference code for the wide form): a
// pseudorandom function of short messages.

/** "somepseudorandomlygeneratedbytes" */
const INITIAL_0: u64 = 0x736f6d6570736575;
const INITIAL_1: u64 = 0x646f72616e646f6d;
const INITIAL_2: u64 = 0x6c7967656e657261;
const INITIAL_3: u64 = 0x7465646279746573;

/** The four words of the state during a call, then the last block of the message. */
const state: usize = memory.data(40, 16);
const LAST: usize = 32;

/** Writes the 16 bytes of the hash of `bytes` bytes at `message` under the 16-byte key to `out`. The length is public. */
export function sipHash128(out: usize, key: usize, message: usize, bytes: i32): void {
  const k0 = load<u64>(key);
  const k1 = load<u64>(key, 8);
  store<u64>(state, INITIAL_0 ^ k0);
  store<u64>(state, INITIAL_1 ^ k1 ^ 0xee, 8);
  store<u64>(state, INITIAL_2 ^ k0, 16);
  store<u64>(state, INITIAL_3 ^ k1, 24);
  const whole = bytes & ~7;
  for (let i = 0; i < whole; i += 8) absorb(load<u64>(message + i));
  store<u64>(state + LAST, 0);
  memory.copy(state + LAST, message + whole, bytes - whole);
  absorb(load<u64>(state + LAST) | (u64(bytes) << 56));
  store<u64>(state, load<u64>(state, 16) ^ 0xee, 16);
  store<u64>(out, squeeze());
  store<u64>(state, load<u64>(state, 8) ^ 0xdd, 8);
  store<u64>(out, squeeze(), 8);
  memory.fill(state, 0, 40);
}

function absorb(word: u64): void {
  store<u64>(state, load<u64>(state, 24) ^ word, 24);
  rounds(2);
  store<u64>(state, load<u64>(state) ^ word);
}

function squeeze(): u64 {
  rounds(4);
  return load<u64>(state) ^ load<u64>(state, 8) ^ load<u64>(state, 16) ^ load<u64>(state, 24);
}

function rounds(count: i32): void {
  let v0 = load<u64>(state);
  let v1 = load<u64>(state, 8);
  let v2 = load<u64>(state, 16);
  let v3 = load<u64>(state, 24);
  for (let i = 0; i < count; i++) {
    v0 += v1;
    v1 = rotl<u64>(v1, 13) ^ v0;
    v0 = rotl<u64>(v0, 32);
    v2 += v3;
    v3 = rotl<u64>(v3, 16) ^ v2;
    v0 += v3;
    v3 = rotl<u64>(v3, 21) ^ v0;
    v2 += v1;
    v1 = rotl<u64>(v1, 17) ^ v2;
    v2 = rotl<u64>(v2, 32);
  }
  store<u64>(state, v0);
  store<u64>(state, v1, 8);
  store<u64>(state, v2, 16);
  store<u64>(state, v3, 24);
}
