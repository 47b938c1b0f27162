// Fog Ledger's answers: the kernel's are those of the plain model, byte for byte, and all of one length.
import { createKernel, type FogLedger } from "@fogbow/kernel";
import { createModel } from "@fogbow/kernel-model";
import { concatBytes } from "@noble/hashes/utils.js";
import { describe, expect, test } from "vitest";
import { expectBytes, expectError } from "./group.ts";
import { randomBelowFrom, randomBytesFrom, seed } from "./random.ts";
import { expectNothingLeft } from "./watched-kernel.ts";

const model = createModel().fogLedger;
const random = randomBytesFrom("fog ledger");
const randomBelow = randomBelowFrom(random);
const none = new Uint8Array(0);
const zeroKey = new Uint8Array(32);
const options = { capacity: 256, seed: random(32) };
const makers: Readonly<Record<string, () => FogLedger>> = {
  kernel: () => createKernel().fogLedger,
  model: () => model,
};
const record = (keyImage: Uint8Array, code: number, fill: number): Uint8Array =>
  concatBytes(keyImage, new Uint8Array(16).fill(fill), Uint8Array.of(code, 0, 0, 0, 0, 0, 0, 0));

describe.each(Object.entries(makers))("of the %s", (_, make) => {
  test("a key image that is spent has its block and time, one that is not all ones; a key of zeros is one like others", () => {
    const map = make().createKeyImages(options);
    const [spent, unspent] = [random(32), random(32)];
    map.insert(concatBytes(spent, zeroKey), new Uint8Array(32).fill(7));
    expect(map.size).toBe(2);
    expectBytes(
      map.answers(concatBytes(unspent, spent, zeroKey, spent)),
      concatBytes(record(unspent, 2, 255), record(spent, 1, 7), record(zeroKey, 1, 7), record(spent, 1, 7)),
      "records",
    );
    expect(map.answers(none)).toEqual(none);
  });

  test("an output in one of several maps is where that one says, whichever it is, and one in none is nowhere", () => {
    const { createOutputs, combineOutputs } = make();
    const keys = Array.from({ length: 4 }, () => random(32)) as [Uint8Array, ...Uint8Array[]];
    const maps = [0, 1, 2].map((i) => {
      const map = createOutputs(options);
      map.insert(keys[i] as Uint8Array, new Uint8Array(24).fill(i));
      return map;
    });
    const asked = concatBytes(keys[2] as Uint8Array, keys[3] as Uint8Array, keys[0], keys[1] as Uint8Array, keys[0]);
    const whole = createOutputs(options);
    for (const i of [0, 1, 2]) whole.insert(keys[i] as Uint8Array, new Uint8Array(24).fill(i));
    const answers = maps.map((map) => map.answers(asked));
    expectBytes(combineOutputs(answers), whole.answers(asked), "answers");
    expectBytes(combineOutputs(answers.reverse()), whole.answers(asked), "answers in another order");
    expectBytes(combineOutputs([whole.answers(asked)]), whole.answers(asked), "one map's");
    expect(combineOutputs([])).toEqual(none);
  });

  test("results are in the order of the request, whatever the order of records", () => {
    const [a, b, c] = [random(32), random(32), random(32)];
    const one = [record(a, 1, 9), record(b, 2, 255), record(c, 2, 255)];
    const two = [record(a, 2, 255), record(b, 1, 8), record(c, 3, 5)];
    const { keyImageResults } = make();
    const results = keyImageResults(concatBytes(c, a, b), concatBytes(...one, ...two));
    expectBytes(
      results,
      keyImageResults(concatBytes(c, a, b), concatBytes(...two.reverse(), ...one.reverse())),
      "results",
    );
    expect([62, 128, 194].map((at) => results[at])).toEqual([3, 1, 1]);
    expect(keyImageResults(none, concatBytes(...one))).toEqual(none);
  });

  test("a key image that no store has answered is not spent, in block 1", () => {
    const results = make().keyImageResults(random(32), none);
    expect([...results.subarray(38, 48)]).toEqual([0x11, 1, 0, 0, 0, 0, 0, 0, 0, 0x19]);
    expect([...results.subarray(48, 66)]).toEqual([...Array(8).fill(255), 0x25, 1, 0, 0, 0, 0x2d, 2, 0, 0, 0]);
  });

  test("spent counts before a failure, and a failure before not spent", () => {
    const a = random(32);
    const code = (...codes: number[]): number | undefined =>
      make().keyImageResults(a, concatBytes(...codes.map((each) => record(a, each, 1))))[62];
    expect([code(2, 3), code(3, 2), code(3, 1), code(1, 3), code(2, 1), code(2)]).toEqual([3, 3, 1, 1, 1, 2]);
  });

  test("an output that exists has its place, one that does not all ones", () => {
    const map = make().createOutputs(options);
    const key = random(32);
    map.insert(key, new Uint8Array(24).fill(3));
    const result = (code: number, fill: number): number[] => {
      const eight = Array<number>(8).fill(fill);
      return [0x0a, 0x20, 0x0d, code, 0, 0, 0, 0x11, ...eight, 0x19, ...eight, 0x21, ...eight];
    };
    expect([...map.answers(concatBytes(random(32), key))]).toEqual([...result(1, 255), ...result(2, 3)]);
  });

  test("what is full takes no more, and nothing of what does not fit", () => {
    const map = make().createKeyImages({ ...options, capacity: 16 });
    map.insert(random(32 * 15), random(16 * 15));
    expectError(() => map.insert(random(64), random(32)), "map-full");
    map.insert(random(32), random(16));
    expect(map.size).toBe(16);
  });
});

test(`kernel and model answer alike (seed ${seed})`, () => {
  const kernel = createKernel().fogLedger;
  const known = random(32 * 100);
  const images = [kernel, model].map((each) => each.createKeyImages(options));
  const outputs = [kernel, model].map((each) => each.createOutputs(options));
  const [spent, places] = [random(1_600), random(2_400)];
  for (const map of images) map.insert(known, spent);
  for (const map of outputs) map.insert(known, places);
  for (let round = 0; round < 20; round++) {
    const asked = concatBytes(
      ...Array.from({ length: randomBelow(40) }, () => {
        const at = 32 * randomBelow(200);
        return at < known.length ? known.slice(at, at + 32) : random(32);
      }),
    );
    const [records, modelled] = images.map((map) => map.answers(asked));
    expectBytes(records as Uint8Array, modelled as Uint8Array, "records");
    const [found, expected] = outputs.map((map) => map.answers(asked));
    expectBytes(found as Uint8Array, expected as Uint8Array, "places");
    expectBytes(
      kernel.keyImageResults(asked, records as Uint8Array),
      model.keyImageResults(asked, records as Uint8Array),
      "results",
    );
  }
});

test("wrong lengths are refused", () => {
  const { createKeyImages, keyImageResults } = createKernel().fogLedger;
  const map = createKeyImages(options);
  expectError(() => map.answers(random(31)), "invalid-length");
  expectError(() => map.insert(random(32), random(24)), "invalid-length");
  expectError(() => keyImageResults(random(33), none), "invalid-length");
  expectError(() => keyImageResults(random(32), random(55)), "invalid-length");
});

test("nothing of a question is left where it was written down", () => {
  const [keyImages, records] = [random(64), random(112)];
  expectNothingLeft({
    "the results of records": ({ fogLedger }) => fogLedger.keyImageResults(keyImages, records),
  });
});
