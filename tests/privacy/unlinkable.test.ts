// What everybody sees of Fog's hints and search keys tells nothing: the attacker of the games is given them byte by byte, beside what
// two of them have in common, and does no better than a coin.
import { publicAddress } from "@fogbow/core-account";
import { PrivateKey, type PublicKey } from "@fogbow/core-crypto";
import { decoyFogHint, encryptFogHint } from "@fogbow/core-transaction";
import { createKernel } from "@fogbow/kernel";
import { describe, expect, test } from "vitest";
import { attack, type Sight, type Trial } from "./attacker.ts";
import { chance } from "./chance.ts";
import { Person } from "./fog/person.ts";
import { randomFrom } from "./fog/random.ts";

const random = randomFrom("unlinkable");
const ingressKey = PrivateKey.random(random);
const PEOPLE = 8;
const people = Array.from(
  { length: PEOPLE },
  (_, i) => publicAddress(new Person(`somebody ${i}`).account).viewPublicKey,
);
/** A hint for one of them. */
const hintFor = (i: number): Uint8Array => encryptFogHint(ingressKey.publicKey(), people[i] as PublicKey, random);

const bytesOf = (name: string, bytes: Uint8Array): Sight =>
  Object.fromEntries([
    [`${name} bytes`, bytes.length],
    ...[...bytes].map((byte, i) => [`${name}[${i}]`, byte] as const),
  ]);

function play(rounds: number, sightOf: (world: boolean, draw: () => number) => Sight) {
  const draw = chance(5);
  const trials = Array.from({ length: rounds }, (): Trial => {
    const world = draw() < 0.5;
    return { world, sight: sightOf(world, draw) };
  });
  return attack(trials);
}

describe("hints", () => {
  const ROUNDS = 2_000;
  const real = (draw: () => number): Uint8Array => hintFor(Math.floor(draw() * PEOPLE));

  test("of outputs to users of Fog are not told from those of others", () => {
    const { low, high } = play(ROUNDS, (world, draw) => bytesOf("hint", world ? real(draw) : decoyFogHint(random)));
    expect(low).toBeLessThan(0.5);
    expect(high).toBeGreaterThan(0.5);
  });

  test("that were made otherwise are told", () => {
    const random84 = (): Uint8Array => random(84);
    const { low } = play(ROUNDS, (world, draw) => bytesOf("hint", world ? real(draw) : random84()));
    expect(low).toBeGreaterThan(0.9);
  });
});

describe("search keys", () => {
  const OUTPUTS = 2_048;
  const KEY_BYTES = 16;

  /** Search keys of so many outputs, each to one of these people, under one egress key and then under the next. */
  function searchKeys(of: (i: number) => number): Uint8Array[] {
    const ingest = createKernel().fog.createIngest({ capacity: OUTPUTS, seed: random(32) });
    const hints = new Uint8Array(Buffer.concat(Array.from({ length: OUTPUTS }, (_, i) => hintFor(of(i)))));
    const records = Array.from({ length: OUTPUTS }, () => new Uint8Array(187));
    return [1, 2].flatMap(() => {
      const { searchKeys: keys } = ingest.process(ingressKey.expose(), hints, records);
      ingest.renew(random(32));
      return Array.from({ length: OUTPUTS }, (_, i) => keys.slice(i * KEY_BYTES, (i + 1) * KEY_BYTES));
    });
  }

  test("never come twice, for one user or many, also when the egress key changes", () => {
    for (const of of [() => 0, (i: number) => i % PEOPLE]) {
      const keys = searchKeys(of).map((key) => Buffer.from(key).toString("hex"));
      expect(new Set(keys).size).toBe(2 * OUTPUTS);
    }
  });

  test("are as likely to have each bit as not", () => {
    const keys = searchKeys(() => 0);
    for (let bit = 0; bit < 8 * KEY_BYTES; bit++) {
      const ones = keys.filter((key) => ((key[bit >> 3] as number) >> (bit & 7)) & 1).length;
      // Five and a half standard deviations, which 128 bits leave by chance once in some 200 000 runs.
      expect(Math.abs(ones - OUTPUTS), `bit ${bit}`).toBeLessThan(5.5 * Math.sqrt(OUTPUTS / 2));
    }
  });

  test("of one user are not told from those of two", () => {
    const keys = searchKeys((i) => i % PEOPLE);
    const pair = (a: Uint8Array, b: Uint8Array): Sight => ({
      ...bytesOf("first", a),
      ...bytesOf("second", b),
      ...bytesOf(
        "both",
        a.map((byte, i) => byte ^ (b[i] as number)),
      ),
    });
    const { low, high } = play(OUTPUTS, (world, draw) => {
      // Of the person of an output, or of the next one.
      const i = Math.floor(draw() * (keys.length - 2 * PEOPLE));
      const other = keys[i + PEOPLE + (world ? 0 : 1)];
      return pair(keys[i] as Uint8Array, other as Uint8Array);
    });
    expect(low).toBeLessThan(0.5);
    expect(high).toBeGreaterThan(0.5);
  });
});
