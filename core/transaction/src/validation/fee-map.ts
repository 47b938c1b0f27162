// The minimum fees of a network's tokens, and the priority that a fee buys (spec 02 §5.1, §5.6).
import { type Amount, MOB, type TokenId, type TokenValue, tokenId, tokenValue } from "@fogbow/core-bytes";
import { aggregate, digest32, orderedMap, tuple, uint64 } from "@fogbow/core-crypto";
import { TransactionError } from "../error.ts";
import { MINIMUM_FEE_STEP } from "./constants.ts";
import { type FeeEntry, fromHalves, halvesOf, quotientOf, selectMinimum, shiftedBy7 } from "./select-fee.ts";

/** The minimum fee of token 0 unless a network says otherwise, in picoMOB. */
export const DEFAULT_MINIMUM_FEE: TokenValue = tokenValue(400_000_000n);

/** The minimum fee of each token that a network knows. */
export class FeeMap {
  #digest: Uint8Array | undefined;
  readonly #minimums: ReadonlyMap<TokenId, TokenValue>;
  readonly #entries: readonly FeeEntry[];

  /**
   * Throws `invalid-minimum-fee` unless each fee is a positive multiple of 128, `missing-minimum-fee` unless there is one
   * for token 0, and BytesError `out-of-range` beyond 64 bits.
   */
  constructor(minimums: Iterable<readonly [token: bigint, fee: bigint]>) {
    const sorted = [...new Map(minimums)]
      .map(([token, fee]): [TokenId, TokenValue] => [tokenId(token), tokenValue(fee)])
      .sort(([a], [b]) => (a < b ? -1 : 1));
    if (sorted.some(([, fee]) => fee < MINIMUM_FEE_STEP || fee % MINIMUM_FEE_STEP !== 0n)) {
      throw new TransactionError("invalid-minimum-fee", `A minimum fee is a multiple of ${MINIMUM_FEE_STEP}.`);
    }
    if (sorted[0]?.[0] !== MOB) {
      throw new TransactionError("missing-minimum-fee", "Token 0 has a minimum fee.");
    }
    this.#minimums = new Map(sorted);
    this.#entries = sorted.map(([token, fee]) => ({ token: halvesOf(token), minimum: halvesOf(fee) }));
  }

  /** 32 bytes; a transaction that carries another digest is refused. */
  get digest(): Uint8Array {
    // Computed when it is needed: a map that is a constant of a module must not start the kernel when it is imported.
    this.#digest ??= feeMapDigest(this.#minimums);
    return this.#digest;
  }

  /** The minimum fee of a token; undefined when the network does not know it. Does not show in time which token it is. */
  minimum(token: TokenId): TokenValue | undefined {
    const minimum = selectMinimum(this.#entries, halvesOf(token));
    return minimum.isKnown ? tokenValue(fromHalves(minimum)) : undefined;
  }

  /** The tokens with their minimum fees, in ascending order of token ids. */
  entries(): readonly (readonly [token: TokenId, fee: TokenValue])[] {
    return [...this.#minimums];
  }

  /**
   * How urgent a transaction with this fee is: the fee in 128ths of the minimum, rounded down. Undefined for a token
   * that the network does not know. Does not show in time which token it is, nor how much.
   */
  priority(fee: Amount): bigint | undefined {
    const minimum = selectMinimum(this.#entries, halvesOf(fee.tokenId));
    const priority = quotientOf(halvesOf(fee.value), shiftedBy7(minimum));
    return minimum.isKnown ? fromHalves(priority) : undefined;
  }
}

/** The digest by which transactions name minimum fees, 32 bytes. In ascending order of token ids, whatever the map's. */
export function feeMapDigest(minimums: ReadonlyMap<TokenId, bigint>): Uint8Array {
  const entries = [...minimums]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([token, fee]) => [tuple("TokenId", [uint64(token)]), uint64(fee)] as const);
  return digest32("mc-fee-map", aggregate("FeeMap", [["map", orderedMap(entries)]]));
}
