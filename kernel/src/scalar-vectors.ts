// The face of the arithmetic on vectors of scalars in `assembly/scalar-vectors.ts`.
import { KernelError } from "./error.ts";
import { type Export, expectLength, expectWhole, type Instance } from "./instance.ts";
import type { ScalarVectors } from "./kernel.ts";

const SCALAR_BYTES = 32;
const WIDE_BYTES = 64;

/** Most scalars in a vector: twice the generators of the largest range proof. */
const SCALARS_MAX = 8192;

type ExportName = `vector${
  | "Add"
  | "Bits"
  | "InnerProduct"
  | "Multiply"
  | "MultiplyAdd"
  | "Powers"
  | "ReduceWide"
  | "Scale"}`;

/** Vectors of scalars on one kernel instance. */
export function createScalarVectors(instance: Instance): ScalarVectors {
  // The record is open-ended by type; these are the names of `assembly/scalar-vectors.ts`.
  const exports = instance.exports as Readonly<Record<ExportName, Export>>;

  /** So many scalars from one factor, where there is one, and vectors of `n` scalars each. */
  const compute = (
    operation: Export,
    results: number,
    n: number,
    factors: readonly Uint8Array[],
    vectors: readonly Uint8Array[],
  ): Uint8Array => {
    for (const factor of factors) expectLength(factor, SCALAR_BYTES, "A scalar");
    for (const vector of vectors) expectLength(vector, n * SCALAR_BYTES, "A vector of scalars");
    return instance.exchange((io) => {
      const out = io.reserve(results * SCALAR_BYTES);
      const addresses = [...factors, ...vectors].map((operand) => io.put(operand));
      if (operation(out, ...addresses, n) !== 1) {
        throw new KernelError("invalid-scalar", "A scalar must be below the group order.");
      }
      return io.take(out, results * SCALAR_BYTES);
    });
  };

  /** As many scalars as each vector has. */
  const each = (operation: Export, factors: readonly Uint8Array[], a: Uint8Array, ...bs: Uint8Array[]): Uint8Array => {
    const n = countOf(a);
    return compute(operation, n, n, factors, [a, ...bs]);
  };

  return {
    add: (a, b) => each(exports.vectorAdd, [], a, b),
    multiply: (a, b) => each(exports.vectorMultiply, [], a, b),
    scale: (s, a) => each(exports.vectorScale, [s], a),
    multiplyAdd: (s, a, b) => each(exports.vectorMultiplyAdd, [s], a, b),
    innerProduct: (a, b) => compute(exports.vectorInnerProduct, 1, countOf(a), [], [a, b]),
    powers(s, n) {
      expectCount(n);
      return compute(exports.vectorPowers, n, n, [s], []);
    },
    reduceWide(wide) {
      const n = countOf(wide, WIDE_BYTES);
      return instance.exchange((io) => {
        const out = io.reserve(n * SCALAR_BYTES);
        exports.vectorReduceWide(out, io.put(wide), n);
        return io.take(out, n * SCALAR_BYTES);
      });
    },
    bits(bytes) {
      const n = countOf(bytes, 1) * 8;
      expectCount(n);
      return instance.exchange((io) => {
        const out = io.reserve(n * SCALAR_BYTES);
        exports.vectorBits(out, io.put(bytes), n);
        return io.take(out, n * SCALAR_BYTES);
      });
    },
  };
}

/** How many parts of `size` bytes there are. */
function countOf(bytes: Uint8Array, size: number = SCALAR_BYTES): number {
  const count = expectWhole(bytes, size, "A vector");
  expectCount(count);
  return count;
}

function expectCount(n: number): void {
  if (!Number.isInteger(n) || n < 0 || n > SCALARS_MAX) {
    throw new KernelError("invalid-length", `A vector must be of 0 to ${SCALARS_MAX} scalars.`);
  }
}
