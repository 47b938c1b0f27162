// The games of `npm run privacy`, and how each should end.
import { mapMutants } from "../../traces/map-mutants.ts";
import { compileMutant } from "../../traces/source-mutants.ts";
import { KernelWatch, watchedEnclaves } from "../fog/kernel-watch.ts";
import type { LocalFogParts } from "../fog/local-fog.ts";
import type { Rate } from "../interval.ts";
import { playProofs } from "./real-proof.ts";
import { playRings } from "./ring-members.ts";
import { playFog, playNaive } from "./was-bob-paid.ts";

/** What came of one attacker in one game. */
export interface Played {
  readonly game: string;
  readonly against: string;
  /** Who attacks, and so what is in sight. */
  readonly attacker: string;
  readonly rate: Rate;
  /** What who sees nothing reaches; a control should be won nearly always, which shows that the attacker can. */
  readonly blind: number;
  readonly shouldWin: boolean;
}

/** Takes what came of a game. */
export type Tell = (played: Played) => void;

const BOB = "Was Bob paid in this block?";
const RINGS = "Which of two rings does this payment have?";
const PROOFS = "Which of eleven ring members is the real one, by the trees of its proofs?";
const OSCAR = "Oscar";
const EVE_IN_TIME = "Eve, without addresses";
const EVE = "Eve";

/** Rounds, of which half are for learning: of games in real time, with watched kernels, and of controls. */
const [IN_TIME, WATCHED, CONTROL] = [1_600, 600, 300];

/** Plays the games in real time, during which the machine should have nothing else to do; a seed draws the same worlds. */
export async function playInTime(seed: number, tell: Tell): Promise<void> {
  const naive = await playNaive(seed, CONTROL);
  const against = "a thin-wallet server";
  tell({ ...coin(BOB, against, OSCAR, naive.oscar), shouldWin: true });
  tell({ ...coin(BOB, against, EVE_IN_TIME, naive.eve), shouldWin: true });
  const fog = await playFog(seed, IN_TIME);
  tell(coin(BOB, "Fog", OSCAR, fog.oscar));
  tell(coin(BOB, "Fog", EVE_IN_TIME, fog.eve));

  const legacy = await playRings("legacy", { seed, rounds: CONTROL });
  tell({ ...coin(RINGS, "a host who is given the indices", OSCAR, legacy.oscar), shouldWin: true });
  tell({ ...coin(RINGS, "a host who is given the indices", EVE_IN_TIME, legacy.eve), shouldWin: true });
  const rings = await playRings("fog", { seed, rounds: IN_TIME });
  tell(coin(RINGS, "Fog", OSCAR, rings.oscar));
  tell(coin(RINGS, "Fog", EVE_IN_TIME, rings.eve));
}

/** Plays those in which every kernel is watched, and those in which time tells nothing. */
export async function playWatched(seed: number, tell: Tell): Promise<void> {
  const shipped = await watched();
  tell(coin(BOB, "Fog", EVE, (await playFog(seed, WATCHED, shipped)).eve));
  const [mutant] = mapMutants;
  if (mutant === undefined) throw new Error("There are mutants of the map.");
  const mistaken = await playFog(seed, CONTROL, await watched(await compileMutant(mutant)));
  tell({ ...coin(BOB, `Fog with a mistake: ${mutant.name}`, EVE, mistaken.eve), shouldWin: true });
  tell(coin(RINGS, "Fog", EVE, (await playRings("fog", { seed, rounds: WATCHED }, shipped)).eve));

  const { apart, together } = await playProofs(seed, CONTROL);
  const ofEleven = { game: PROOFS, attacker: "a node's host", blind: 1 / 11 };
  tell({ ...ofEleven, against: "a wallet that fetches it before the others", rate: apart, shouldWin: true });
  tell({ ...ofEleven, against: "our client", rate: together, shouldWin: false });
}

/** A game of two worlds, which should be a coin. */
function coin(game: string, against: string, attacker: string, rate: Rate): Played {
  return { game, against, attacker, rate, blind: 1 / 2, shouldWin: false };
}

/** Enclaves whose kernels are watched, of the shipped module or another. */
async function watched(wasm?: Uint8Array): Promise<LocalFogParts> {
  const watch = new KernelWatch();
  return { watch, enclaves: await watchedEnclaves(watch, wasm) };
}

/** Whether a game has ended as it should. */
export function isAsItShouldBe({ rate, blind, shouldWin }: Pick<Played, "rate" | "blind" | "shouldWin">): boolean {
  return shouldWin ? rate.low > 0.9 : rate.low <= blind && rate.high >= blind;
}
