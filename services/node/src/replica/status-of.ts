// A node's status, put together from its parts.
import type { QuorumSet } from "@fogbow/core-block";
import { nodeKey, nodesOf } from "@fogbow/core-scp";
import type { NodeState, NodeStatus, PeerStatus, QuorumHealth, SlotStatus } from "../status.ts";
import type { Consensus } from "./consensus.ts";
import type { NetworkState } from "./network-state.ts";
import type { PeerLink } from "./peers/peer-link.ts";
import { isBlocking } from "./quorum.ts";
import { statusInWords } from "./status-words.ts";

/** What a status is made of. */
export interface StatusInputs {
  readonly now: number;
  readonly state: NodeState;
  readonly halted: { readonly code: string; readonly message: string } | undefined;
  readonly blockCount: bigint;
  readonly quorumSet: QuorumSet;
  /** A node is silent when nothing came from it for so long. */
  readonly silentAfterMs: number;
  readonly consensus: Consensus | undefined;
  readonly network: NetworkState;
  readonly links: readonly PeerLink[];
  readonly pending: number;
  readonly unchecked: number;
}

/** The status of a node. */
export function statusOf(inputs: StatusInputs): NodeStatus {
  const { state, halted, blockCount, network, pending, unchecked, links } = inputs;
  const status = {
    state,
    ...(halted && { halted }),
    blockCount,
    networkBlockCount: network.blockCount(),
    slot: slotStatus(inputs),
    pending,
    unchecked,
    peers: links.map((link) => peerStatus(link, inputs)),
    quorum: quorumHealth(inputs),
  };
  return { ...status, words: statusInWords(status) };
}

function slotStatus({ consensus, now }: StatusInputs): SlotStatus | undefined {
  const slot = consensus?.slot;
  if (consensus === undefined || slot === undefined) return undefined;
  const { startedAt } = consensus;
  const topic = slot.lastSent()?.topic;
  const ballot = topic === undefined || topic.kind === "nominate" ? 0 : ballotOf(topic);
  return {
    index: slot.slotIndex,
    phase: startedAt === undefined ? "idle" : slot.phase,
    ballot,
    ageMs: startedAt === undefined ? 0 : now - startedAt,
    parked: consensus.parked,
  };
}

type Balloting = Exclude<NonNullable<ReturnType<Consensus["ownTopic"]>>, { kind: "nominate" }>;

function ballotOf(topic: Balloting): number {
  switch (topic.kind) {
    case "nominate-prepare":
    case "prepare":
      return topic.prepare.b.n;
    case "commit":
      return topic.commit.b.n;
    case "externalize":
      return topic.externalize.c.n;
    default:
      return topic satisfies never;
  }
}

function peerStatus(link: PeerLink, { consensus, network, now }: StatusInputs): PeerStatus {
  const heard = consensus?.heardOf(link.key);
  const blockCount = network.blockCountOf(link.key);
  return {
    responderId: link.config.responderId,
    heardMsAgo: link.heardAt === undefined ? undefined : now - link.heardAt,
    blockCount: blockCount === 0n ? undefined : blockCount,
    slot: heard?.slotIndex,
    topic: heard?.topic.kind,
    hasChannel: link.channel.isOpen,
    queued: link.outbox.length,
  };
}

function quorumHealth({ quorumSet, links, now, silentAfterMs }: StatusInputs): QuorumHealth {
  const silent = new Set(
    links.filter(({ heardAt }) => now - (heardAt ?? Number.NEGATIVE_INFINITY) > silentAfterMs).map(({ key }) => key),
  );
  const names = nodesOf(quorumSet).filter((node) => silent.has(nodeKey(node)));
  return {
    silent: names.map(({ responderId }) => responderId).sort(),
    isBlocked: isBlocking(quorumSet, (node) => silent.has(nodeKey(node))),
  };
}
