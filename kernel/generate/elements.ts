// Generates the products of elements: numbers modulo p = 2²⁵⁵ − 19 in ten signed limbs of alternately 26 and 25 bits,
// limb k of weight 2^⌈25.5·k⌉, stored as 32-bit integers and multiplied as 64-bit ones.
//
// h_k = Σ f_i·g_j over i + j ≡ k (mod 10), times 2 where i and j are both odd (⌈25.5·i⌉ + ⌈25.5·j⌉ is then one more than
// ⌈25.5·(i + j)⌉), times 19 where i + j ≥ 10 (2²⁵⁵ ≡ 19). Limbs up to 2²⁷ and 2²⁶, four times a reduced one, keep every
// sum below 2⁶².

const LIMBS = 10;

/** `feMultiply` and `feSquareTimes`. */
export function generateElements(): string[] {
  return [multiply(), squareTimes()];
}

const indices = Array.from({ length: LIMBS }, (_, k) => k);
const isOdd = (k: number): boolean => k % 2 === 1;
const bits = (k: number): number => (isOdd(k) ? 25 : 26);

function multiply(): string {
  const column = (k: number): string =>
    indices
      .map((i) => {
        const j = (k - i + LIMBS) % LIMBS;
        return `${isOdd(i) && isOdd(j) ? "d" : "f"}${i} * ${i + j >= LIMBS ? "w" : "g"}${j}`;
      })
      .join(" + ");
  return `/** out = a·b. */
export function feMultiply(out: usize, a: usize, b: usize): void {
  ${lines(
    ...indices.map((i) => `const f${i} = i64.load32_s(a, ${4 * i});`),
    ...indices.map((i) => `const g${i} = i64.load32_s(b, ${4 * i});`),
    ...indices.slice(1).map((i) => `const w${i} = g${i} * 19;`),
    ...indices.filter(isOdd).map((i) => `const d${i} = f${i} * 2;`),
    ...indices.map((k) => `let h${k} = ${column(k)};`),
    ...carry(),
    ...indices.map((k) => `i64.store32(out, h${k}, ${4 * k});`),
  )}
}`;
}

// f_i·f_j and f_j·f_i are computed once, doubled. Limbs stay in locals from one squaring to the next.
function squareTimes(): string {
  const column = (k: number): string =>
    indices
      .map((i) => [i, (k - i + LIMBS) % LIMBS] as const)
      .filter(([i, j]) => i <= j)
      .map(([i, j]) => {
        const factor = (i === j ? 1 : 2) * (isOdd(i) && isOdd(j) ? 2 : 1);
        return `${factor === 4 ? "q" : factor === 2 ? "d" : "f"}${i} * ${i + j >= LIMBS ? "w" : "f"}${j}`;
      })
      .join(" + ");
  return `/** out = a^(2^n), n ≥ 1: n squarings. */
export function feSquareTimes(out: usize, a: usize, n: i32): void {
  ${lines(...indices.map((i) => `let f${i} = i64.load32_s(a, ${4 * i});`))}
  for (; n > 0; n--) {
    ${lines(
      ...indices.map((i) => `const d${i} = f${i} * 2;`),
      ...indices.filter(isOdd).map((i) => `const q${i} = f${i} * 4;`),
      ...indices.slice(LIMBS / 2).map((i) => `const w${i} = f${i} * 19;`),
      ...indices.map((k) => `let h${k} = ${column(k)};`),
      ...carry(),
      ...indices.map((k) => `f${k} = h${k};`),
    )}
  }
  ${lines(...indices.map((k) => `i64.store32(out, f${k}, ${4 * k});`))}
}`;
}

/** Two interleaved chains of carries that round to nearest: limbs end within ±1.01·2²⁵ and ±1.01·2²⁴. */
function carry(): string[] {
  return [
    "let c: i64 = 0;",
    ...[0, 4, 1, 5, 2, 6, 3, 7, 4, 8, 9, 0].map((k) => {
      const pass = k === LIMBS - 1 ? "h0 += c * 19" : `h${k + 1} += c`;
      return `c = (h${k} + (1 << ${bits(k) - 1})) >> ${bits(k)}; ${pass}; h${k} -= c << ${bits(k)};`;
    }),
  ];
}

function lines(...statements: readonly string[]): string {
  return statements.join("\n");
}
