// What a node tells its operator about itself.
import type { MessageInitShape } from "@bufbuild/protobuf";
import { type NodeStatusSchema, StatusAPI } from "@fogbow/core-wire";
import { type ServedService, serveService } from "@fogbow/server";
import type { NodeStatus, PeerStatus } from "../status.ts";
import { STATUS_LIMITS } from "./node-rpc-limits.ts";

/** Whose status it is. */
export interface StatusOwner {
  readonly chainId: string;
  readonly peerResponderId: string;
  readonly clientResponderId: string;
}

/** Serves the status, as it is when it is asked for; before there is a replica, that the node starts. */
export function statusService(owner: StatusOwner, status: () => NodeStatus | undefined): ServedService {
  return serveService(StatusAPI, STATUS_LIMITS, { getNodeStatus: () => statusToWire(owner, status()) });
}

function statusToWire(owner: StatusOwner, status: NodeStatus | undefined): MessageInitShape<typeof NodeStatusSchema> {
  if (status === undefined)
    return { ...owner, state: "starting", words: "It starts its enclave and opens its ledger." };
  const { state, halted, blockCount, networkBlockCount, slot, pending, unchecked, peers, quorum, words } = status;
  return {
    ...owner,
    state,
    ...(halted && { haltedCode: halted.code, haltedMessage: halted.message }),
    blockCount,
    networkBlockCount,
    ...(slot && { slot: { ...slot, ageMs: wholeMs(slot.ageMs) } }),
    pending,
    unchecked,
    peers: peers.map(peerToWire),
    silent: [...quorum.silent],
    isBlocked: quorum.isBlocked,
    words,
  };
}

function peerToWire(peer: PeerStatus): NonNullable<MessageInitShape<typeof NodeStatusSchema>["peers"]>[number] {
  const { responderId, heardMsAgo, blockCount, slot, topic, hasChannel, queued } = peer;
  return {
    responderId,
    ...(heardMsAgo !== undefined && { heardMsAgo: wholeMs(heardMsAgo) }),
    ...(blockCount !== undefined && { blockCount }),
    ...(slot !== undefined && { slot }),
    topic: topic ?? "",
    hasChannel,
    queued,
  };
}

/** A clock has fractions, and an age is never below zero. */
const wholeMs = (ms: number): bigint => BigInt(Math.max(0, Math.round(ms)));
