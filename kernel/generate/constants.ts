// Generates the constants of edwards25519 and ristretto255 (RFC 9496 §4.1) from their definitions, as elements
// (elements.ts) and as numbers in lanes (lanes.ts).
import { LIMBS, VECTORS } from "./body.ts";

const P = 2n ** 255n - 19n;
const D = mod(-121665n * power(121666n, P - 2n));
const SQRT_MINUS_ONE = power(2n, (P - 1n) / 4n);
const INV_SQRT_A_MINUS_D = even(squareRoot(power(-1n - D, P - 2n)));
// √(ad − 1): of its two roots RFC 9496 takes the odd one.
const SQRT_AD_MINUS_ONE = P - even(squareRoot(mod(-D - 1n)));

/** Declarations of the constants. */
export function generateConstants(): string[] {
  const elements = {
    One: 1n,
    D,
    SqrtMinusOne: SQRT_MINUS_ONE,
    InvSqrtAMinusD: INV_SQRT_A_MINUS_D,
    SqrtADMinusOne: SQRT_AD_MINUS_ONE,
    OneMinusDSquared: mod(1n - D * D),
    DMinusOneSquared: mod((D - 1n) ** 2n),
  };
  const lanes = {
    One: Array<bigint>(4).fill(1n),
    D: Array<bigint>(4).fill(D),
    TwoD: Array<bigint>(4).fill(mod(2n * D)),
    SqrtMinusOne: Array<bigint>(4).fill(SQRT_MINUS_ONE),
    InvSqrtAMinusD: Array<bigint>(4).fill(INV_SQRT_A_MINUS_D),
    SqrtADMinusOne: Array<bigint>(4).fill(SQRT_AD_MINUS_ONE),
    OneMinusDSquared: Array<bigint>(4).fill(mod(1n - D * D)),
    DMinusOneSquared: Array<bigint>(4).fill(mod((D - 1n) ** 2n)),
    OneOneTwoTwoD: [1n, 1n, 2n, mod(2n * D)], // Turns (Y − X, Y + X, Z, T) into a cached point.
  };
  const declare = (name: string, words: readonly bigint[]): string =>
    `export const ${name}: usize = memory.data<i32>([${words.join(", ")}], 16);`;
  return [
    Object.entries(elements)
      .map(([name, value]) => declare(`fe${name}`, elementLimbs(value)))
      .join("\n"),
    Object.entries(lanes)
      .map(([name, values]) => declare(`lanes${name}`, laneWords(values)))
      .join("\n"),
  ];
}

function elementLimbs(value: bigint): bigint[] {
  let rest = value;
  return Array.from({ length: 10 }, (_, k) => {
    const bits = k % 2 === 0 ? 26n : 25n;
    const limb = rest & ((1n << bits) - 1n);
    rest >>= bits;
    return limb;
  });
}

/** Forty 32-bit words: vector by vector, lane by lane, two limbs in each. */
function laneWords(values: readonly bigint[]): bigint[] {
  const limbs = values.map(signedLimbs);
  return Array.from({ length: 4 * VECTORS }, (_, i) => {
    const number = limbs[i % 4] as bigint[]; // There are four.
    const [low, high] = number.slice(2 * Math.floor(i / 4)) as [bigint, bigint];
    return BigInt.asIntN(32, (low & 0xffffn) | (high << 16n));
  });
}

function signedLimbs(value: bigint): bigint[] {
  let rest = value;
  return Array.from({ length: LIMBS }, () => {
    const limb = BigInt.asIntN(13, rest);
    rest = (rest - limb) >> 13n;
    return limb;
  });
}

function mod(x: bigint): bigint {
  return ((x % P) + P) % P;
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let b = mod(base), e = exponent; e > 0n; e >>= 1n) {
    if (e & 1n) result = mod(result * b);
    b = mod(b * b);
  }
  return result;
}

/** A square root of a square modulo p, for p ≡ 5 (mod 8). */
function squareRoot(square: bigint): bigint {
  const candidate = power(square, (P + 3n) / 8n);
  return mod(candidate * candidate) === square ? candidate : mod(candidate * power(2n, (P - 1n) / 4n));
}

/** The one of ±x that RFC 9496 calls nonnegative. */
function even(x: bigint): bigint {
  return x & 1n ? P - x : x;
}
