// The check of ring signatures passes an answer that is right and names the field of one that is not.
import { concatBytes, MOB, toHex, tokenValue } from "@fogbow/core-bytes";
import { commit, PrivateKey, randomPoint, randomScalar, ringMlsagSign } from "@fogbow/core-crypto";
import { describe, expect, test } from "vitest";
import { Case } from "./case.ts";
import { checkRingSignature } from "./ring-signatures.ts";

let calls = 0;
/** Different bytes each time, the same in every run. */
const random = (length: number): Uint8Array => new Uint8Array(length).fill(++calls);

const onetimePrivateKey = PrivateKey.random(random);
const [blinding, outputBlinding] = [randomScalar(random), randomScalar(random)];
const amount = { value: tokenValue(5n), tokenId: MOB };
const real = { targetKey: onetimePrivateKey.publicKey(), commitment: commit({ ...amount, blinding }) };
const ring = [{ targetKey: randomPoint(random), commitment: randomPoint(random) }, real];
const drawn = [1, 2, 3, 4].map(() => randomScalar(random));
const rest = drawn.values();
const message = random(40);
const signature = ringMlsagSign({
  ...amount,
  message,
  ring,
  realIndex: 1,
  onetimePrivateKey,
  blinding,
  pseudoOutputBlinding: outputBlinding,
  random: () => concatBytes(rest.next().value ?? new Uint8Array(32), new Uint8Array(32)),
});

const answer = {
  message: toHex(message),
  real_index: "1",
  onetime_private_key: toHex(onetimePrivateKey.expose()),
  value: "5",
  token_id: "0",
  input_blinding: toHex(blinding),
  output_blinding: toHex(outputBlinding),
  ring: ring.map(({ targetKey, commitment }) => ({ target_key: toHex(targetKey), commitment: toHex(commitment) })),
  random_scalars_in_draw_order: drawn.map(toHex),
  pseudo_output_commitment: toHex(commit({ ...amount, blinding: outputBlinding })),
  c_zero: toHex(signature.cZero),
  responses: signature.responses.map(toHex),
  key_image: toHex(signature.keyImage),
};

const check = (change: Partial<typeof answer>): void =>
  checkRingSignature(Case.of({ ...answer, ...change }, "the answer"));

test("a right answer passes", () => {
  check({});
});

describe("a wrong one does not, and the field is named", () => {
  const other = toHex(ring[0]?.targetKey ?? new Uint8Array());
  test.each([
    ["pseudo_output_commitment differs", { pseudo_output_commitment: other }],
    ["c_zero differs", { c_zero: other }],
    ["responses differs", { responses: [...answer.responses.slice(1), other] }],
    ["key_image differs", { key_image: other }],
    ["c_zero differs", { message: `${answer.message}00` }],
    ["c_zero differs", { random_scalars_in_draw_order: answer.random_scalars_in_draw_order.slice(1) }],
    ["not all random scalars were drawn", { random_scalars_in_draw_order: [...drawn, ...drawn].map(toHex) }],
  ])("%s", (reason, change) => {
    expect(() => check(change)).toThrow(reason);
  });

  test("a ring that is no list of objects, or misses one of theirs", () => {
    expect(() => checkRingSignature(Case.of({ ...answer, ring: ["x"] }, "the answer"))).toThrow(
      "an item of ring is not an object",
    );
    expect(() => checkRingSignature(Case.of({ ...answer, ring: [{}] }, "the answer"))).toThrow(
      "target_key is not hexadecimal",
    );
  });
});
