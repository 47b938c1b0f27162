// Money: values in a token's smallest unit, as bigints of types that do not mix with each other or with plain numbers.
import { BytesError } from "./error.ts";
import { U64_MAX, u64 } from "./integers.ts";

declare const tokenIdBrand: unique symbol;
declare const tokenValueBrand: unique symbol;

/** Which token: an unsigned 64-bit integer, 0 for MOB. */
export type TokenId = bigint & { readonly [tokenIdBrand]: true };

/** How much, in the token's smallest unit (picoMOB for MOB): an unsigned 64-bit integer. */
export type TokenValue = bigint & { readonly [tokenValueBrand]: true };

/** A value of one token. */
export interface Amount {
  readonly value: TokenValue;
  readonly tokenId: TokenId;
}

/** The integer as a token id. Throws `out-of-range` beyond 64 bits. */
export function tokenId(n: bigint): TokenId {
  return u64(n) as TokenId; // The one place that brands it.
}

/** The integer as a value in the token's smallest unit. Throws `out-of-range` beyond 64 bits. */
export function tokenValue(n: bigint): TokenValue {
  return u64(n) as TokenValue; // The one place that brands it.
}

/** The token MOB. */
export const MOB: TokenId = tokenId(0n);

/** picoMOB in a MOB: 10¹². */
export const PICOMOB_PER_MOB = 1_000_000_000_000n;

const DECIMALS = 12;

/**
 * The picoMOB of a decimal number of MOB such as `"1.5"`: digits, and optionally a point and up to twelve more. No
 * sign, space, exponent or separator. Throws `invalid-amount`, or `out-of-range` beyond 64 bits of picoMOB.
 */
export function parseMob(text: string): TokenValue {
  // A number is no text: what JavaScript writes for it may already be rounded.
  const match = typeof text === "string" ? /^([0-9]{1,20})(?:\.([0-9]{1,12}))?$/.exec(text) : null;
  if (match === null) {
    throw new BytesError("invalid-amount", "Expected an amount of MOB such as 1.5, with at most 12 decimal places.");
  }
  const [, whole = "", fraction = ""] = match;
  const value = BigInt(whole) * PICOMOB_PER_MOB + BigInt(fraction.padEnd(DECIMALS, "0"));
  if (value > U64_MAX) {
    throw new BytesError("out-of-range", `At most ${formatMob(tokenValue(U64_MAX))} MOB can be written in 64 bits.`);
  }
  return tokenValue(value);
}

/** A value in picoMOB as the shortest decimal number of MOB: `"1.5"`, `"0"`, `"0.000000000001"`. */
export function formatMob(value: TokenValue): string {
  const fraction = (value % PICOMOB_PER_MOB).toString().padStart(DECIMALS, "0").replace(/0+$/, "");
  const whole = (value / PICOMOB_PER_MOB).toString();
  return fraction === "" ? whole : `${whole}.${fraction}`;
}
