// Half of the seeds that every `npm test` runs: the odd ones. See seeds-even.test.ts.
import { describeSeeds } from "./describe-seeds.ts";

describeSeeds("networks of odd seeds keep every promise", 1);
