// A status in sentences.
import { expect, test } from "vitest";
import type { NodeStatus } from "../../src/index.ts";
import { statusInWords } from "../../src/replica/status-words.ts";

const calm: Omit<NodeStatus, "words"> = {
  state: "in-sync",
  blockCount: 12n,
  networkBlockCount: 12n,
  slot: { index: 12n, phase: "idle", ballot: 0, ageMs: 0, parked: 0 },
  pending: 0,
  unchecked: 0,
  peers: [],
  quorum: { silent: [], isBlocked: false },
};

test("a node that is well says so", () => {
  expect(statusInWords(calm)).toBe(
    "In sync: has 12 blocks. Slot 12 has nothing to decide; 0 values wait. Every node of its quorum set is heard.",
  );
});

test("a node that is in the middle of something says what, and whom it misses", () => {
  const slot = { index: 12n, phase: "prepare", ballot: 3, ageMs: 812.4, parked: 2 } as const;
  const quorum = { silent: ["b:1", "c:1"], isBlocked: true };
  expect(statusInWords({ ...calm, slot, pending: 1, quorum })).toBe(
    "In sync: has 12 blocks. Slot 12 is in prepare, ballot 3, for 812 ms; 1 value waits. 2 messages wait for transactions. " +
      "Without one of b:1, c:1 nothing can be decided here: they are silent.",
  );
});

test("a node that is not well says why", () => {
  const lag = { ...calm, slot: undefined, blockCount: 1n, networkBlockCount: 12n };
  expect(statusInWords({ ...lag, state: "behind" })).toMatch(
    /^Behind: has 1 block, 11 fewer than its peers, and is fetching/,
  );
  expect(statusInWords({ ...lag, state: "maybe-behind" })).toMatch(/^Perhaps behind: has 1 block, 11 fewer/);
  expect(statusInWords({ ...lag, state: "silent" })).toMatch(/^Silent: /);
  expect(statusInWords({ ...lag, state: "starting" })).toMatch(/^Starting: /);
  expect(statusInWords({ ...lag, state: "stopped" })).toMatch(/^Stopped: has 1 block\./);
  const halted = { code: "fork", message: "Block 3 is another one at its peers." };
  expect(statusInWords({ ...lag, state: "halted", halted })).toMatch(
    /^Halted \(fork\): has 1 block\. Block 3 is another/,
  );
  expect(statusInWords({ ...calm, quorum: { silent: ["b:1"], isBlocked: false } })).toMatch(
    /Silent, but not needed: b:1\.$/,
  );
});
