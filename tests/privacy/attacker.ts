// A program that learns to tell two worlds apart by what it sees of them: half of the trials come with the answer, the other
// half it guesses. It knows nothing of the protocol, so that it cannot overlook what its author did not think of: any number
// or name that is in sight is a clue, by its value (naive Bayes, with counts of one added) and by being above or below the
// middle of all. The clues that did best on the known half decide together.
import { type Rate, rateOf } from "./interval.ts";

/** What is in sight in one trial: clues by their names. A clue that is missing in a trial is a clue too. */
export type Sight = Readonly<Record<string, string | number>>;

/** One trial: which world it was, and what was seen. */
export interface Trial {
  readonly world: boolean;
  readonly sight: Sight;
}

/** How often each value of a clue was seen in each world. */
type Counts = Map<string, [no: number, yes: number]>;

/** Learns from the first half of the trials and guesses the second half. */
export function attack(trials: readonly Trial[]): Rate {
  const half = Math.floor(trials.length / 2);
  const [known, unknown] = [trials.slice(0, half), trials.slice(half)];
  const judge = learn(known);
  const right = unknown.filter(({ world, sight }) => judge(sight) === world).length;
  return rateOf(right, unknown.length);
}

/** So many clues decide: one that tells is not outvoted by hundreds that do not. */
const CLUES = 5;

/** A clue, and how much each of its values speaks for the second world. */
interface Clue {
  readonly weigh: (sight: Sight) => number;
  /** Trials of the known half that it alone gets right. */
  readonly right: number;
}

function learn(trials: readonly Trial[]): (sight: Sight) => boolean {
  const names = [...new Set(trials.flatMap(({ sight }) => Object.keys(sight)))];
  const clues = names.map((name) => clueOf(name, trials)).sort((a, b) => b.right - a.right);
  const chosen = clues.slice(0, CLUES);
  return (sight) => chosen.reduce((logOdds, { weigh }) => logOdds + weigh(sight), 0) > 0;
}

function clueOf(name: string, trials: readonly Trial[]): Clue {
  const middle = medianOf(trials.map(({ sight }) => sight[name]));
  const counts: Counts = new Map();
  for (const { world, sight } of trials) {
    for (const value of valuesOf(sight[name], middle)) {
      const count = counts.get(value) ?? [0, 0];
      count[world ? 1 : 0] += 1;
      counts.set(value, count);
    }
  }
  const weigh = (sight: Sight, without?: boolean): number =>
    valuesOf(sight[name], middle).reduce((logOdds, value) => {
      const [no, yes] = counts.get(value) ?? [0, 0];
      // A trial says nothing about itself: a clue that never comes twice would know all of the known half by heart.
      return logOdds + Math.log((yes + (without === true ? 0 : 1)) / (no + (without === false ? 0 : 1)));
    }, 0);
  const right = trials.filter(({ world, sight }) => {
    const logOdds = weigh(sight, world);
    return logOdds !== 0 && logOdds > 0 === world;
  });
  return { weigh, right: right.length };
}

/** A clue as it is, and on which side of the middle. */
function valuesOf(value: string | number | undefined, middle: number): string[] {
  return typeof value === "number" ? [`=${value}`, value > middle ? "above" : "below"] : [`=${value}`];
}

function medianOf(values: readonly (string | number | undefined)[]): number {
  const numbers = values.filter((value) => typeof value === "number").sort((a, b) => a - b);
  return numbers[numbers.length >> 1] ?? 0;
}
