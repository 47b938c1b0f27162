// How long peers take to answer, and what that means for how long slots wait (spec 05 §1.7): a base of time that is shorter than
// messages need ends every ballot before it could succeed.
import type { NodeId, QuorumSet } from "@fogbow/core-block";
import { type NodeKey, nodeKey } from "@fogbow/core-scp";
import { ROUND_TRIPS_REMEMBERED_MAX } from "../limits.ts";
import type { Clock } from "../parts.ts";
import type { PeerRpc } from "../rpc/peer-rpc.ts";
import { isSlice } from "./quorum.ts";

/** The latest round trips to each peer. */
export class RoundTrips {
  readonly #byPeer = new Map<NodeKey, number[]>();

  /** A peer has answered after so many milliseconds. */
  add(peer: NodeId, ms: number): void {
    const key = nodeKey(peer);
    const all = this.#byPeer.get(key) ?? [];
    this.#byPeer.set(key, all);
    all.push(ms);
    if (all.length > ROUND_TRIPS_REMEMBERED_MAX) all.shift();
  }

  /**
   * Milliseconds within which a slice of the quorum set answers 19 times in 20; undefined while too few have answered. Peers
   * that are slow, or pretend to be, do not count as long as the others are enough to agree with.
   */
  ofSlice(quorumSet: QuorumSet): number | undefined {
    const slow = new Map([...this.#byPeer].map(([key, all]) => [key, percentile95(all)]));
    const within = (ms: number): boolean =>
      isSlice(quorumSet, (node) => (slow.get(nodeKey(node)) ?? Number.POSITIVE_INFINITY) <= ms);
    return [...slow.values()].sort((a, b) => a - b).find(within);
  }
}

/** A base of time for slots: as configured, and at least so many round trips, in whole milliseconds. */
export function baseOf(configuredMs: number, roundTripMs: number | undefined, roundTrips: number): number {
  return Math.max(configuredMs, Math.ceil((roundTripMs ?? 0) * roundTrips));
}

/** A peer whose short answers are measured: those that a node gives from memory. */
export function measured(rpc: PeerRpc, clock: Clock, onAnswer: (ms: number) => void): PeerRpc {
  const timed = async <Answer>(answer: Promise<Answer>): Promise<Answer> => {
    const started = clock.now();
    const answered = await answer;
    onAnswer(clock.now() - started);
    return answered;
  };
  return {
    ...rpc,
    sendConsensusMsg: (request, options) => timed(rpc.sendConsensusMsg(request, options)),
    getLatestMsg: (request, options) => timed(rpc.getLatestMsg(request, options)),
    getConnections: (request, options) => timed(rpc.getConnections(request, options)),
    getSlotMsg: (request, options) => timed(rpc.getSlotMsg(request, options)),
  };
}

function percentile95(all: readonly number[]): number {
  const sorted = [...all].sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.95) - 1] ?? 0; // There is one.
}
