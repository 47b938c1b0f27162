// Runs before every test file: gives all property tests the seed in FOGBOW_SEED, a whole number, when there is one.
// fast-check prints the seed of a failure, whether it was given or drawn.
import fc from "fast-check";

const seed = process.env.FOGBOW_SEED;
if (seed !== undefined) fc.configureGlobal({ seed: Number(seed) });
