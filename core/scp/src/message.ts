// What nodes tell each other (spec 05 §1.3). The letters are those of the protocol's paper.
import type { NodeId, QuorumSet } from "@fogbow/core-block";
import type { Ballot } from "./ballot.ts";
import type { Value } from "./value.ts";

/** The latest statement of a node about a slot. It replaces all that the node stated before. */
export interface Message {
  readonly sender: NodeId;
  readonly slotIndex: bigint;
  /** Whom the sender listens to. */
  readonly quorumSet: QuorumSet;
  readonly topic: Topic;
}

/** How far the sender is, and what it votes for and accepts, in ascending rank. */
export type Topic =
  | { readonly kind: "nominate"; readonly nominate: NominatePayload }
  | { readonly kind: "nominate-prepare"; readonly nominate: NominatePayload; readonly prepare: PreparePayload }
  | { readonly kind: "prepare"; readonly prepare: PreparePayload }
  | { readonly kind: "commit"; readonly commit: CommitPayload }
  | { readonly kind: "externalize"; readonly externalize: ExternalizePayload };

/** Values that the sender would put into the block. Both lists ascend; no value is in both. */
export interface NominatePayload {
  /** Voted nominated. */
  readonly x: readonly Value[];
  /** Accepted nominated. */
  readonly y: readonly Value[];
}

/** Which ballots the sender votes for and accepts as prepared, and which it votes to commit. */
export interface PreparePayload {
  /** The current ballot. */
  readonly b: Ballot;
  /** The highest accepted prepared. */
  readonly p: Ballot | undefined;
  /** The highest accepted prepared that is lower than p and has other values. */
  readonly pp: Ballot | undefined;
  /** The lowest counter voted to commit for the values of b, or 0. */
  readonly cn: number;
  /** The highest counter confirmed prepared for the values of b, or 0. */
  readonly hn: number;
}

/** The sender accepted to commit ⟨cn…hn, b.x⟩. */
export interface CommitPayload {
  readonly b: Ballot;
  /** The highest counter accepted prepared for the values of b. */
  readonly pn: number;
  readonly cn: number;
  readonly hn: number;
}

/** The sender confirmed that ⟨c.n…hn, c.x⟩ is committed: the slot is decided. */
export interface ExternalizePayload {
  readonly c: Ballot;
  readonly hn: number;
}

/** The rank of each topic: a message of a higher rank replaces one of a lower. Also the variant that is hashed. */
export const TOPIC_RANK: Readonly<Record<Topic["kind"], number>> = {
  nominate: 0,
  "nominate-prepare": 1,
  prepare: 2,
  commit: 3,
  externalize: 4,
};

/** The ballots that a topic names, each once for each place. */
export function ballotsOf(topic: Topic): Ballot[] {
  switch (topic.kind) {
    case "nominate":
      return [];
    case "nominate-prepare":
    case "prepare": {
      const { b, p, pp } = topic.prepare;
      return [b, p, pp].filter((ballot) => ballot !== undefined);
    }
    case "commit":
      return [topic.commit.b];
    case "externalize":
      return [topic.externalize.c];
    default:
      return topic satisfies never;
  }
}

/** The nomination that a topic carries, if any. */
export function nominationOf(topic: Topic): NominatePayload | undefined {
  return topic.kind === "nominate" || topic.kind === "nominate-prepare" ? topic.nominate : undefined;
}
