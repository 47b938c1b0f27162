// The face of ristretto255 (RFC 9496): lays encodings and scalars out for the module and turns its flags into errors.
import { KernelError } from "./error.ts";
import { type Export, expectBytes, expectLength, expectWhole, type Instance } from "./instance.ts";
import type { PointTable, Ristretto } from "./kernel.ts";

const ENCODING_BYTES = 32;

/** Bytes of a prepared point: 64 odd multiples of 160 bytes. */
const PREPARED_BYTES = 10_240;

/** Most points in one multi-scalar multiplication, prepared ones included: it bounds the memory one call can take. */
const POINTS_MAX = 8192;

/** A word of `sumBits`, and its points P and Q. */
const WORD_BYTES = 8;
const POINTS_PER_WORD = 128;

type ExportName =
  | "ristrettoIsPoint"
  | "ristrettoOneWayMap"
  | "ristrettoAdd"
  | "ristrettoSubtract"
  | "ristrettoNegate"
  | "ristrettoMultiply"
  | "ristrettoMultiplyBase"
  | "ristrettoMultiplyBatch"
  | "ristrettoBatchScratch"
  | "ristrettoMultiScalar"
  | "ristrettoMultiScalarScratch"
  | "ristrettoMultiScalarSecret"
  | "ristrettoPrepare"
  | "ristrettoSecretSumScratch"
  | "ristrettoSumBits";

// Flags in the result of a multiplication.
const SCALARS_VALID = 1;
const POINTS_VALID = 2;

/** ristretto255 on one running module. */
export function createRistretto(instance: Instance): Ristretto {
  // The record is open-ended by type; these are the names of `assembly/index.ts`.
  const exports = instance.exports as Readonly<Record<ExportName, Export>>;

  const combine = (operation: "ristrettoAdd" | "ristrettoSubtract", p: Uint8Array, q: Uint8Array): Uint8Array => {
    expectLength(p, ENCODING_BYTES, "A point");
    expectLength(q, ENCODING_BYTES, "A point");
    return instance.exchange((io) => {
      const out = io.reserve(ENCODING_BYTES);
      expectValidPoints(exports[operation](out, io.put(p), io.put(q)) === 1);
      return io.take(out, ENCODING_BYTES);
    });
  };

  /** The address of a table that the instance keeps; undefined when it has no room for it. */
  const keepTable = (table: PointTable | undefined): number | undefined => {
    if (table === undefined) return 0; // Nothing is read from it.
    return instance.keep(table.bytes);
  };

  const sumOfProducts =
    (sum: Export, scratchBytes: Export): Ristretto["multiScalarMultiply"] =>
    (scalars, points, table) => {
      const prepared = countPrepared(table);
      const n = countPoints(points);
      expectAtMost(n + prepared);
      expectLength(scalars, (n + prepared) * ENCODING_BYTES, "The scalars");
      const kept = keepTable(table);
      return instance.exchange((io) => {
        const out = io.reserve(ENCODING_BYTES);
        const tables = kept ?? putTable(io, table);
        const scratch = io.reserve(scratchBytes(n, prepared));
        const [s, p] = [io.put(scalars), io.put(points)];
        expectValid(sum(out, s, tables, prepared, p, n, scratch));
        return io.take(out, ENCODING_BYTES);
      });
    };

  return {
    isPoint: (bytes) => {
      expectLength(bytes, ENCODING_BYTES, "A point");
      return instance.exchange((io) => exports.ristrettoIsPoint(io.put(bytes)) === 1);
    },

    oneWayMap: (uniform) => {
      expectLength(uniform, 64, "The input of the one-way map");
      return instance.exchange((io) => {
        const out = io.reserve(ENCODING_BYTES);
        exports.ristrettoOneWayMap(out, io.put(uniform));
        return io.take(out, ENCODING_BYTES);
      });
    },

    add: (p, q) => combine("ristrettoAdd", p, q),
    subtract: (p, q) => combine("ristrettoSubtract", p, q),

    negate: (p) => {
      expectLength(p, ENCODING_BYTES, "A point");
      return instance.exchange((io) => {
        const out = io.reserve(ENCODING_BYTES);
        expectValidPoints(exports.ristrettoNegate(out, io.put(p)) === 1);
        return io.take(out, ENCODING_BYTES);
      });
    },

    multiply: (scalar, point) => {
      expectLength(scalar, ENCODING_BYTES, "A scalar");
      expectLength(point, ENCODING_BYTES, "A point");
      return instance.exchange((io) => {
        const out = io.reserve(ENCODING_BYTES);
        expectValid(exports.ristrettoMultiply(out, io.put(scalar), io.put(point)));
        return io.take(out, ENCODING_BYTES);
      });
    },

    multiplyBase: (scalar) => {
      expectLength(scalar, ENCODING_BYTES, "A scalar");
      return instance.exchange((io) => {
        const out = io.reserve(ENCODING_BYTES);
        expectValid(exports.ristrettoMultiplyBase(out, io.put(scalar)) | POINTS_VALID);
        return io.take(out, ENCODING_BYTES);
      });
    },

    multiplyBatch: (scalars, points) => {
      const n = countPoints(points);
      expectBytes(scalars, "The scalars");
      const shared = scalars.length === ENCODING_BYTES;
      expectLength(scalars, shared ? ENCODING_BYTES : points.length, "The scalars");
      const stride = shared ? 0 : ENCODING_BYTES;
      return instance.exchange((io) => {
        const out = io.reserve(points.length);
        const scratch = io.reserve(exports.ristrettoBatchScratch(n));
        expectValid(exports.ristrettoMultiplyBatch(out, io.put(scalars), stride, io.put(points), n, scratch));
        return io.take(out, points.length);
      });
    },

    multiScalarMultiply: sumOfProducts(exports.ristrettoMultiScalar, exports.ristrettoMultiScalarScratch),
    multiScalarMultiplySecret: sumOfProducts(exports.ristrettoMultiScalarSecret, exports.ristrettoSecretSumScratch),

    sumBits: (words, points, table) => {
      const prepared = countPrepared(table);
      const n = countPoints(points);
      expectAtMost(n + prepared);
      const preparedWords = countWords(prepared);
      const count = preparedWords + countWords(n);
      expectLength(words, count * WORD_BYTES, "The words");
      const kept = keepTable(table);
      return instance.exchange((io) => {
        const out = io.reserve(ENCODING_BYTES);
        const tables = kept ?? putTable(io, table);
        const scratch = io.reserve(exports.ristrettoSecretSumScratch(n, 0));
        const [w, p] = [io.put(words), io.put(points)];
        expectValidPoints(exports.ristrettoSumBits(out, w, count, tables, preparedWords, p, scratch) === 1);
        return io.take(out, ENCODING_BYTES);
      });
    },

    prepare: (points) => {
      const count = countPoints(points);
      return instance.exchange((io): PointTable => {
        const out = io.reserve(PREPARED_BYTES * Math.ceil(count / 4) * 4);
        expectValidPoints(exports.ristrettoPrepare(out, io.put(points), count) === 1);
        return { count, bytes: io.take(out, PREPARED_BYTES * count) };
      });
    },
  };
}

