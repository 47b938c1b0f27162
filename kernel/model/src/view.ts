// What Fog View answers, written as plainly as possible: records in a JavaScript map, results a byte list at a time.
import type { View, ViewRecords } from "@fogbow/kernel";
import { KernelError } from "@fogbow/kernel";

interface Result {
  readonly key: Uint8Array;
  readonly code: number;
  readonly payload: Uint8Array;
  /** As the result says it. */
  readonly length: number;
}

const [FOUND, NOT_FOUND, BAD_SEARCH_KEY] = [1, 2, 3];
const USUAL_PAYLOAD_BYTES = 237;

/** View on a plain map. */
export const modelView: View = {
  createRecords({ capacity, seed }) {
    if (!Number.isInteger(capacity) || capacity < 1 || seed.length !== 32) throw invalid();
    const records = new Map<string, Uint8Array>();
    let [size, prevailing] = [0, USUAL_PAYLOAD_BYTES];
    const model: ViewRecords = {
      capacity,
      bytes: 0,
      get size() {
        return size;
      },
      add(added) {
        if (added.some(({ searchKey, payload }) => isBad(searchKey) || payload.length > 239)) throw invalid();
        if (size + added.length > capacity) throw new KernelError("map-full", "The store is full.");
        for (const { searchKey, payload } of added) records.set(searchKey.join(), payload.slice());
        size += added.length;
        prevailing = added.at(-1)?.payload.length ?? prevailing;
      },
      results: (keys) =>
        join(
          keys.map((key) => {
            const payload = isBad(key) ? undefined : records.get(key.join());
            const code = payload === undefined ? (isBad(key) ? BAD_SEARCH_KEY : NOT_FOUND) : FOUND;
            const none = new Uint8Array();
            return fixed({ key: echo(key), code, payload: payload ?? none, length: payload?.length ?? prevailing });
          }),
        ),
    };
    return model;
  },

  collate(keys, shards, payloadLength) {
    if (shards.some((results) => results.length !== modelView.resultBytes(keys))) throw invalid();
    let at = 0;
    const results = keys.map((full): Result => {
      const key = echo(full);
      const size = 273 + key.length;
      let client: Result = { key, code: NOT_FOUND, payload: new Uint8Array(), length: payloadLength };
      for (const shard of shards) {
        const theirs = parse(shard.subarray(at, at + size), key.length);
        if (theirs.key.join() === key.join() && replaces(theirs.code, client.code)) client = theirs;
      }
      at += size;
      return client;
    });
    return join([...results.map(older), ...results.map(fixed)]);
  },

  resultBytes: (keys) => keys.reduce((sum, key) => sum + 273 + echo(key).length, 0),
};

function replaces(shard: number, client: number): boolean {
  if (shard === FOUND) return true;
  if (shard === BAD_SEARCH_KEY) return client !== FOUND;
  return client === NOT_FOUND && (shard === NOT_FOUND || shard === 4 || shard === 5);
}

function parse(entry: Uint8Array, keyBytes: number): Result {
  const tail = entry.subarray(5 + keyBytes);
  const numbers = new DataView(tail.buffer, tail.byteOffset);
  return {
    key: entry.slice(5, 5 + keyBytes),
    code: numbers.getUint32(1, true),
    payload: tail.slice(8, 263),
    length: numbers.getUint32(264, true),
  };
}

function fixed({ key, code, payload, length }: Result): Uint8Array {
  return entry(0x52, key, [0x15, ...le32(code), 0x1a, 0xff, 0x01, ...padded(payload, 255), 0x25, ...le32(length)]);
}

function older({ key, code, payload, length }: Result): Uint8Array {
  const padding = 255 - length;
  const body = [0x1a, ...varint2(length), ...padded(payload.subarray(0, length), length)];
  return entry(0x3a, key, [
    0x15,
    ...le32(code),
    ...body,
    0x22,
    ...varint2(padding),
    ...padded(new Uint8Array(), padding),
  ]);
}

function entry(tag: number, key: Uint8Array, tail: readonly number[]): Uint8Array {
  const body = [0x0a, key.length, ...key, ...tail];
  return Uint8Array.from([tag, ...varint2(body.length), ...body]);
}

const varint2 = (n: number): number[] => [(n & 0x7f) | 0x80, n >> 7];
const le32 = (n: number): number[] => [n & 0xff, (n >> 8) & 0xff, (n >> 16) & 0xff, n >>> 24];
const padded = (bytes: Uint8Array, length: number): number[] => [
  ...bytes.subarray(0, length),
  ...new Array<number>(Math.max(0, length - bytes.length)).fill(0),
];
const echo = (key: Uint8Array): Uint8Array => key.subarray(0, 127);
const isBad = (key: Uint8Array): boolean => key.length !== 16 || key.every((byte) => byte === 0);
const join = (parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => [...part]));
const invalid = (): KernelError => new KernelError("invalid-length", "Something has another length.");
