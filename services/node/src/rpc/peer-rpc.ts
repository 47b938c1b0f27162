// A peer as the replica calls it. Clients of Connect have this shape; a simulation brings a network of its own.

import type { Empty } from "@bufbuild/protobuf/wkt";
import type {
  AuthMessage,
  BlocksRequest,
  BlocksResponse,
  Connections,
  ConsensusMsg,
  ConsensusMsgResponse,
  GetLatestMsgResponse,
  GetTxsRequest,
  GetTxsResponse,
  LastBlockInfoResponse,
  Message,
  ProposeTxResponse,
  SlotMsgRequest,
} from "@fogbow/core-wire";

/** How long a caller waits. */
export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

/** What peers are asked. Everything rejects with a ConnectError. */
export interface PeerRpc {
  /** attest.AttestedApi */
  auth(request: AuthMessage, options?: CallOptions): Promise<AuthMessage>;
  /** consensus_peer.ConsensusPeerAPI */
  peerTxPropose(request: Message, options?: CallOptions): Promise<ProposeTxResponse>;
  sendConsensusMsg(request: ConsensusMsg, options?: CallOptions): Promise<ConsensusMsgResponse>;
  getLatestMsg(request: Empty, options?: CallOptions): Promise<GetLatestMsgResponse>;
  getTxs(request: GetTxsRequest, options?: CallOptions): Promise<GetTxsResponse>;
  /** consensus_common.BlockchainAPI */
  getLastBlockInfo(request: Empty, options?: CallOptions): Promise<LastBlockInfoResponse>;
  getBlocks(request: BlocksRequest, options?: CallOptions): Promise<BlocksResponse>;
  /** fogbow.node.PeerAPI: nodes of MobileCoin answer `UNIMPLEMENTED`. */
  getConnections(request: Empty, options?: CallOptions): Promise<Connections>;
  getSlotMsg(request: SlotMsgRequest, options?: CallOptions): Promise<GetLatestMsgResponse>;
}