/** How many of a table's points take part: all, or the first ones when its `count` is smaller. */
function countPrepared(table: PointTable | undefined): number {
  if (table === undefined) return 0;
  const held = expectWhole(table.bytes, PREPARED_BYTES, "The table");
  if (!Number.isInteger(table.count) || table.count < 0 || table.count > held) {
    throw new KernelError("invalid-length", `The table holds ${held} points.`);
  }
  return table.count;
}

/** Lays out as much of a table as a call reads. */
function putTable(io: Instance, table: PointTable | undefined): number {
  return table === undefined ? 0 : io.put(table.bytes.subarray(0, table.count * PREPARED_BYTES));
}

/** How many encodings `points` holds, which must be a whole number and not too many. */
function countPoints(points: Uint8Array): number {
  const count = expectWhole(points, ENCODING_BYTES, "The points");
  expectAtMost(count);
  return count;
}

/** For how many words of `sumBits` there are points. Throws `invalid-length` unless it is a whole number. */
function countWords(points: number): number {
  if (points % POINTS_PER_WORD !== 0) {
    throw new KernelError("invalid-length", `Each word takes ${POINTS_PER_WORD} points.`);
  }
  return points / POINTS_PER_WORD;
}

function expectAtMost(points: number): void {
  if (points > POINTS_MAX) {
    throw new KernelError("too-many-points", `At most ${POINTS_MAX} points fit in one call.`);
  }
}

function expectValid(flags: number): void {
  if ((flags & SCALARS_VALID) === 0) throw new KernelError("invalid-scalar", "A scalar is not below the group order.");
  expectValidPoints((flags & POINTS_VALID) !== 0);
}

function expectValidPoints(valid: boolean): void {
  if (!valid) throw new KernelError("invalid-point", "A point is not a canonical ristretto255 encoding.");
}
