// Stores that are replaced while wallets are at work: view by one beside it, both by themselves after a restart.
import { append, plan } from "../model/actions.ts";
import type { Scenario } from "./scenario.ts";

/** Each lag of a ledger meets a store that begins anew. */
export const VIEW_ROLL_OVER: Scenario = {
  name: "view-roll-over",
  about: "another view store and router take over while either ledger lags; the key-image store begins anew",
  steps: [
    {
      name: "before",
      actions: [
        { do: "start", node: 1 },
        { do: "activate", node: 1 },
        { do: "use-key", node: 1 },
        plan("0:10 0:1 1:20 2:30 3:40 4:50"),
        ...append("ingest", "ledger"),
        plan("0:2 1:3", "b1[0] b1[2]"),
        ...append("ingest", "ledger"),
      ],
    },
    {
      name: "view-ahead",
      actions: [plan("0:4 1:4 4:4", "b2[0] b1[5]"), ...append("ingest"), { do: "replace-view" }],
    },
    { name: "together", actions: [{ do: "restart-ledger" }, ...append("ledger")] },
    {
      name: "ledger-ahead",
      actions: [plan("2:6 3:6", "b3[0] b1[3]"), ...append("ledger"), { do: "replace-view" }, { do: "restart-ledger" }],
    },
    { name: "caught-up", actions: [...append("ingest"), { do: "restart-view" }] },
  ],
};
