// Keys that are changed: egress keys because they have served their number of outputs, ingress keys because operators say so.
import { append, plan } from "../model/actions.ts";
import type { Scenario } from "./scenario.ts";

const TWICE_EACH = "0:1 1:1 2:1 3:1 4:1 0:2 1:2 2:2 3:2 4:2";

/** An egress key serves 16 outputs, so that blocks begin with one and end with another. */
export const ROTATION: Scenario = {
  name: "rotation",
  about: "egress keys that serve sixteen outputs, a restart of ingest, two ingress keys at once, and the end of one",
  userCapacity: 16,
  steps: [
    {
      name: "first-key",
      actions: [
        { do: "start", node: 1 },
        { do: "window", node: 1, blocks: 2 },
        { do: "activate", node: 1 },
        { do: "use-key", node: 1 },
        plan(TWICE_EACH),
        ...append("ingest", "ledger"),
      ],
    },
    { name: "full", actions: [plan(TWICE_EACH, "b1[0] b1[5]"), ...append("ingest", "ledger")] },
    {
      name: "block-of-many",
      actions: [plan(`${TWICE_EACH} ${TWICE_EACH}`, "b2[1] b2[2]"), ...append("ledger", "ingest")],
    },
    {
      name: "restarted",
      actions: [{ do: "stop", node: 1 }, { do: "start", node: 1 }, plan("0:9 4:9", "b3[0]"), ...append("ingest")],
    },
    {
      // The old key's promise holds: its node goes on beside the new one.
      name: "two-keys",
      actions: [
        { do: "start", node: 2 },
        { do: "activate", node: 2 },
        { do: "retire", node: 1 },
        plan("1:6 2:6", "b3[14]"),
        { do: "use-key", node: 2 },
        ...append("ledger", "ingest", "ledger"),
      ],
    },
    { name: "new-key", actions: [plan("0:4 3:4", "b4[0] b5[0]"), ...append("ingest", "ledger")] },
    { name: "old-key-over", actions: [plan("2:8", "b6[0]"), ...append("ledger", "ingest")] },
    { name: "only-new", actions: [plan("2:1", "b7[0]"), ...append("ingest", "ledger")] },
  ],
};
