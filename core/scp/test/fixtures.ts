// Nodes, quorum sets and messages for tests. The keys are made up; nothing signs with them.
import type { NodeId, QuorumSet, QuorumSetMember } from "@fogbow/core-block";
import { bytes } from "@fogbow/core-bytes";
import {
  compareValues,
  type Message,
  Slot,
  type SlotOptions,
  type SlotParts,
  type StoredSlot,
  type Topic,
} from "../src/index.ts";

/** Node `i`: its public key is 32 times the byte i, and not of a curve. */
function node(i: number): NodeId {
  return { responderId: `node${i}.test:443`, publicKey: bytes(new Uint8Array(32).fill(i), 32, "A key") };
}

const known = new Map<number, NodeId>();

/** Node `i`, the same object every time. */
export function nodeAt(i: number): NodeId {
  const found = known.get(i) ?? node(i);
  known.set(i, found);
  return found;
}

/** A quorum set of nodes (numbers) and inner sets. */
export function quorumSet(threshold: number, members: readonly (number | QuorumSet)[]): QuorumSet {
  return {
    threshold,
    members: members.map(
      (member): QuorumSetMember =>
        typeof member === "number" ? { kind: "node", node: nodeAt(member) } : { kind: "inner-set", set: member },
    ),
  };
}

/** All values are valid, and are combined by sorting. */
export const sortingParts: SlotParts = {
  validity: () => "valid",
  combine: (values) => [...new Set(values)].sort(compareValues),
};

export const timing = { baseRoundMs: 250, baseBallotMs: 250, settleMs: 0 };

/** Options of node `self` in slot 1. */
export function options(self: number, set: QuorumSet, other: Partial<SlotOptions> = {}): SlotOptions {
  return {
    self: nodeAt(self),
    quorumSet: set,
    slotIndex: 1n,
    leaderHash: { kind: "compat" },
    eagerBump: true,
    ...timing,
    ...other,
  };
}

/** A message of node `sender` in slot 1. */
export function message(sender: number, set: QuorumSet, topic: Topic): Message {
  return { sender: nodeAt(sender), slotIndex: 1n, quorumSet: set, topic };
}

/** The state of a slot nothing happened in, to be changed. */
const emptyState: StoredSlot = {
  phase: "nominate-prepare",
  w: [],
  x: [],
  y: [],
  z: [],
  leaders: [],
  adopted: [],
  round: 1,
  b: { n: 0, x: "" },
  p: undefined,
  pp: undefined,
  h: undefined,
  c: undefined,
  lock: undefined,
  lastSent: undefined,
};

/** A slot in a given state. */
export function slotIn(state: Partial<StoredSlot>, slotOptions: SlotOptions, parts: SlotParts = sortingParts): Slot {
  return new Slot(slotOptions, parts, { ...emptyState, ...state });
}
