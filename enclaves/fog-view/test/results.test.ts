import { decodeMessage, QueryResponseSchema } from "@fogbow/core-wire";
import { createKernel, type Kernel, type KernelError, type View } from "@fogbow/kernel";
import { createModel } from "@fogbow/kernel-model";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { randomBytesFrom } from "../../../kernel/test/random.ts";

const uniform = randomBytesFrom("view");

const [FOUND, NOT_FOUND, BAD_SEARCH_KEY] = [1, 2, 3];
const LIMITS = { bytesMax: 16_777_216 };
const seed = new Uint8Array(32).fill(7);
const key = (n: number): Uint8Array => Uint8Array.of(...new Array<number>(14).fill(9), n >> 8, n & 0xff);
const payload = (n: number, length = 237): Uint8Array => new Uint8Array(length).fill(n + 1);
const records = (count: number, length = 237): { searchKey: Uint8Array; payload: Uint8Array }[] =>
  Array.from({ length: count }, (_, i) => ({ searchKey: key(i), payload: payload(i, length) }));
const both: [string, () => Kernel][] = [
  ["kernel", () => createKernel()],
  ["model", createModel],
];

/** The two lists of an answer, as a client reads them. */
function read(
  bytes: Uint8Array,
): { code: number; key: Uint8Array; payload: Uint8Array; older: Uint8Array; padding: number }[] {
  const { fixedTxOutSearchResults: fixed, txOutSearchResults: older } = decodeMessage(
    QueryResponseSchema,
    bytes,
    LIMITS,
  );
  expect(older).toHaveLength(fixed.length);
  return fixed.map((result, i) => {
    const old = older[i];
    expect(result.ciphertext).toHaveLength(255);
    expect(old?.resultCode).toBe(result.resultCode);
    expect([...(old?.searchKey ?? [])]).toEqual([...result.searchKey]);
    expect((old?.ciphertext.length ?? 0) + (old?.padding.length ?? 0)).toBe(255);
    return {
      code: result.resultCode,
      key: result.searchKey,
      payload: result.ciphertext.subarray(0, result.payloadLength),
      older: old?.ciphertext ?? new Uint8Array(),
      padding: old?.padding.length ?? 0,
    };
  });
}

