// The games of `npm run privacy`, and how each should end.
import { mapMutants } from "../../traces/map-mutants.ts";
import { compileMutant } from "../../traces/source-mutants.ts";
import { KernelWatch, watchedEnclaves } from "../fog/kernel-watch.ts";
import type { LocalFogParts } from "../fog/local-fog.ts";
import type { Rate } from "../interval.ts";
import { playRings } from "./ring-members.ts";
import { playFog, playNaive } from "./was-bob-paid.ts";

/** What came of one attacker in one game. */
export interface Played {
  readonly game: string;
  readonly against: string;
  /** Who attacks, and so what is in sight. */
  readonly attacker: string;
  readonly rate: Rate;
  /** Controls are won: they show that the attacker can. */
  readonly shouldWin: boolean;
}

const BOB = "was Bob paid in this block?";
const RINGS = "which of two rings does this payment have?";
const OSCAR = "Oscar";
const EVE_IN_TIME = "Eve without addresses, in real time";
const EVE = "Eve with every address";

/** Rounds, of which half are for learning: of games in real time, with watched kernels, and of controls. */
const [IN_TIME, WATCHED, CONTROL] = [1_600, 600, 300];

/** Plays them all, and tells of each; the same seed draws the same worlds. */
export async function playAll(seed: number, tell: (played: Played) => void): Promise<void> {
  const bob = (against: string, attacker: string, rate: Rate, shouldWin = false): void =>
    tell({ game: BOB, against, attacker, rate, shouldWin });
  const rings = (against: string, attacker: string, rate: Rate, shouldWin = false): void =>
    tell({ game: RINGS, against, attacker, rate, shouldWin });

  const naive = await playNaive(seed, CONTROL);
  bob("a thin-wallet server", OSCAR, naive.oscar, true);
  bob("a thin-wallet server", EVE_IN_TIME, naive.eve, true);
  const inTime = await playFog(seed, IN_TIME);
  bob("Fog", OSCAR, inTime.oscar);
  bob("Fog", EVE_IN_TIME, inTime.eve);
  const shipped = await watched();
  bob("Fog", EVE, (await playFog(seed, WATCHED, shipped)).eve);
  const [mutant] = mapMutants;
  if (mutant === undefined) throw new Error("There are mutants of the map.");
  const mistaken = await playFog(seed, CONTROL, await watched(await compileMutant(mutant)));
  bob(`Fog with a mistake in its map (${mutant.name})`, EVE, mistaken.eve, true);

  const legacy = await playRings("legacy", { seed, rounds: CONTROL });
  rings("a host who is given the indices", OSCAR, legacy.oscar, true);
  rings("a host who is given the indices", EVE_IN_TIME, legacy.eve, true);
  const ringsInTime = await playRings("fog", { seed, rounds: IN_TIME });
  rings("Fog", OSCAR, ringsInTime.oscar);
  rings("Fog", EVE_IN_TIME, ringsInTime.eve);
  rings("Fog", EVE, (await playRings("fog", { seed, rounds: WATCHED }, shipped)).eve);
}

/** Enclaves whose kernels are watched, of the shipped module or another. */
async function watched(wasm?: Uint8Array): Promise<LocalFogParts> {
  const watch = new KernelWatch();
  return { watch, enclaves: await watchedEnclaves(watch, wasm) };
}

/** Whether a game has ended as it should: a control is won nearly always, and everything else is a coin. */
export function isAsItShouldBe({ rate, shouldWin }: Pick<Played, "rate" | "shouldWin">): boolean {
  return shouldWin ? rate.low > 0.9 : rate.low <= 0.5 && rate.high >= 0.5;
}
