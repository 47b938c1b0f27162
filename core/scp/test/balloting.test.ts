// From where a confirmed ballot is committed (spec 05 §1.6, step 5), against trying every counter.
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Ballot, compareBallots, isAborted, ZERO_BALLOT } from "../src/index.ts";
import { lowestToCommit } from "../src/slot/balloting.ts";
import { ballots } from "./topics.ts";

const prepared = fc
  .tuple(fc.option(ballots, { nil: undefined }), fc.option(ballots, { nil: undefined }))
  .map(([p, pp]) => ({ p, pp: pp !== undefined && isAborted(pp, p) ? pp : undefined })); // Always so in a slot.

test("a commit vote begins at the lowest ballot that is not below the current one and that nothing excludes", () => {
  fc.assert(
    fc.property(prepared, ballots, fc.oneof(ballots, fc.constant(ZERO_BALLOT)), ({ p, pp }, confirmed, b) => {
      const isFree = (ballot: Ballot): boolean => !isAborted(ballot, p) && !isAborted(ballot, pp);
      const counters = Array.from({ length: confirmed.n }, (_, i) => ({ n: i + 1, x: confirmed.x }));
      const lowest = counters.find((ballot) => compareBallots(ballot, b) >= 0 && isFree(ballot));
      expect(lowestToCommit({ p, pp }, confirmed, b)).toEqual(isFree(confirmed) ? lowest : undefined);
    }),
    { numRuns: 3_000 },
  );
});
