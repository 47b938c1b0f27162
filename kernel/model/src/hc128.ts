// The stream cipher HC-128 (Wu, eSTREAM), straight from its definition (spec 01, Appendix B). Table indices depend on
// the key: a model only.

const rotr = (x: number, n: number): number => (x >>> n) | (x << (32 - n));

/** The first `length` keystream bytes for a 16-byte key and a 16-byte IV. */
export function hc128(key: Uint8Array, iv: Uint8Array, length: number): Uint8Array {
  const word = (bytes: Uint8Array, i: number): number =>
    new DataView(bytes.buffer, bytes.byteOffset, 16).getUint32(4 * (i % 4), true);
  const w = new Uint32Array(1280);
  const at = (table: Uint32Array, i: number): number => table[i] as number; // Every index is in range.
  for (let i = 0; i < 8; i++) w[i] = word(key, i);
  for (let i = 0; i < 8; i++) w[8 + i] = word(iv, i);
  for (let i = 16; i < 1280; i++) {
    const x = at(w, i - 15);
    const y = at(w, i - 2);
    const f1 = rotr(x, 7) ^ rotr(x, 18) ^ (x >>> 3);
    const f2 = rotr(y, 17) ^ rotr(y, 19) ^ (y >>> 10);
    w[i] = f2 + at(w, i - 7) + f1 + at(w, i - 16) + i;
  }
  const p = w.slice(256, 768);
  const q = w.slice(768, 1280);

  const h = (table: Uint32Array, x: number): number => at(table, x & 255) + at(table, 256 + ((x >>> 16) & 255));
  /** One step on table `t`, masked by the other table; `turn` rotates right (P) or left (Q). */
  const step = (t: Uint32Array, other: Uint32Array, j: number, turn: (x: number, n: number) => number): number => {
    const back = (n: number): number => at(t, (j - n + 512) % 512);
    t[j] = at(t, j) + ((turn(back(3), 10) ^ turn(back(511), 23)) + turn(back(10), 8));
    return (h(other, back(12)) ^ at(t, j)) >>> 0;
  };
  const rotl = (x: number, n: number): number => rotr(x, 32 - n);
  const next = (i: number): number => (i % 1024 < 512 ? step(p, q, i % 512, rotr) : step(q, p, i % 512, rotl));

  for (let i = 0; i < 1024; i++) {
    const output = next(i);
    if (i < 512) p[i] = output;
    else q[i - 512] = output;
  }
  const out = new Uint8Array(Math.ceil(length / 4) * 4);
  for (let i = 0; 4 * i < length; i++) new DataView(out.buffer).setUint32(4 * i, next(i), true);
  return out.slice(0, length);
}
