// The face of the scalar arithmetic modulo ℓ in `assembly/scalar.ts`.
import { KernelError } from "./error.ts";
import { type Export, expectLength, expectWhole, type Instance } from "./instance.ts";
import type { Scalars } from "./kernel.ts";

const SCALAR_BYTES = 32;
const WIDE_BYTES = 64;

type ExportName = `scalar${
  | "Add"
  | "Invert"
  | "InvertBatch"
  | "IsCanonical"
  | "Multiply"
  | "MultiplyAdd"
  | "Negate"
  | "Reduce"
  | "ReduceWide"
  | "Subtract"}`;

/** Scalar arithmetic on one kernel instance. */
export function createScalars(instance: Instance): Scalars {
  // The record is open-ended by type; these are the names of `assembly/scalar.ts`.
  const exports = instance.exports as Readonly<Record<ExportName, Export>>;

  /** One result from one to three canonical scalars. */
  const compute = (operation: Export, operands: readonly Uint8Array[]): Uint8Array => {
    for (const operand of operands) expectLength(operand, SCALAR_BYTES, "A scalar");
    return instance.exchange((io) => {
      const out = io.reserve(SCALAR_BYTES);
      const addresses = operands.map((operand) => io.put(operand));
      expectCanonical(operation(out, ...addresses));
      return io.take(out, SCALAR_BYTES);
    });
  };

  const reduce = (operation: Export, bytes: Uint8Array): Uint8Array =>
    instance.exchange((io) => {
      const out = io.reserve(SCALAR_BYTES);
      operation(out, io.put(bytes));
      return io.take(out, SCALAR_BYTES);
    });

  return {
    isCanonical(bytes) {
      expectLength(bytes, SCALAR_BYTES, "A scalar");
      return instance.exchange((io) => exports.scalarIsCanonical(io.put(bytes)) === 1);
    },
    reduce(bytes) {
      expectLength(bytes, SCALAR_BYTES, "The number to reduce");
      return reduce(exports.scalarReduce, bytes);
    },
    reduceWide(bytes) {
      expectLength(bytes, WIDE_BYTES, "The wide number to reduce");
      return reduce(exports.scalarReduceWide, bytes);
    },
    add: (a, b) => compute(exports.scalarAdd, [a, b]),
    subtract: (a, b) => compute(exports.scalarSubtract, [a, b]),
    negate: (a) => compute(exports.scalarNegate, [a]),
    multiply: (a, b) => compute(exports.scalarMultiply, [a, b]),
    multiplyAdd: (a, b, c) => compute(exports.scalarMultiplyAdd, [a, b, c]),
    invert: (a) => compute(exports.scalarInvert, [a]),
    invertBatch(scalars) {
      const count = expectWhole(scalars, SCALAR_BYTES, "Scalars");
      return instance.exchange((io) => {
        const out = io.reserve(scalars.length);
        expectCanonical(exports.scalarInvertBatch(out, io.put(scalars), count));
        return io.take(out, scalars.length);
      });
    },
  };
}

/** Throws `invalid-scalar` unless the kernel has found its operands canonical. Does not say which was not. */
function expectCanonical(flag: number): void {
  if (flag !== 1) throw new KernelError("invalid-scalar", "A scalar must be below the group order.");
}
