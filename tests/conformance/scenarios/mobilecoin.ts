// The named steps of MobileCoin's conformance suite (spec 03 §9.4), with their balances as they stand there.
import { type Action, append, type LedgerName, plan } from "../model/actions.ts";
import { expectation, orNothingYet } from "../model/expectation.ts";
import type { Scenario, Step } from "./scenario.ts";

const BOTH: readonly LedgerName[] = ["ingest", "ledger"];

/** A step with the five accounts' balances; a text without eventual counts has those of the first. */
function step(name: string, actions: readonly Action[], ...texts: readonly string[]): Step {
  const [first = ""] = texts;
  const counts = /\[.*\]$/.exec(first)?.[0] ?? "";
  return { name, actions, expected: texts.map((text) => expectation(text.endsWith("]") ? text : `${text} ${counts}`)) };
}

/** A step in which wallets may also know nothing yet. */
function withNothingYet(each: Step): Step {
  return { ...each, expected: (each.expected ?? []).map(orNothingYet) };
}

const NOTHING = "0:0 1:0 [0,1]";
const EACH = (amount: number): string => [0, 1, 2, 3, 4].map((account) => `${account}:${amount}`).join(" ");
const FROM_5A: readonly string[] = ["5:10 [5]", "5:6 [5]", "5:0 6:9 [5,6]", "5:0 6:9 [5,6]", "5:0 6:9 [5,6]"];
const FROM_11: readonly string[] = ["11:17 12:19", "11:15 12:20", "11:7 12:12", "11:7 12:12", "11:16 12:21"];

const PREPARATION: readonly Action[] = [
  { do: "start", node: 1 },
  { do: "window", node: 1, blocks: 1 },
  { do: "activate", node: 1 },
  { do: "use-key", node: 1 },
];

const ROTATION: readonly Action[] = [
  { do: "start", node: 2 },
  { do: "activate", node: 2 },
  { do: "retire", node: 1 },
  { do: "use-key", node: 2 },
];

/** All of them, in their order. */
export const MOBILECOIN: Scenario = {
  name: "mobilecoin",
  about: "the named steps of MobileCoin's suite: lags of either ledger, rotation, a restart of view, a lost key",
  steps: [
    step("from1", PREPARATION, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING),
    withNothingYet(
      step("from2", [plan("0:15 0:4 1:9 3:17 4:27"), ...append(...BOTH)], "2:19 [2]", "2:9", "2:0", "2:17", "2:27"),
    ),
    step(
      "from3",
      [plan("3:19 4:2", "b1[0] b1[2] b1[4]"), ...append(...BOTH)],
      ...["2:19 3:4 [3]", "2:9 3:0", "2:0 3:0", "2:17 3:36", "2:27 3:2"],
    ),
    step(
      "from3a",
      [plan("0:1 1:1 2:1 3:3 4:1", "b2[0] b2[1]"), ...append("ingest")],
      ...["3:4 [3]", "3:0 4:1 [3,4]", "3:0 4:1 [3,4]", "3:36 [3]", "3:2 [3]"],
    ),
    step("from4", append("ledger"), "3:4 4:5 [4]", "3:0 4:1", "3:0 4:1", "3:36 4:20", "3:2 4:1"),
    step(
      "from4a",
      [plan("0:7 0:3 1:2 1:4", "b3[0] b3[1] b3[2] b3[3] b3[4] b1[1] b1[3]"), ...append("ledger")],
      ...["4:5 [4]", "4:1", "4:1", "4:20", "4:1"],
    ),
    step("from5", append("ingest"), "4:5 5:10 [5]", "4:1 5:6", "4:1 5:0", "4:20 5:0", "4:1 5:0"),
    step("from5a", [plan(EACH(9), "b4[0] b4[3]"), ...append("ingest")], ...FROM_5A),
    step("from6a", [plan(EACH(1), "b4[2] b5[3]"), ...append("ingest")], ...FROM_5A),
    step("from6b", append("ledger"), "5:10 6:12 [6]", "5:6 6:11", "5:0 6:9", "5:0 6:9", "5:0 6:9"),
    step("from7a", [plan("4:4", "b5[2]"), ...append("ingest")], "6:12 [6]", "6:11", "6:9", "6:9", "6:9"),
    step("from7b", append("ledger"), "6:12 7:13 [7]", "6:11 7:10", "6:9 7:10", "6:9 7:1", "6:9 7:10"),
    step("from7c", append("ledger"), "7:13 8:13 [8]", "7:10 8:10", "7:10 8:1", "7:1 8:1", "7:10 8:14"),
    step(
      "from8",
      [...ROTATION, plan(EACH(2), "b7[0]"), ...append(...BOTH)],
      ...["8:13 9:15 [9]", "8:10 9:12", "8:1 9:3", "8:1 9:3", "8:14 9:12"],
    ),
    step(
      "from9",
      [plan(EACH(1), "b8[0]"), ...append(...BOTH)],
      ...["9:15 10:14 [10]", "9:12 10:13", "9:3 10:4", "9:3 10:4", "9:12 10:13"],
    ),
    withNothingYet(step("from10a", [{ do: "restart-view" }], "10:14 [10]", "10:13", "10:4", "10:4", "10:13")),
    step(
      "from10b",
      [plan(EACH(3), "b9[1]"), ...append(...BOTH)],
      ...["10:14 11:17 [11]", "10:13 11:15", "10:4 11:7", "10:4 11:7", "10:13 11:16"],
    ),
    step(
      "from11a",
      [{ do: "stop", node: 2 }, { do: "forget", node: 2 }, plan(EACH(5), "b10[0]"), ...append("ledger")],
      ...FROM_11.map((text) => `${text} [11]`),
    ),
    step(
      "from11b",
      [
        { do: "start", node: 2 },
        { do: "activate", node: 2 },
        { do: "report-lost", node: 2 },
        { do: "use-key", node: 2 },
        ...append("ingest"),
      ],
      ...FROM_11.map((text) => `${text} [12]`),
    ),
  ],
};
