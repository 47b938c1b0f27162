// Decisions without branches: a mask is −1 for yes and 0 for no.

/** Whether a = b. */
export function equals(a: i32, b: i32): i32 {
  const unlike = a ^ b;
  return ~((unlike | -unlike) >> 31);
}

/** Whether a < b, for numbers whose difference does not overflow. */
export function isBelow(a: i32, b: i32): i32 {
  return (a - b) >> 31;
}

/** Whether a ≥ b, for numbers whose difference does not overflow. */
export function atLeast(a: i32, b: i32): i32 {
  return ~((a - b) >> 31);
}

/** Whether x = 0. */
export function isZero(x: u64): i32 {
  return i32(~(i64(x | (0 - x)) >> 63));
}

/** `a` where the mask says yes, else `b`. */
export function choose(mask: i32, a: i32, b: i32): i32 {
  return b ^ (mask & (a ^ b));
}
