// Which outputs of the ledger hide the ones that are spent.
//
// People spend young outputs more often than old ones. Were decoys drawn uniformly, the youngest member of a ring would
// mostly be the real one: Möser et al., "An Empirical Analysis of Traceability in the Monero Blockchain" (PoPETs 2018,
// §5), found it so in most rings of the time, and found the age of spent outputs to spread widely over the *logarithm*
// of time. So decoys here are spread evenly over the logarithm of age, counted in outputs: the newest 256 outputs are
// as likely together as the 256 before them, the 512 before those, the 1 024 before those … up to the oldest. Counting
// in outputs needs no clock, and drawing by integers gives the same decoys in every engine.
//
// What it cannot hide: whoever knows better than this how old the outputs of a wallet are when it spends them can weigh
// the members of a ring against each other, so eleven members hide less than eleven equals would. A decoy that is known
// to be spent elsewhere, or that the observer owns, hides nothing. Wallets that draw otherwise can be told from this
// one. And decoys drawn anew for the same payment give the real output away as the one that stays: keep them until the
// payment is settled, or the seed and the size of the ledger that they were drawn with.
import type { Random } from "@fogbow/core-bytes";
import { TransactionError } from "../error.ts";
import { RING_SIZE } from "../validation/constants.ts";

/** What decoys are drawn for. */
export interface DecoyDraw {
  /** How many outputs the ledger holds. */
  readonly ledgerSize: bigint;
  /** Where the outputs that are spent are in the ledger: one for each ring. */
  readonly realIndexes: readonly bigint[];
  /** What else not to draw: the rings of offers that the transaction fills, as their makers cannot know these. */
  readonly excluded?: readonly bigint[];
  readonly random: Random;
}

/** Decoys for a ring besides the real output. */
const DECOYS = RING_SIZE - 1;

/** The newest outputs are drawn uniformly: one block holds many, and nobody spends within it. */
const NEWEST_OUTPUTS = 256n;

/** How often an output that is taken already is drawn anew before its older neighbour is taken. */
const DRAWS_MAX = 32;

/**
 * Ten places in the ledger for each ring, in the order of `realIndexes`; no place twice in the transaction. Throws
 * `ledger-too-small` when there are not enough outputs or a real one is not among them, `duplicate-ring-elements` when
 * two are the same.
 */
export function chooseDecoys({ ledgerSize, realIndexes, excluded = [], random }: DecoyDraw): bigint[][] {
  if (new Set(realIndexes).size !== realIndexes.length) {
    throw new TransactionError("duplicate-ring-elements", "An output can be spent once in a transaction.");
  }
  if (realIndexes.some((index) => index < 0n || index >= ledgerSize)) {
    throw new TransactionError("ledger-too-small", "An output that is to be spent is not in the ledger.");
  }
  const taken = new Set([...realIndexes, ...excluded]);
  if (ledgerSize < BigInt(taken.size + realIndexes.length * DECOYS)) {
    throw new TransactionError("ledger-too-small", "The ledger holds fewer outputs than the rings need.");
  }
  return realIndexes.map(() =>
    Array.from({ length: DECOYS }, () => {
      const index = drawFree(ledgerSize, taken, random);
      taken.add(index);
      return index;
    }),
  );
}

function drawFree(ledgerSize: bigint, taken: ReadonlySet<bigint>, random: Random): bigint {
  let index = drawIndex(ledgerSize, random);
  for (let draws = 1; draws < DRAWS_MAX && taken.has(index); draws++) {
    index = drawIndex(ledgerSize, random);
  }
  while (taken.has(index)) {
    index = index === 0n ? ledgerSize - 1n : index - 1n; // Ends: more outputs than can be taken were asked for.
  }
  return index;
}

/** A class of ages, then an age in it. The last class ends with the oldest output. */
function drawIndex(ledgerSize: bigint, random: Random): bigint {
  const ends = ageClassEnds(ledgerSize);
  const chosen = Number(below(BigInt(ends.length), random));
  const from = chosen === 0 ? 0n : (ends[chosen - 1] as bigint); // Within the list, like the next one.
  const age = from + below((ends[chosen] as bigint) - from, random);
  return ledgerSize - 1n - age;
}

/** Where each class of ages ends, the end not included: 256, 512, 1 024 … A remainder below a class's size joins it. */
function ageClassEnds(ledgerSize: bigint): bigint[] {
  const ends: bigint[] = [];
  for (let end = NEWEST_OUTPUTS; end * 2n <= ledgerSize; end *= 2n) {
    ends.push(end);
  }
  return [...ends, ledgerSize];
}

/** A uniform number below `bound`: 128 random bits leave a bias below 2⁻⁶⁴ for a bound of 64 bits. */
function below(bound: bigint, random: Random): bigint {
  let wide = 0n;
  for (const byte of random(16)) {
    wide = wide * 256n + BigInt(byte);
  }
  return wide % bound;
}
