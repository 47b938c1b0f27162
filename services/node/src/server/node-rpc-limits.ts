// The bounds of a node's RPCs (spec 05 §2.8). docs/limits.md shows them all.
import type {
  AttestedApi,
  BlockchainAPI,
  ConsensusClientAPI,
  ConsensusPeerAPI,
  PeerAPI,
  StatusAPI,
  WatchAPI,
} from "@fogbow/core-wire";
import type { RpcLimits, ServiceLimits } from "@fogbow/server";
import { QUESTION_BYTES_MAX } from "./limits.ts";

const SMALL: RpcLimits = {
  requestBytesMax: 1_024,
  responseBytesMax: 65_536,
  deadlineMs: 2_000,
  concurrencyMax: 64,
  queueMax: 256,
};

/** Headers of 2 000 blocks. */
const HEADERS: RpcLimits = { ...SMALL, responseBytesMax: 1_048_576, concurrencyMax: 16, queueMax: 64 };

/** Streams: whoever is far too many is told so by the replica, which counts them by client. */
const WATCH: RpcLimits = {
  requestBytesMax: 1_024,
  responseBytesMax: 4_096,
  deadlineMs: 600_000,
  concurrencyMax: 10_000,
  queueMax: 64,
};

/** Evidence goes one way when a client attests a node, and both ways between nodes. */
const EVIDENCE_BYTES = 327_680;

/** A minting transaction, or a configuration of minting, with its signatures. */
const MINT: RpcLimits = { ...SMALL, requestBytesMax: 65_536, deadlineMs: 5_000 };

/** What clients ask. */
export const CLIENT_LIMITS: {
  readonly attested: ServiceLimits<typeof AttestedApi>;
  readonly consensus: ServiceLimits<typeof ConsensusClientAPI>;
  readonly blockchain: ServiceLimits<typeof BlockchainAPI>;
  readonly watch: ServiceLimits<typeof WatchAPI>;
} = {
  attested: { auth: { ...SMALL, requestBytesMax: 65_536, responseBytesMax: EVIDENCE_BYTES, deadlineMs: 10_000 } },
  consensus: {
    clientTxPropose: {
      requestBytesMax: 307_200,
      responseBytesMax: 1_024,
      deadlineMs: 10_000,
      concurrencyMax: 256,
      queueMax: 1_024,
    },
    proposeMintConfigTx: MINT,
    proposeMintTx: MINT,
    getNodeConfig: { ...SMALL, responseBytesMax: 4_194_304, concurrencyMax: 16 },
  },
  blockchain: { getLastBlockInfo: SMALL, getBlocks: HEADERS },
  watch: { watchTx: WATCH, watchBlocks: WATCH },
};

/** What peers ask. Bodies have at most a megabyte; a hundred transactions in an answer have more. */
export const PEER_LIMITS: {
  readonly attested: ServiceLimits<typeof AttestedApi>;
  readonly consensus: ServiceLimits<typeof ConsensusPeerAPI>;
  readonly blockchain: ServiceLimits<typeof BlockchainAPI>;
  readonly watch: ServiceLimits<typeof WatchAPI>;
  readonly peer: ServiceLimits<typeof PeerAPI>;
} = {
  attested: {
    auth: { ...SMALL, requestBytesMax: EVIDENCE_BYTES, responseBytesMax: EVIDENCE_BYTES, deadlineMs: 10_000 },
  },
  consensus: {
    peerTxPropose: { ...SMALL, requestBytesMax: 1_048_576, deadlineMs: 10_000, queueMax: 1_024 },
    sendConsensusMsg: { ...SMALL, requestBytesMax: 1_048_576, deadlineMs: 5_000, concurrencyMax: 256, queueMax: 1_024 },
    getLatestMsg: { ...SMALL, responseBytesMax: 1_048_576 },
    getTxs: { ...SMALL, requestBytesMax: 65_536, responseBytesMax: 16_777_216, deadlineMs: 10_000 },
  },
  blockchain: { getLastBlockInfo: SMALL, getBlocks: HEADERS },
  watch: { watchTx: WATCH, watchBlocks: WATCH },
  peer: {
    // One stream for each peer, which does not end while anything is said. The other bytes say from whom, and about what.
    converse: {
      ...SMALL,
      requestBytesMax: QUESTION_BYTES_MAX + 1_024,
      deadlineMs: 600_000,
      concurrencyMax: 256,
      queueMax: 0,
    },
    getConnections: SMALL,
    getSlotMsg: { ...SMALL, responseBytesMax: 1_048_576 },
  },
};

/** What operators ask. */
export const STATUS_LIMITS: ServiceLimits<typeof StatusAPI> = {
  getNodeStatus: { ...SMALL, responseBytesMax: 1_048_576, concurrencyMax: 16, queueMax: 64 },
};
