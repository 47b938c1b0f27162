// All scenarios that have a name.
import { MISSED_BLOCKS } from "./missed-blocks.ts";
import { MOBILECOIN } from "./mobilecoin.ts";
import { ROTATION } from "./rotation.ts";
import type { Scenario } from "./scenario.ts";
import { VIEW_ROLL_OVER } from "./view-roll-over.ts";

/** In the order in which they are run. */
export const NAMED_SCENARIOS: readonly Scenario[] = [MOBILECOIN, MISSED_BLOCKS, ROTATION, VIEW_ROLL_OVER];
