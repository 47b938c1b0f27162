// Half of the seeds that every `npm test` runs: the even ones. Two files, so that two threads share them.
import { describeSeeds } from "./describe-seeds.ts";

describeSeeds("networks of even seeds keep every promise", 2);
