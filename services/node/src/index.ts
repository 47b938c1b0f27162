export { isProductionChain } from "./config/chain-rules.ts";
export { ConfigError, type ConfigErrorCode } from "./config/error.ts";
export { formatMessageKey, formatMessageSigner, parseMessageSigner } from "./config/message-key.ts";
export {
  type NetworkConfig,
  type NetworkOwner,
  type PeerAddress,
  parseNetworkConfig,
} from "./config/network-config.ts";
export { loadNodeConfig, type NodeConfig, type Retention } from "./config/node-config.ts";
export { NODE_SETTINGS, type NodeSetting, type SettingName } from "./config/node-settings.ts";
export { baseUrlOf, hostInUri, type NodeUri, parseNodeUri, type UriUse } from "./config/node-uri.ts";
export { readConfigText } from "./config/read-config-file.ts";
export { type SettingSources, variableOf } from "./config/settings.ts";
export { parseTokensConfig, type TokenConfig, type TokensConfig } from "./config/tokens-config.ts";
export { tlsOptionsOf } from "./config/uri-tls.ts";
export { NodeError, type NodeErrorCode } from "./error.ts";
export { FileJournal, type Files } from "./journal/file-journal.ts";
export { encodeFrame, type Frame, tryDecodeFrame } from "./journal/frame.ts";
export { decodeVoteRecord, encodeVoteRecord, type VoteRecord } from "./journal/vote-record.ts";
export {
  DEFAULT_TIMING,
  type EnclaveIdentity,
  type NodeChain,
  type PeerConfig,
  type ReplicaOptions,
  type ReplicaTiming,
  type TokenRules,
} from "./options.ts";
export type {
  CatchUp,
  CatchUpOptions,
  CatchUpParts,
  CatchUpResult,
  Clock,
  ConsensusEnclave,
  EnclaveCallOptions,
  Journal,
  JournalRead,
  JournalRecord,
  MessageSigner,
  ReplicaCounter,
  ReplicaDuration,
  ReplicaLog,
  ReplicaMetrics,
  ReplicaParts,
  Timer,
} from "./parts.ts";
export {
  FOLLOW_SILENCE_MS,
  type FollowNetworkParts,
  type FollowOptions,
  followNetwork,
} from "./process/follow-network.ts";
export { consensusBundle } from "./process/node-enclave.ts";
export { type VerifyNodeLedgerOptions, verifyNodeLedger } from "./process/verify-node-ledger.ts";
export { MessageReader, type ReadRefusal } from "./replica/message-reader.ts";
export { Replica } from "./replica/replica.ts";
export type { Call, ClientHandlers, Handler, PeerHandlers, StreamHandler } from "./rpc/handlers.ts";
export type { CallOptions, PeerRpc } from "./rpc/peer-rpc.ts";
export { type RunNodeParts, type RunningNode, runNode } from "./run-node.ts";
export { clientServices } from "./server/client-services.ts";
export type { NodeState, NodeStatus, PeerStatus, QuorumHealth, SlotStatus } from "./status.ts";
export type { HeaderPeer } from "./sync/ask-headers.ts";
export { catchUp, type FollowParts, followToTip } from "./sync/catch-up.ts";
export { SyncError, type SyncErrorCode } from "./sync/error.ts";
export { fetchOrigin } from "./sync/fetch-origin.ts";
