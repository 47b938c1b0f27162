// Looking a fee up and dividing by it, without branches or addresses that depend on what is looked up (spec 05 §2.2, §5 d): the
// token in which somebody pays is secret. JavaScript does not promise equal times; whoever wrote this did not add to the
// differences.

/** 64 bits as two halves. Numbers beyond 32 bits take longer the larger they are. */
export interface Halves {
  readonly low: number;
  readonly high: number;
}

/** A token with its minimum fee. */
export interface FeeEntry {
  readonly token: Halves;
  readonly minimum: Halves;
}

/** A number of 64 bits in halves. */
export function halvesOf(n: bigint): Halves {
  return { low: Number(n & 0xffff_ffffn), high: Number(n >> 32n) };
}

/** The number of two halves. */
export function fromHalves({ low, high }: Halves): bigint {
  return (BigInt(high) << 32n) | BigInt(low);
}

/** The minimum of a token, from looking at all of them; zero, and not known, where it is none of these. */
export function selectMinimum(entries: readonly FeeEntry[], token: Halves): Halves & { readonly isKnown: boolean } {
  let [low, high, known] = [0, 0, 0];
  for (const each of entries) {
    const mask = maskIfSame(each.token.low, token.low) & maskIfSame(each.token.high, token.high);
    low |= each.minimum.low & mask;
    high |= each.minimum.high & mask;
    known |= mask;
  }
  return { low: low >>> 0, high: high >>> 0, isKnown: known !== 0 };
}

/** The 128th part, rounded down. */
export function shiftedBy7({ low, high }: Halves): Halves {
  return { low: ((low >>> 7) | (high << 25)) >>> 0, high: high >>> 7 };
}

/** How often the divisor fits into the dividend, bit by bit, subtracting always and keeping the difference where it fits. */
export function quotientOf(dividend: Halves, divisor: Halves): Halves {
  let rest = { low: 0, high: 0 };
  let quotient = { low: 0, high: 0 };
  for (let i = 0; i < 64; i++) {
    const next = ((i < 32 ? dividend.high : dividend.low) >>> (31 - (i % 32))) & 1; // Which half is no secret.
    const carry = rest.high >>> 31;
    rest = shiftedIn(rest, next);
    const low = rest.low - divisor.low;
    const high = carry * 2 ** 32 + rest.high - divisor.high - Number(low < 0);
    const fits = Number(high >= 0);
    rest = { low: choose(fits, low, rest.low), high: choose(fits, high, rest.high) };
    quotient = shiftedIn(quotient, fits);
  }
  return quotient;
}

/** Moves a bit in from below. */
function shiftedIn({ low, high }: Halves, bit: number): Halves {
  return { low: ((low << 1) | bit) >>> 0, high: ((high << 1) | (low >>> 31)) >>> 0 };
}

/** The first number where the condition is 1, the second where it is 0; the lower 32 bits of either. */
function choose(condition: number, first: number, second: number): number {
  return ((first & -condition) | (second & (condition - 1))) >>> 0;
}

/** All ones for equal numbers, else zero. */
function maskIfSame(a: number, b: number): number {
  const difference = a ^ b;
  return ((difference | -difference) >>> 31) - 1;
}
