// The face of the arithmetic on vectors of scalars in `assembly/scalar-vectors.ts`.
import { KernelError } from "./error.ts";
import { type Export, expectLength, type Instance } from "./instance.ts";
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

  /** `outLength` bytes from one factor, where there is one, and vectors of `n` scalars each. */
  const compute = (
    operation: Export,
    outLength: number,
    n: number,
    factors: readonly Uint8Array[],
    vectors: readonly Uint8Array[],
  ): Uint8Array => {
    for (const factor of factors) expectLength(factor, SCALAR_BYTES, "A scalar");
    for (const vector of vectors) expectLength(vector, n * SCALAR_BYTES, "A vector of scalars");
    return instance.exchange((io) => {
      const out = io.reserve(outLength);
      const addresses = [...factors, ...vectors].map((operand) => io.put(operand));
      if (operation(out, ...addresses, n) !== 1) {
        throw new KernelError("invalid-scalar", "A scalar must be below the group order.");
      }
      return io.take(out, outLength);
    });
  };

  return {
    add: (a, b) => compute(exports.vectorAdd, a.length, countOf(a), [], [a, b]),
    multiply: (a, b) => compute(exports.vectorMultiply, a.length, countOf(a), [], [a, b]),
    scale: (s, a) => compute(exports.vectorScale, a.length, countOf(a), [s], [a]),
    multiplyAdd: (s, a, b) => compute(exports.vectorMultiplyAdd, a.length, countOf(a), [s], [a, b]),
    innerProduct: (a, b) => compute(exports.vectorInnerProduct, SCALAR_BYTES, countOf(a), [], [a, b]),
    powers(s, n) {
      expectCount(n);
      return compute(exports.vectorPowers, n * SCALAR_BYTES, n, [s], []);
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
  const count = Math.floor(bytes.length / size);
  expectLength(bytes, count * size, "A vector");
  expectCount(count);
  return count;
}

function expectCount(n: number): void {
  if (!Number.isInteger(n) || n < 0 || n > SCALARS_MAX) {
    throw new KernelError("invalid-length", `A vector must be of 0 to ${SCALARS_MAX} scalars.`);
  }
}
