// The games of `npm run privacy`, and how each should end.

import { mapMutants } from "../../traces/map-mutants.ts";
import { compileMutant } from "../../traces/source-mutants.ts";
import { KernelWatch, watchedEnclaves } from "../fog/kernel-watch.ts";
import type { Rate } from "../interval.ts";
import { playRings } from "./ring-members.ts";
import { playFog, playNaive } from "./was-bob-paid.ts";

/** What came of one attacker in one game. */
export interface Played {
  readonly game: string;
  readonly against: string;
  /** Who attacks, which says what is in sight. */
  readonly attacker: "Oscar" | "Eve";
  readonly rate: Rate;
  /** Controls are won: they show that the attacker can. */
  readonly shouldWin: boolean;
}

/** Rounds of each game, of which half are for learning. */
export interface Rounds {
  readonly bob: number;
  readonly rings: number;
}

const BOB = "was Bob paid in this block?";
const RINGS = "which of two rings is this payment's?";

/** Plays them all; the same seed draws the same worlds. */
export async function playAll(seed: number, rounds: Rounds, onPlayed: (played: Played) => void): Promise<void> {
  const tell = (
    game: string,
    against: string,
    shouldWin: boolean,
    rates: { readonly oscar: Rate; readonly eve: Rate },
  ) => {
    onPlayed({ game, against, attacker: "Oscar", rate: rates.oscar, shouldWin });
    onPlayed({ game, against, attacker: "Eve", rate: rates.eve, shouldWin });
  };
  tell(BOB, "a thin-wallet server", true, await playNaive(seed, rounds.bob));
  const watch = new KernelWatch();
  const shipped = { watch, enclaves: await watchedEnclaves(watch) };
  tell(BOB, "Fog", false, await playFog(seed, rounds.bob, shipped));
  const [mutant] = mapMutants;
  if (mutant === undefined) throw new Error("There are mutants of the map.");
  const mistaken = { watch, enclaves: await watchedEnclaves(watch, await compileMutant(mutant)) };
  const { eve } = await playFog(seed, rounds.bob, mistaken);
  onPlayed({ game: BOB, against: `Fog in which ${mutant.name}`, attacker: "Eve", rate: eve, shouldWin: true });
  const rings = await playRings(seed, rounds.rings, shipped);
  tell(RINGS, "plain indices for the host", true, rings.legacy);
  tell(RINGS, "Fog", false, rings.fog);
}

/** Whether a game has ended as it should: a control is won nearly always, and everything else is a coin. */
export function isAsItShouldBe({ rate, shouldWin }: Played): boolean {
  return shouldWin ? rate.low > 0.9 : rate.low <= 0.5 && rate.high >= 0.5;
}
