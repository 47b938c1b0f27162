// Reproducible random bytes for the tests: the environment variable FOGBOW_SEED (default 1) changes all of them.
import { createHash } from "node:crypto";

/** The seed of this run, to be shown in test names. */
export const seed: string = process.env.FOGBOW_SEED ?? "1";

/** A generator of bytes for one purpose: SHA-512 of seed, purpose and counter. */
export function randomBytesFrom(purpose: string): (length: number) => Uint8Array {
  let counter = 0;
  let pool = new Uint8Array(0);
  return (length) => {
    const out = new Uint8Array(length);
    for (let filled = 0; filled < length; ) {
      if (pool.length === 0) {
        counter += 1;
        pool = new Uint8Array(createHash("sha512").update(`${seed}/${purpose}/${counter}`).digest());
      }
      const part = pool.subarray(0, length - filled);
      out.set(part, filled);
      filled += part.length;
      pool = pool.subarray(part.length);
    }
    return out;
  };
}

/** The same with, half of the time, 32-bit words of only zeros or ones mixed in. Lengths are multiples of 4. */
export function randomWordsFrom(random: (length: number) => Uint8Array): (length: number) => Uint8Array {
  return (length) => {
    const bytes = random(length);
    const [choice = 0, ...fills] = random(1 + length / 4);
    if ((choice & 1) === 0) return bytes;
    for (const [i, fill] of fills.entries()) if (fill < 128) bytes.fill(fill & 1 ? 255 : 0, 4 * i, 4 * i + 4);
    return bytes;
  };
}

/** Numbers from 0 to n − 1 from a generator of bytes. */
export function randomBelowFrom(random: (length: number) => Uint8Array): (n: number) => number {
  return (n) => new DataView(random(4).buffer).getUint32(0) % n;
}