describe.each(both)("what the %s answers", (_, make) => {
  const answer = (view: View, held: ReturnType<View["createRecords"]>, keys: readonly Uint8Array[]): Uint8Array =>
    view.collate(keys, [held.results(keys)], 237);

  test("finds records, misses others and tells bad keys from both, in the order of the keys", () => {
    const { view } = make();
    const held = view.createRecords({ capacity: 64, seed });
    held.add(records(5));
    const keys = [
      key(3),
      key(99),
      key(3),
      new Uint8Array(16),
      key(4).subarray(0, 15),
      new Uint8Array(17).fill(1),
      new Uint8Array(),
    ];
    const results = read(answer(view, held, keys));
    expect(results.map(({ code }) => code)).toEqual([FOUND, NOT_FOUND, FOUND, ...new Array(4).fill(BAD_SEARCH_KEY)]);
    expect(results.map((result) => [...result.key])).toEqual(keys.map((each) => [...each]));
    expect([...(results[0]?.payload ?? [])]).toEqual([...payload(3)]);
    expect([...(results[0]?.older ?? [])]).toEqual([...payload(3)]);
    for (const { payload: bytes, older, code } of results.filter((result) => result.code !== FOUND)) {
      expect([code, bytes.length, older.length]).toEqual([code, 237, 237]);
      expect([...bytes, ...older].every((byte) => byte === 0)).toBe(true);
    }
  });

  test("overwrites, says how long the newest record is, and pads a payload of 232 bytes by 23", () => {
    const { view } = make();
    const held = view.createRecords({ capacity: 8, seed });
    held.add([{ searchKey: key(1), payload: payload(1, 10) }]);
    held.add([{ searchKey: key(1), payload: payload(2, 232) }]);
    const results = read(answer(view, held, [key(1), key(2)]));
    expect(results.map(({ code, padding }) => [code, padding])).toEqual([
      [FOUND, 23],
      [NOT_FOUND, 23],
    ]);
    expect([...(results[0]?.payload ?? [])]).toEqual([...payload(2, 232)]);
    expect(held.size).toBe(2);
  });

  test("refuses what it cannot hold, and changes nothing", () => {
    const { view } = make();
    const held = view.createRecords({ capacity: 2, seed });
    const code = (call: () => unknown): string => {
      try {
        call();
      } catch (error) {
        return (error as KernelError).code;
      }
      return "none";
    };
    expect(code(() => held.add(records(3)))).toBe("map-full");
    expect(code(() => held.add([{ searchKey: new Uint8Array(16), payload: payload(1) }]))).toBe("invalid-length");
    expect(code(() => held.add([{ searchKey: key(1).subarray(1), payload: payload(1) }]))).toBe("invalid-length");
    expect(code(() => held.add([{ searchKey: key(1), payload: new Uint8Array(240) }]))).toBe("invalid-length");
    expect(code(() => view.collate([key(1)], [new Uint8Array(3)], 237))).toBe("invalid-length");
    expect(held.size).toBe(0);
    held.add(records(2));
    expect(read(answer(view, held, [key(0), key(1)])).map((result) => result.code)).toEqual([FOUND, FOUND]);
  });

  test("answers of one size for k found and k missing, for k from 0 to 500", { timeout: 120_000 }, () => {
    const { view } = make();
    const held = view.createRecords({ capacity: 512, seed });
    held.add(records(500));
    for (const k of [0, 1, 2, 3, 7, 10, 50, 128, 200, 499, 500]) {
      const known = records(k).map(({ searchKey }) => searchKey);
      const unknown = known.map((each) => Uint8Array.from([1, ...each.subarray(1)]));
      const sizes = [known, unknown, known.map((each, i) => (i % 2 === 0 ? each : (unknown[i] as Uint8Array)))].map(
        (keys) => answer(view, held, keys).length,
      );
      expect(new Set(sizes)).toEqual(new Set([k * (289 + 287)]));
    }
  });

  test("a key that no shard has, and no shards at all, are not found", () => {
    const { view } = make();
    expect(read(view.collate([key(1)], [], 237)).map(({ code, padding }) => [code, padding])).toEqual([
      [NOT_FOUND, 18],
    ]);
    expect(view.collate([], [], 237)).toHaveLength(0);
  });
});

test("collates by the rules of spec 03 §4.9, whatever shards say, as the model does", () => {
  const [{ view }, model] = [createKernel(), createModel().view];
  const codes = fc.constantFrom(FOUND, NOT_FOUND, BAD_SEARCH_KEY, 4, 5, 0, 77, 0xffffffff);
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.tuple(codes, fc.nat(239)), { minLength: 3, maxLength: 3 }), { maxLength: 5 }),
      (shards) => {
        const keys = [key(1), key(2), Uint8Array.of(1, 2, 3)];
        const results = shards.map((entries, shard) => {
          const bytes = model.createRecords({ capacity: 1, seed }).results(keys);
          let at = 0;
          for (const [i, [code, length]] of entries.entries()) {
            const tail = at + 5 + (keys[i]?.length ?? 0);
            new DataView(bytes.buffer).setUint32(tail + 1, code, true);
            bytes.set(payload(16 * shard + i, length), tail + 8);
            new DataView(bytes.buffer).setUint32(tail + 264, length, true);
            at = tail + 268;
          }
          return bytes;
        });
        expect([...view.collate(keys, results, 237)]).toEqual([...model.collate(keys, results, 237)]);
      },
    ),
  );
});

test("a result under another key is not taken", () => {
  const { view } = createKernel();
  const held = view.createRecords({ capacity: 4, seed });
  held.add(records(2));
  expect(read(view.collate([key(9)], [held.results([key(1)])], 237)).map(({ code }) => code)).toEqual([NOT_FOUND]);
});

test("random records are found as in the model", () => {
  const [kernel, model] = [createKernel().view, createModel().view].map((view) =>
    view.createRecords({ capacity: 256, seed }),
  );
  const searchKeys = Array.from({ length: 100 }, () => uniform(16));
  const some = searchKeys.map((searchKey, i) => ({ searchKey, payload: uniform(i % 240) }));
  for (const held of [kernel, model]) held?.add(some);
  const asked = [...searchKeys, ...Array.from({ length: 20 }, () => uniform(16))];
  expect([...(kernel?.results(asked) ?? [])]).toEqual([...(model?.results(asked) ?? [1])]);
});
