// All scenarios that have a name.
import { MOBILECOIN } from "./mobilecoin.ts";
import type { Scenario } from "./scenario.ts";

/** In the order in which they are run. */
export const NAMED_SCENARIOS: readonly Scenario[] = [MOBILECOIN];
