// STROBE-128 and Merlin's operations against published answers and against the model on noble's Keccak permutation.
import { Frames, KernelError, kernel, type StrobeState } from "@fogbow/kernel";
import { createModel } from "@fogbow/kernel-model";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { describe, expect, test } from "vitest";
import { randomBelowFrom, randomBytesFrom, seed } from "./random.ts";
import { expectNothingLeft } from "./watched-kernel.ts";

const { strobe } = kernel();
const model = createModel().strobe;
const random = randomBytesFrom("strobe");
const RUNS = 10_000;
const RATE = 166;
const none = new Uint8Array(0);

const randomBelow = randomBelowFrom(random);

/** A label, its message, the next label … */
function framesOf(labelsAndMessages: readonly Uint8Array[]): Frames {
  const frames = new Frames();
  for (let i = 0; i < labelsAndMessages.length; i += 2) {
    frames.add(labelsAndMessages[i] ?? none, labelsAndMessages[i + 1] ?? none);
  }
  return frames;
}

describe("published answers", () => {
  test("Merlin's transcript test", () => {
    const state = strobe.create(utf8ToBytes("Merlin v1.0"));
    strobe.append(state, utf8ToBytes("dom-sep"), utf8ToBytes("test protocol"));
    strobe.append(state, utf8ToBytes("some label"), utf8ToBytes("some data"));
    expect(bytesToHex(strobe.challenge(state, utf8ToBytes("challenge"), 32))).toBe(
      "d5a21972d0d5fe320c0d263fac7fffb8145aa640af6e9bca177c03c7efcf0615",
    );
  });

  test("STROBE's conformance test: meta-AD, AD, PRF and KEY", () => {
    const state = strobe.create(utf8ToBytes("Conformance Test Protocol"));
    strobe.metaAd(state, utf8ToBytes("ms"), false);
    strobe.metaAd(state, utf8ToBytes("g"), true);
    strobe.ad(state, new Uint8Array(1024).fill(99), false);
    strobe.metaAd(state, utf8ToBytes("prf"), false);
    const first = strobe.prf(state, 32, false);
    expect(bytesToHex(first)).toBe("b48e645ca17c667fd5206ba57a6a228d72d8e1903814d3f17f622996d7cfefb0");
    strobe.metaAd(state, utf8ToBytes("key"), false);
    strobe.key(state, first, false);
    strobe.metaAd(state, utf8ToBytes("prf"), false);
    expect(bytesToHex(strobe.prf(state, 32, false))).toBe(
      "07e45cce8078cee259e3e375bb85d75610e2d1e1201c5f645045a194edd49ff8",
    );
  });
});

describe("the model", () => {
  const expectSame = (state: StrobeState, twin: StrobeState, got: Uint8Array, expected: Uint8Array): void => {
    if (bytesToHex(state) === bytesToHex(twin) && bytesToHex(got) === bytesToHex(expected)) return;
    expect.fail(`FOGBOW_SEED=${seed}: got ${bytesToHex(got)}, state ${bytesToHex(state)}, model ${bytesToHex(twin)}`);
  };

  test("agrees after creation, for labels of every length over two blocks", () => {
    for (let length = 0; length <= 2 * RATE; length++) {
      const label = random(length);
      expectSame(strobe.create(label), model.create(label), none, none);
    }
  });

  test("agrees after random operations of lengths around block borders", () => {
    const operations = ["metaAd", "ad", "key", "prf", "append", "challenge"] as const;
    /** The operation that each value of curFlags lets continue. */
    const continued = { 2: "ad", 6: "key", 7: "prf", 18: "metaAd" } as const;
    let state = strobe.create(none);
    for (let run = 0; run < operations.length * RUNS; run++) {
      if (run % 50 === 0) state = strobe.create(random(randomBelow(20)));
      const twin = state.slice();
      const more = randomBelow(4) === 0;
      const operation = more ? continued[state[202] as keyof typeof continued] : operations[randomBelow(6)];
      const length = randomBelow(3) === 0 ? RATE - 20 + randomBelow(40) : randomBelow(80);
      const [data, label] = [random(length), random(randomBelow(40))];
      if (operation === "append") {
        strobe.append(state, label, data);
        model.append(twin, label, data);
        expectSame(state, twin, none, none);
      } else if (operation === "challenge") {
        const [got, expected] = [strobe.challenge(state, label, length), model.challenge(twin, label, length)];
        expectSame(state, twin, got, expected);
      } else if (operation === "prf") {
        const [got, expected] = [strobe.prf(state, length, more), model.prf(twin, length, more)];
        expectSame(state, twin, got, expected);
      } else if (operation !== undefined) {
        strobe[operation](state, data, more);
        model[operation](twin, data, more);
        expectSame(state, twin, none, none);
      }
    }
  });

  test("agrees on many messages at once, which is the same as one after the other", () => {
    for (const count of [0, 1, 2, 7, 300, 3_000]) {
      const messages = Array.from({ length: 2 * count }, () => random(randomBelow(60)));
      if (count === 300) messages[5] = random(200_000); // More than a page of memory.
      const frames = framesOf(messages);
      const [state, twin, single] = [strobe.create(none), model.create(none), strobe.create(none)];
      strobe.appendAll(state, frames);
      model.appendAll(twin, frames);
      for (let i = 0; i < messages.length; i += 2) strobe.append(single, messages[i] ?? none, messages[i + 1] ?? none);
      expectSame(state, twin, none, none);
      expectSame(state, single, none, none);
    }
  });

  test("agrees on messages of many blocks", () => {
    const [state, twin] = [strobe.create(none), model.create(none)];
    for (const length of [1_000, 4_096, 65_536]) {
      const data = random(length);
      for (const each of [strobe, model]) each.append(each === strobe ? state : twin, none, data);
      expectSame(state, twin, strobe.prf(state, length, false), model.prf(twin, length, false));
    }
  });
});

