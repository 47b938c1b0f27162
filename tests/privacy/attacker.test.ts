// The games are worth as much as the attacker that plays them: it wins where there is something to see, and not elsewhere.
import { expect, test } from "vitest";
import { attack, type Sight } from "./attacker.ts";
import { chance } from "./chance.ts";
import { rateOf } from "./interval.ts";

const SEED = 7;

function play(rounds: number, sightOf: (world: boolean, draw: () => number) => Sight) {
  const draw = chance(SEED);
  return attack(
    Array.from({ length: rounds }, () => {
      const world = draw() < 0.5;
      return { world, sight: sightOf(world, draw) };
    }),
  );
}

test("a size that tells is found among many that do not", () => {
  const noise = (draw: () => number) =>
    Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`n${i}`, Math.floor(draw() * 9)]));
  const { low } = play(400, (world, draw) => ({ ...noise(draw), size: world ? 255 : 250 }));
  expect(low).toBeGreaterThan(0.9);
});

test("a size that tells is found among many clues that never come twice", () => {
  const noise = (draw: () => number) => Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`n${i}`, draw()]));
  const { low } = play(400, (world, draw) => ({ ...noise(draw), size: world ? 255 : 250 }));
  expect(low).toBeGreaterThan(0.9);
});

test("a clue that is there in one world only is a clue", () => {
  expect(play(200, (world) => (world ? { extra: 1 } : {})).low).toBeGreaterThan(0.9);
});

test("a time that is a little later mostly is found", () => {
  expect(play(2_000, (world, draw) => ({ ms: draw() + (world ? 0.5 : 0) })).low).toBeGreaterThan(0.6);
});

test("nothing to see is a coin", () => {
  const { low, high } = play(2_000, (_, draw) => ({ size: 255, place: Math.floor(draw() * 1_000), ms: draw() }));
  expect(low).toBeLessThan(0.5);
  expect(high).toBeGreaterThan(0.5);
});

test("the interval holds the rate, and is narrower with more trials", () => {
  const few = rateOf(60, 100);
  const many = rateOf(6_000, 10_000);
  expect(few.low).toBeLessThan(0.6);
  expect(few.high).toBeGreaterThan(0.6);
  expect(many.high - many.low).toBeLessThan((few.high - few.low) / 9);
  expect(rateOf(100, 100).high).toBeLessThanOrEqual(1);
});
