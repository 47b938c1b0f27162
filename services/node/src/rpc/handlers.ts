// What a replica answers: plain functions of the RPCs' messages, which gRPC services and simulated networks call alike.
import type { Empty } from "@bufbuild/protobuf/wkt";
import type {
  AuthMessage,
  BlockHeader,
  BlocksRequest,
  BlocksResponse,
  Connections,
  ConsensusMsg,
  ConsensusMsgResponse,
  ConsensusNodeConfig,
  GetLatestMsgResponse,
  GetTxsRequest,
  GetTxsResponse,
  LastBlockInfoResponse,
  Message,
  MintConfigTx,
  MintTx,
  ProposeMintConfigTxResponse,
  ProposeMintTxResponse,
  ProposeTxResponse,
  SlotMsgRequest,
  TxStatus,
  WatchBlocksRequest,
  WatchTxRequest,
} from "@fogbow/core-wire";

/** What a transport knows about a call. */
export interface Call {
  /** Aborted when nobody waits for the answer any more. */
  readonly signal?: AbortSignal;
  /**
   * Who calls. For a peer its responder id, if the transport has authenticated it; for a client any text that is the same
   * for all of its calls, such as its address: it counts streams, and is neither logged nor kept.
   */
  readonly caller?: string;
}

/** What every handler is. Rejects with a ConnectError. */
export type Handler<Request, Response> = (request: Request, call?: Call) => Promise<Response>;

/** What every handler of a stream is. */
export type StreamHandler<Request, Response> = (request: Request, call?: Call) => AsyncIterable<Response>;

/** What peers may ask. */
export interface PeerHandlers {
  readonly auth: Handler<AuthMessage, AuthMessage>;
  readonly peerTxPropose: Handler<Message, ProposeTxResponse>;
  readonly sendConsensusMsg: Handler<ConsensusMsg, ConsensusMsgResponse>;
  readonly getLatestMsg: Handler<Empty, GetLatestMsgResponse>;
  readonly getTxs: Handler<GetTxsRequest, GetTxsResponse>;
  readonly getLastBlockInfo: Handler<Empty, LastBlockInfoResponse>;
  readonly getBlocks: Handler<BlocksRequest, BlocksResponse>;
  readonly getConnections: Handler<Empty, Connections>;
  readonly getSlotMsg: Handler<SlotMsgRequest, GetLatestMsgResponse>;
  readonly watchBlocks: StreamHandler<WatchBlocksRequest, BlockHeader>;
}

/** What clients may ask. */
export interface ClientHandlers {
  readonly auth: Handler<AuthMessage, AuthMessage>;
  readonly clientTxPropose: Handler<Message, ProposeTxResponse>;
  readonly proposeMintConfigTx: Handler<MintConfigTx, ProposeMintConfigTxResponse>;
  readonly proposeMintTx: Handler<MintTx, ProposeMintTxResponse>;
  readonly getNodeConfig: Handler<Empty, ConsensusNodeConfig>;
  readonly getLastBlockInfo: Handler<Empty, LastBlockInfoResponse>;
  readonly getBlocks: Handler<BlocksRequest, BlocksResponse>;
  readonly watchTx: StreamHandler<WatchTxRequest, TxStatus>;
  readonly watchBlocks: StreamHandler<WatchBlocksRequest, BlockHeader>;
}