test("a copied state forks a transcript and leaves the original as it was", () => {
  const state = strobe.create(utf8ToBytes("Merlin v1.0"));
  const fork = state.slice();
  strobe.append(fork, utf8ToBytes("a"), utf8ToBytes("b"));
  expect(state).toEqual(strobe.create(utf8ToBytes("Merlin v1.0")));
  expect(strobe.prf(fork, 32, false)).not.toEqual(strobe.prf(state, 32, false));
});

test("an operation cannot continue another that was not the last", () => {
  const state = strobe.create(none); // The last was meta-AD.
  const before = state.slice();
  expect(() => strobe.ad(state, none, true)).toThrow("must be the one before it");
  expect(() => strobe.key(state, none, true)).toThrow("must be the one before it");
  expect(() => strobe.prf(state, 1, true)).toThrow("must be the one before it");
  strobe.ad(state, none, false);
  expect(() => strobe.metaAd(state, none, true)).toThrow("must be the one before it");
  expect(before).not.toEqual(state);
});

test("what is no state, and outputs out of range, are refused and change nothing", () => {
  const expectRefusal = (state: StrobeState, length = 32): void => {
    const before = state.slice();
    const calls: (() => unknown)[] = [
      () => strobe.prf(state, length, false),
      () => strobe.challenge(state, none, length),
    ];
    if (length === 32) {
      calls.push(
        () => strobe.metaAd(state, none, false),
        () => strobe.ad(state, none, false),
        () => strobe.key(state, none, false),
        () => strobe.append(state, none, none),
        () => strobe.appendAll(state, framesOf([none, none])),
      );
    }
    for (const call of calls) {
      expect(call).toThrow(KernelError);
      expect(call).toThrow(expect.objectContaining({ code: "invalid-length" }));
    }
    expect(state).toEqual(before);
  };
  for (const length of [0, 200, 202, 204]) expectRefusal(new Uint8Array(length));
  for (const pos of [RATE, RATE + 1, 255]) expectRefusal(strobe.create(none).fill(pos, 200, 201));
  for (const length of [-1, 0.5, Number.NaN, 65_537]) expectRefusal(strobe.create(none), length);
});

describe("frames", () => {
  test("hold copies of what was added, until they are wiped", () => {
    const [label, message, frames] = [random(3), random(70), new Frames()];
    const at = frames.add(label, message);
    const { bytes } = frames;
    expect(bytes).toEqual(Uint8Array.of(3, 0, 0, 0, 70, 0, 0, 0, ...label, ...message));
    expect(at).toBe(11);
    message.fill(0);
    expect(frames.bytes).toEqual(bytes);
    frames.wipe();
    expect(frames).toHaveLength(0);
    expect(bytes).toEqual(new Uint8Array(81));
  });

  test("of others can be added and overwritten", () => {
    const [first, second] = [framesOf([none, random(9)]), framesOf([random(300), random(5000)])];
    const at = second.addFrames(first.bytes);
    expect(second.bytes.subarray(at)).toEqual(first.bytes);
    const number = random(8);
    second.overwrite(at + 8, Uint8Array.of(1, ...number), 1, 8);
    expect(second.bytes.subarray(at + 8, at + 16)).toEqual(number);
    expect(() => second.overwrite(second.length - 7, number, 0, 8)).toThrow(RangeError);
  });

  test("take byte strings alone", () => {
    const frames = new Frames();
    for (const wrong of ["text", [1], undefined] as unknown as Uint8Array[]) {
      expect(() => frames.add(wrong, none)).toThrow(expect.objectContaining({ code: "invalid-length" }));
      expect(() => frames.add(none, wrong)).toThrow(expect.objectContaining({ code: "invalid-length" }));
    }
    expect(frames).toHaveLength(0);
  });
});

test("nothing of a secret stays in linear memory", () => {
  const [label, message, state] = [random(9), random(300), model.create(random(5))];
  expectNothingLeft({
    create: ({ strobe }) => strobe.create(label),
    metaAd: ({ strobe }) => strobe.metaAd(state, message, false),
    ad: ({ strobe }) => strobe.ad(state, message, false),
    key: ({ strobe }) => strobe.key(state, message, false),
    prf: ({ strobe }) => strobe.prf(state, 300, false),
    append: ({ strobe }) => strobe.append(state, label, message),
    appendAll: ({ strobe }) => strobe.appendAll(state, framesOf([label, message, message, label])),
    challenge: ({ strobe }) => strobe.challenge(state, label, 300),
  });
});
