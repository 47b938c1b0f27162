// What every message must satisfy before anybody looks at what it says (spec 05 §1.3). Each rule has its own code, in the
// order in which they are looked at.
import { type Ballot, compareBallots, INFINITE_COUNTER } from "./ballot.ts";
import { BALLOT_VALUES_MAX, NOMINATED_VALUES_MAX } from "./limits.ts";
import {
  ballotsOf,
  type CommitPayload,
  type ExternalizePayload,
  type Message,
  type NominatePayload,
  nominationOf,
  type PreparePayload,
} from "./message.ts";
import { checkQuorumSet } from "./quorum/check-quorum-set.ts";
import { nodeKey } from "./quorum/node-key.ts";
import { isValue, type Value, type ValueList, valuesOf } from "./value.ts";

/** Why a message is dropped, whatever else is known. */
export type MessageFault =
  | "origin-slot" // Slot 0 is the origin block, which nobody votes on.
  | "invalid-quorum-set" // The sender's quorum set breaks a rule of `checkQuorumSet`.
  | "too-many-values" // More than 10 000 values nominated, or more than 5 020 in a ballot.
  | "malformed-value" // A value is empty, too long, or has characters that no value has.
  | "unsorted-values" // Nominated values do not ascend, or one is there twice.
  | "voted-and-accepted" // A value is both voted and accepted nominated.
  | "invalid-counter" // A counter is no unsigned 32-bit integer.
  | "prepared-above-ballot" // p is higher than b.
  | "prepared-prime-alone" // pp without p.
  | "prepared-prime-not-below" // pp is not lower than p.
  | "prepared-prime-compatible" // pp has the values of p.
  | "commit-above-high" // cn is above hn, or is there without hn.
  | "high-above-ballot" // hn is above the counter of b.
  | "missing-counter"; // A commit or decision without a counter that it must have.

/**
 * Why a message is dropped, or undefined if it is well-formed. Says nothing of signatures, values or their order in ballots.
 * Lists of values in `known` were looked at before and are well-formed.
 */
export function checkMessage(
  { sender, slotIndex, quorumSet, topic }: Message,
  known: ReadonlySet<ValueList> = NONE,
): MessageFault | undefined {
  if (slotIndex <= 0n) return "origin-slot";
  if (checkQuorumSet(quorumSet, nodeKey(sender)) !== undefined) return "invalid-quorum-set";
  const nomination = nominationOf(topic);
  return (nomination && checkNomination(nomination)) ?? checkBallots(ballotsOf(topic), known) ?? checkPayload(topic);
}

const NONE: ReadonlySet<ValueList> = new Set();

function checkPayload(topic: Message["topic"]): MessageFault | undefined {
  switch (topic.kind) {
    case "nominate":
      return undefined;
    case "nominate-prepare":
    case "prepare":
      return checkPrepare(topic.prepare);
    case "commit":
      return checkCommit(topic.commit);
    case "externalize":
      return checkExternalize(topic.externalize);
    default:
      return topic satisfies never;
  }
}

function checkNomination({ x, y }: NominatePayload): MessageFault | undefined {
  if (x.length + y.length > NOMINATED_VALUES_MAX) return "too-many-values";
  if (!x.every(isValue) || !y.every(isValue)) return "malformed-value";
  if (!isAscending(x) || !isAscending(y)) return "unsorted-values";
  const accepted = new Set(y);
  return x.some((value) => accepted.has(value)) ? "voted-and-accepted" : undefined;
}

function checkBallots(ballots: readonly Ballot[], known: ReadonlySet<ValueList>): MessageFault | undefined {
  for (const { n, x } of ballots) {
    if (!isCounter(n)) return "invalid-counter";
    if (known.has(x)) continue;
    const values = valuesOf(x);
    if (values.length > BALLOT_VALUES_MAX) return "too-many-values";
    if (!values.every(isValue)) return "malformed-value";
  }
  return undefined;
}

function checkPrepare({ b, p, pp, cn, hn }: PreparePayload): MessageFault | undefined {
  if (!isCounter(cn) || !isCounter(hn)) return "invalid-counter";
  if (p !== undefined && compareBallots(p, b) > 0) return "prepared-above-ballot";
  if (pp !== undefined) {
    if (p === undefined) return "prepared-prime-alone";
    if (pp.x === p.x) return "prepared-prime-compatible";
    if (compareBallots(pp, p) >= 0) return "prepared-prime-not-below";
  }
  if (cn > hn) return "commit-above-high";
  return hn > b.n ? "high-above-ballot" : undefined;
}

function checkCommit({ pn, cn, hn }: CommitPayload): MessageFault | undefined {
  if (!isCounter(pn) || !isCounter(cn) || !isCounter(hn)) return "invalid-counter";
  if (pn < 1 || cn < 1) return "missing-counter";
  return cn > hn ? "commit-above-high" : undefined;
}

function checkExternalize({ c, hn }: ExternalizePayload): MessageFault | undefined {
  if (!isCounter(hn)) return "invalid-counter";
  if (c.n < 1) return "missing-counter";
  return c.n > hn ? "commit-above-high" : undefined;
}

function isCounter(n: number): boolean {
  return Number.isInteger(n) && n >= 0 && n <= INFINITE_COUNTER;
}

function isAscending(values: readonly Value[]): boolean {
  return values.every((value, i) => i === 0 || (values[i - 1] ?? "") < value);
}
