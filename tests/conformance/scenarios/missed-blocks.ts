// Blocks that no ingest node scanned: some that are there already, some that Fog Ledger has not got yet, some that never come.
import { append, plan } from "../model/actions.ts";
import type { Scenario } from "./scenario.ts";

/** Two keys are lost, one after the other. */
export const MISSED_BLOCKS: Scenario = {
  name: "missed-blocks",
  about: "keys are lost with blocks on their way: wallets download what nobody scanned, and count nothing twice",
  steps: [
    {
      name: "before",
      actions: [
        { do: "start", node: 1 },
        { do: "window", node: 1, blocks: 3 },
        { do: "activate", node: 1 },
        { do: "use-key", node: 1 },
        plan("0:10 1:20 2:30 3:40"),
        ...append("ingest", "ledger"),
        plan("0:1 4:2", "b1[1]"),
        ...append("ingest", "ledger"),
      ],
    },
    {
      name: "unscanned",
      actions: [
        { do: "stop", node: 1 },
        { do: "forget", node: 1 },
        plan("0:5 1:5 2:5", "b1[0]"),
        ...append("ledger"),
        plan("3:7 4:7", "b1[2]"),
        ...append("ledger", "ingest", "ingest"),
      ],
    },
    {
      // Both blocks count as missed, and both are there to be downloaded.
      name: "reported",
      actions: [
        { do: "start", node: 1 },
        { do: "activate", node: 1 },
        { do: "report-lost", node: 1 },
        { do: "use-key", node: 1 },
        plan("0:3 1:3", "b3[1] b4[0]"),
        ...append("ingest"),
      ],
    },
    { name: "after", actions: append("ledger") },
    {
      // The range reaches past the end of the chain: its blocks are scanned with the new key, and downloaded too.
      name: "lost-again",
      actions: [
        { do: "stop", node: 1 },
        { do: "forget", node: 1 },
        { do: "start", node: 1 },
        { do: "activate", node: 1 },
        { do: "report-lost", node: 1 },
        { do: "use-key", node: 1 },
        plan("0:100 1:100", "b5[0]"),
        ...append("ingest"),
      ],
    },
    { name: "twice-there", actions: append("ledger") },
    {
      name: "spent-again",
      actions: [plan("2:50 4:50", "b6[0] b3[2]"), ...append("ledger", "ingest"), { do: "restart-view" }],
    },
  ],
};
