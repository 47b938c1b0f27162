// Who reads a transaction in the clear (or its ring in the enclave of a broken platform) guesses which member is real by the
// ages of all: people spend young outputs. Nothing in the product can take that guess away; this says how good it is.
import { chooseDecoys } from "@fogbow/core-transaction";
import { chance } from "../chance.ts";
import { type Rate, rateOf } from "../interval.ts";

/** How old outputs are when they are spent, as ages in outputs of a ledger of {@link LEDGER_SIZE}. */
interface Spending {
  readonly name: string;
  readonly age: (draw: () => number) => number;
}

const LEDGER_SIZE = 1_000_000;
const PAYMENTS = 4_000;
const RING_SIZE = 11;

const SPENDINGS: readonly Spending[] = [
  { name: "evenly over all outputs", age: (draw) => draw() * LEDGER_SIZE },
  { name: "evenly over the logarithm of age, from 256 on", age: (draw) => 256 * (LEDGER_SIZE / 256) ** draw() },
  { name: "recently: half within 1 000 outputs", age: (draw) => -Math.log(1 - draw()) * (1_000 / Math.LN2) },
  { name: "at once: half within 50 outputs", age: (draw) => -Math.log(1 - draw()) * (50 / Math.LN2) },
];

/** For each way of spending, how often the best of the attacker's rules names the real member; a ring alone gives 1 in 11. */
export function guessRealInputs(
  seed: number,
): readonly { readonly name: string; readonly rule: string; readonly rate: Rate }[] {
  return SPENDINGS.map((spending) => {
    const draw = chance(seed);
    const rings = Array.from({ length: PAYMENTS }, () => ringOf(spending, draw));
    const rates = RULES.map(({ rule, guess }) => {
      const right = rings.filter(({ members, real }) => guess(members, spending, draw) === real).length;
      return { name: spending.name, rule, rate: rateOf(right, PAYMENTS) };
    });
    return rates.reduce((best, each) => (each.rate.rate > best.rate.rate ? each : best));
  });
}

interface Ring {
  /** Ages, the youngest first. */
  readonly members: readonly number[];
  readonly real: number;
}

function ringOf({ age }: Spending, draw: () => number): Ring {
  const real = Math.min(LEDGER_SIZE - 1, Math.floor(age(draw)));
  const realIndex = BigInt(LEDGER_SIZE - 1 - real);
  const random = (length: number): Uint8Array => Uint8Array.from({ length }, () => Math.floor(draw() * 256));
  const [decoys = []] = chooseDecoys({ ledgerSize: BigInt(LEDGER_SIZE), realIndexes: [realIndex], random });
  const ages = decoys.map((index) => LEDGER_SIZE - 1 - Number(index));
  return { members: [real, ...ages].sort((a, b) => a - b), real };
}

interface Rule {
  readonly rule: string;
  readonly guess: (members: readonly number[], spending: Spending, draw: () => number) => number;
}

const RULES: readonly Rule[] = [
  { rule: "the youngest", guess: (members) => members[0] as number }, // A ring has members.
  { rule: "the oldest", guess: (members) => members[members.length - 1] as number },
  { rule: "any", guess: (members, _, draw) => members[Math.floor(draw() * RING_SIZE)] as number },
  { rule: "the one whose age is likelier spent than drawn", guess: likeliest },
];

/** Bayes: the age with the largest ratio of the two densities, both counted by doublings of the age. */
function likeliest(members: readonly number[], { age }: Spending): number {
  const ratio = ratiosOf(age);
  const best = members.reduce((a, b) => ((ratio.get(classOf(b)) ?? 0) > (ratio.get(classOf(a)) ?? 0) ? b : a));
  return best;
}

const SAMPLES = 20_000;
const known = new Map<Spending["age"], ReadonlyMap<number, number>>();

function ratiosOf(age: Spending["age"]): ReadonlyMap<number, number> {
  const found = known.get(age);
  if (found !== undefined) return found;
  const draw = chance(1);
  const spent = countClasses(Array.from({ length: SAMPLES }, () => Math.min(LEDGER_SIZE - 1, Math.floor(age(draw)))));
  const classes = Math.log2(LEDGER_SIZE / 256);
  // Decoys: the newest 256 are one class of ages, every doubling after them another.
  const drawn = (each: number): number => (each < 8 ? 2 ** each / 256 : 1) / (classes + 1);
  const ratios = new Map([...spent].map(([each, count]) => [each, count / SAMPLES / drawn(each)]));
  known.set(age, ratios);
  return ratios;
}

const classOf = (age: number): number => Math.floor(Math.log2(age + 1));

function countClasses(ages: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const age of ages) counts.set(classOf(age), (counts.get(classOf(age)) ?? 0) + 1);
  return counts;
}
