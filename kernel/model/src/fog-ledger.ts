// Fog Ledger's answers, told plainly: an ordinary map, and results encoded field by field.
import type { FogLedger, FogLedgerMap, FogLedgerMapOptions } from "@fogbow/kernel";
import { bytesToHex, concatBytes } from "@noble/hashes/utils.js";
import { modelOblivious } from "./oblivious.ts";

const RECORD_BYTES = 56;
const OUTPUT_RESULT_BYTES = 34;
const NOTHING = new Uint8Array(8).fill(255);
const ONE = number(1, 8);
const [SPENT, NOT_SPENT, KEY_IMAGE_ERROR] = [1, 2, 3];
const [DOES_NOT_EXIST, EXISTS] = [1, 2];

/** Fog Ledger without hiding anything. */
export const modelFogLedger: FogLedger = {
  createKeyImages: (options) =>
    createMap(options, 16, (key, value) =>
      concatBytes(
        key,
        value?.subarray(0, 8) ?? NOTHING,
        value?.subarray(8) ?? NOTHING,
        number(value === undefined ? NOT_SPENT : SPENT, 8),
      ),
    ),

  createOutputs: (options) =>
    createMap(options, 24, (_, value) =>
      field(
        1,
        concatBytes(
          fixed(1, number(value === undefined ? DOES_NOT_EXIST : EXISTS, 4)),
          ...[0, 8, 16].map((at, i) => fixed(2 + i, value?.subarray(at, at + 8) ?? NOTHING)),
        ),
      ),
    ),

  combineOutputs: (answers) => {
    const shards = answers.map((answer) => split(answer, OUTPUT_RESULT_BYTES));
    const [first = []] = shards;
    return concatBytes(...first.map((each, i) => shards.map((of) => of[i]).find((of) => of?.[3] === EXISTS) ?? each));
  },

  keyImageResults: (keyImages, records) =>
    concatBytes(
      ...split(keyImages, 32).map((keyImage) => {
        const mine = split(records, RECORD_BYTES).filter((record) => hasPrefix(record, keyImage));
        const answer = mine.findLast((each) => each[48] === SPENT) ?? mine.find((each) => each[48] === KEY_IMAGE_ERROR);
        return field(
          3,
          concatBytes(
            field(1, field(1, keyImage)),
            fixed(2, answer?.subarray(32, 40) ?? ONE),
            fixed(3, answer?.subarray(40, 48) ?? NOTHING),
            fixed(4, number(1, 4)),
            fixed(5, answer?.subarray(48, 52) ?? number(NOT_SPENT, 4)),
          ),
        );
      }),
    ),
};

function createMap(
  { capacity, seed }: FogLedgerMapOptions,
  valueBytes: number,
  encode: (key: Uint8Array, value: Uint8Array | undefined) => Uint8Array,
): FogLedgerMap {
  const map = modelOblivious.createMap({ keyBytes: 32, valueBytes, capacity, seed });
  return {
    capacity,
    get size() {
      return map.size;
    },
    insert: (keys, values) => map.upsert(keys, values),
    answers(keys) {
      const { found, values } = map.lookup(keys);
      const each = split(values, valueBytes);
      return concatBytes(...split(keys, 32).map((key, i) => encode(key, found[i] === 1 ? each[i] : undefined)));
    },
  };
}

const hasPrefix = (record: Uint8Array, keyImage: Uint8Array): boolean =>
  bytesToHex(record.subarray(0, 32)) === bytesToHex(keyImage);

const split = (bytes: Uint8Array, size: number): Uint8Array[] =>
  Array.from({ length: bytes.length / size }, (_, i) => bytes.subarray(i * size, (i + 1) * size));

/** A field of bytes, fewer than 128. */
const field = (name: number, bytes: Uint8Array): Uint8Array =>
  concatBytes(Uint8Array.of((name << 3) | 2, bytes.length), bytes);

/** A field of four or eight bytes. */
const fixed = (name: number, bytes: Uint8Array): Uint8Array =>
  concatBytes(Uint8Array.of((name << 3) | (bytes.length === 4 ? 5 : 1)), bytes);

function number(value: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  bytes[0] = value;
  return bytes;
}
