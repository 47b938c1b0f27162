// Single lies: a message that a node never should have sent, made of its own true one and of what it heard (spec 05 §6.2).

import { bytes, toHex } from "@fogbow/core-bytes";
import {
  type Ballot,
  type ConsensusMessage,
  compareValues,
  INFINITE_COUNTER,
  type Message,
  type NominatePayload,
  type PreparePayload,
  type Topic,
  tryTxHash,
  txHashValue,
  valueList,
  valuesOf,
} from "@fogbow/core-scp";
import type { SeededRandom } from "../engine/random.ts";
import { quorumSet } from "../world/topologies.ts";
import { pooledByHash } from "../world/tx-pool.ts";

/** What a lie is made of. */
export interface LieInputs {
  /** What the node would say if it were honest. */
  readonly truth: ConsensusMessage;
  /** What it heard about the same slot, and about others. */
  readonly heard: readonly ConsensusMessage[];
  /** The other faulty nodes. */
  readonly accomplices: readonly number[];
  readonly random: SeededRandom;
}

/** Something to say: it is signed anew, unless it already is. */
export type Lie = Omit<ConsensusMessage, "signature"> | ConsensusMessage;

/** The lists of values that were named in the slot, as `combine` puts them; the first is the truth's, if it names one. */
export function listsOf({ truth, heard }: Pick<LieInputs, "truth" | "heard">): string[] {
  const inSlot = heard.filter(({ message }) => message.slotIndex === truth.message.slotIndex);
  const lists = [truth, ...inSlot].flatMap(({ message }) => listOf(message.topic) ?? []);
  const values = [...new Set(lists.flatMap(valuesOf))];
  const parts = values.length > 1 ? values.map((value) => valueList([value])) : [];
  return [...new Set([...lists, ...parts])];
}

/** Votes for one list in one of the phases that come before a decision. */
export function voteFor(list: string, { truth, random }: LieInputs): Lie {
  const n = ballotCounter(truth.message.topic) + random.below(2);
  if (random.chance(0.3)) return as(truth, { kind: "nominate", nominate: { x: [], y: ascending(valuesOf(list)) } });
  return as(truth, prepare({ n: Math.max(1, n), x: list }, random.chance(0.5)));
}

/** Claims that a list is committed. */
export function commitTo(list: string, { truth, random }: LieInputs): Lie {
  const n = Math.max(1, ballotCounter(truth.message.topic)) + random.below(3);
  return as(truth, { kind: "commit", commit: { b: { n, x: list }, pn: n, cn: 1, hn: n } });
}

/** Claims to have accepted a ballot as prepared. */
export function claimPrepared(list: string, { truth, random }: LieInputs): Lie {
  const n = Math.max(1, ballotCounter(truth.message.topic)) + random.below(3);
  const b = { n, x: list };
  const hn = random.below(n + 1);
  return as(truth, prepare(b, true, { hn, cn: hn === 0 ? 0 : 1 }));
}

/** Claims that a list is decided. */
export function claimDecided(list: string, { truth, random }: LieInputs): Lie {
  const n = Math.max(1, ballotCounter(truth.message.topic));
  return as(truth, { kind: "externalize", externalize: { c: { n, x: list }, hn: n + random.below(3) } });
}

/** Names a counter near the largest. */
export function bombCounter(list: string, { truth, random }: LieInputs): Lie {
  return as(truth, prepare({ n: INFINITE_COUNTER - random.below(3), x: list }, random.chance(0.5)));
}

/** Names a hundred values that nobody knows. */
export function floodValues({ truth, random }: LieInputs): Lie {
  const x = Array.from({ length: 100 }, () => txHashValue(random.bytes(32)));
  return as(truth, { kind: "nominate", nominate: { x: ascending(x), y: [] } });
}

/** Votes for these values. */
export function nominateValues(values: readonly string[], { truth }: LieInputs): Lie {
  const own = nominationOf(truth.message.topic);
  const x = ascending([...new Set([...own.x, ...values])].filter((value) => !own.y.includes(value)));
  return as(truth, { kind: "nominate", nominate: { x, y: own.y } });
}

/** A ballot with its values the wrong way round. */
export function unsortedBallot(list: string, { truth }: LieInputs): Lie {
  const x = valueList([...valuesOf(list)].reverse());
  return as(truth, prepare({ n: Math.max(1, ballotCounter(truth.message.topic)), x }, true));
}

/** The truth under another quorum set: one that everybody satisfies, or only accomplices. */
export function forgeQuorumSet({ truth, accomplices, random }: LieInputs): Lie {
  const { message, previousBlockId } = truth;
  const forged = accomplices.length === 0 || random.chance(0.3) ? quorumSet(0, []) : quorumSet(1, accomplices);
  return { message: { ...message, quorumSet: forged }, previousBlockId };
}

/** The truth on another chain. */
export function nameWrongParent({ truth, random }: LieInputs): Lie {
  return { message: truth.message, previousBlockId: bytes(random.bytes(32), 32, "A block id") };
}

/** The truth under a signature that does not verify. */
export function spoilSignature({ truth, random }: LieInputs): Lie {
  const signature = truth.signature.slice();
  const at = random.below(64);
  signature[at] = (signature[at] ?? 0) ^ (1 + random.below(255));
  return { ...truth, signature: bytes(signature, 64, "A signature") };
}

/** Values as `combine` puts them: the order of spec 05 §2.5 for transactions of the pool, others left out. */
function combined(values: readonly string[]): string {
  const txs = values.flatMap((value) => pooledByHash(toHex(tryTxHash(value) ?? new Uint8Array())) ?? []);
  txs.sort((a, b) => Number(b.priority - a.priority) || (a.hash < b.hash ? -1 : 1));
  const taken = new Set<string>();
  const chosen = txs.filter(({ keyImages, outputPublicKeys }) => {
    const keys = [...keyImages, ...outputPublicKeys];
    if (keys.some((key) => taken.has(key))) return false;
    for (const key of keys) taken.add(key);
    return true;
  });
  return valueList(chosen.map(({ hash }) => `0${hash}`));
}

function as({ message, previousBlockId }: ConsensusMessage, topic: Topic): Lie {
  const said: Message = { ...message, topic };
  return { message: said, previousBlockId };
}

function prepare(b: Ballot, isPrepared: boolean, more: Partial<PreparePayload> = {}): Topic {
  return { kind: "prepare", prepare: { b, p: isPrepared ? b : undefined, pp: undefined, cn: 0, hn: 0, ...more } };
}

function ballotCounter(topic: Topic): number {
  switch (topic.kind) {
    case "nominate":
      return 0;
    case "nominate-prepare":
    case "prepare":
      return topic.prepare.b.n;
    case "commit":
      return topic.commit.b.n;
    case "externalize":
      return topic.externalize.c.n;
  }
}

function nominationOf(topic: Topic): NominatePayload {
  return topic.kind === "nominate" || topic.kind === "nominate-prepare" ? topic.nominate : { x: [], y: [] };
}

function listOf(topic: Topic): string | undefined {
  switch (topic.kind) {
    case "nominate": {
      const list = combined([...topic.nominate.x, ...topic.nominate.y]);
      return list === "" ? undefined : list;
    }
    case "nominate-prepare":
    case "prepare":
      return topic.prepare.b.x;
    case "commit":
      return topic.commit.b.x;
    case "externalize":
      return topic.externalize.c.x;
  }
}

function ascending(values: readonly string[]): string[] {
  return [...new Set(values)].sort(compareValues);
}
