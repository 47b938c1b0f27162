// SipHash-2-4 with 128 bits of output (Aumasson and Bernstein), straight from its definition on BigInts.

const MASK = 2n ** 64n - 1n;
const rotl = (x: bigint, n: bigint): bigint => ((x << n) | (x >> (64n - n))) & MASK;
const ascii = (text: string): bigint => BigInt(`0x${Array.from(text, (c) => c.charCodeAt(0).toString(16)).join("")}`);

type State = [bigint, bigint, bigint, bigint];

/** The 16-byte hash of a message under a 16-byte key. */
export function sipHash128(key: Uint8Array, message: Uint8Array): Uint8Array {
  const word = (bytes: Uint8Array, at: number): bigint =>
    new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(at, true);
  const [k0, k1] = [word(key, 0), word(key, 8)];
  const initial: State = [ascii("somepseu") ^ k0, ascii("dorandom") ^ k1 ^ 0xeen, ascii("lygenera") ^ k0, 0n];
  let state: State = [initial[0], initial[1], initial[2], ascii("tedbytes") ^ k1];

  const padded = new Uint8Array((message.length & ~7) + 8);
  padded.set(message);
  padded[padded.length - 1] = message.length & 255;
  for (let at = 0; at < padded.length; at += 8) {
    const m = word(padded, at);
    state = rounds(2, [state[0], state[1], state[2], state[3] ^ m]);
    state = [state[0] ^ m, state[1], state[2], state[3]];
  }
  const out = new DataView(new ArrayBuffer(16));
  state = rounds(4, [state[0], state[1], state[2] ^ 0xeen, state[3]]);
  out.setBigUint64(0, state[0] ^ state[1] ^ state[2] ^ state[3], true);
  state = rounds(4, [state[0], state[1] ^ 0xddn, state[2], state[3]]);
  out.setBigUint64(8, state[0] ^ state[1] ^ state[2] ^ state[3], true);
  return new Uint8Array(out.buffer);
}

function rounds(count: number, state: State): State {
  let [v0, v1, v2, v3] = state;
  for (let i = 0; i < count; i++) {
    v0 = (v0 + v1) & MASK;
    v1 = rotl(v1, 13n) ^ v0;
    v0 = rotl(v0, 32n);
    v2 = (v2 + v3) & MASK;
    v3 = rotl(v3, 16n) ^ v2;
    v0 = (v0 + v3) & MASK;
    v3 = rotl(v3, 21n) ^ v0;
    v2 = (v2 + v1) & MASK;
    v1 = rotl(v1, 17n) ^ v2;
    v2 = rotl(v2, 32n);
  }
  return [v0, v1, v2, v3];
}
