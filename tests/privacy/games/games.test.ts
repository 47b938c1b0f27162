// The games themselves, in few rounds: the controls are won, and a wallet finds its money in all that is played.
import { expect, test } from "vitest";
import { KernelWatch, watchedEnclaves } from "../fog/kernel-watch.ts";
import { rateOf } from "../interval.ts";
import { isAsItShouldBe } from "./all-games.ts";
import { playProofs } from "./real-proof.ts";
import { playRings } from "./ring-members.ts";
import { playFog, playNaive } from "./was-bob-paid.ts";

const SEED = 3;

test("against a thin-wallet server the attacker always wins, by lengths alone", async () => {
  const { oscar, eve } = await playNaive(SEED, 80);
  expect([oscar.successes, eve.successes]).toEqual([40, 40]);
});

test("against Fog, with every kernel watched, it does not; and against plain indices it does", async () => {
  const watch = new KernelWatch();
  const parts = { watch, enclaves: await watchedEnclaves(watch) };
  const { eve } = await playFog(SEED, 30, parts);
  expect(eve.successes).toBeLessThan(15);
  const legacy = await playRings("legacy", { seed: SEED, rounds: 40 });
  expect(legacy.eve.successes).toBe(20);
  const fog = await playRings("fog", { seed: SEED, rounds: 40 }, parts);
  expect(fog.eve.successes).toBeLessThan(20);
}, 300_000);

test("proofs that are fetched apart name the real input, and those that are fetched together do not", async () => {
  const { apart, together } = await playProofs(SEED, 20);
  expect(apart.successes).toBe(20);
  expect(together.successes).toBeLessThan(14);
}, 300_000);

test("a control that is not won is wrong, and so is anything else that is", () => {
  const of = (rate: ReturnType<typeof rateOf>, shouldWin: boolean): boolean =>
    isAsItShouldBe({ rate, blind: 1 / 2, shouldWin });
  expect([of(rateOf(500, 500), true), of(rateOf(260, 500), true)]).toEqual([true, false]);
  expect([of(rateOf(260, 500), false), of(rateOf(350, 500), false), of(rateOf(150, 500), false)]).toEqual([
    true,
    false,
    false,
  ]);
});
