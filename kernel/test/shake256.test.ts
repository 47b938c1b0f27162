// SHAKE256 against published answers and against @noble/hashes.
import { createKernel, type Instance } from "@fogbow/kernel";
import { createModel } from "@fogbow/kernel-model";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { expect, test } from "vitest";
import { expectBytes, expectError } from "./group.ts";
import { randomBytesFrom } from "./random.ts";

const instances: Instance[] = [];
const { hashes } = createKernel({ inspect: (instance) => instances.push(instance) });
const model = createModel().hashes;
const random = randomBytesFrom("shake256");

test("of nothing and of abc is what NIST publishes", () => {
  expect(bytesToHex(hashes.shake256(32))).toBe("46b9dd2b0ba88d13233b3feb743eeb243fcd52ea62b81b82b50c27646ed5762f");
  expect(bytesToHex(hashes.shake256(32, utf8ToBytes("abc")))).toBe(
    "483366601360a8771c6863080cc4114d8db44530f8f1e1ee4f94ea37e78b5739",
  );
});

test("agrees with noble at every input length around blocks and at many output lengths", () => {
  const outputs = [0, 1, 31, 135, 136, 137, 272, 1000];
  for (let length = 0; length <= 300; length++) {
    const [input, output = 0] = [random(length), outputs[length % outputs.length]];
    expectBytes(hashes.shake256(output, input), model.shake256(output, input), `${output} bytes of ${length}`);
  }
});

test("reads its parts as one", () => {
  const input = random(200);
  const whole = hashes.shake256(64, input);
  expect(hashes.shake256(64, input.subarray(0, 135), input.subarray(135, 135), input.subarray(135))).toEqual(whole);
});

test("a long output begins with the short one", () => {
  expect(hashes.shake256(4096, random(5)).length).toBe(4096);
  const input = random(40);
  expect(hashes.shake256(500, input).subarray(0, 136)).toEqual(hashes.shake256(136, input));
});

test("an output of a negative, broken or huge length is refused", () => {
  for (const length of [-1, 0.5, 65_537, Number.NaN]) expectError(() => hashes.shake256(length), "invalid-length");
});

test("after a call every byte of linear memory is what it was before", () => {
  const memory = (): string => bytesToHex(instances[0]?.memory ?? new Uint8Array(0));
  const before = memory();
  hashes.shake256(300, random(300));
  expect(memory() === before).toBe(true);
});
