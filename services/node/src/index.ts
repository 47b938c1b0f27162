export { NodeError, type NodeErrorCode } from "./error.ts";
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
  BlockSource,
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
export type { Call, ClientHandlers, Handler, PeerHandlers, StreamHandler } from "./rpc/handlers.ts";
export type { CallOptions, PeerRpc } from "./rpc/peer-rpc.ts";
export type { NodeState, NodeStatus, PeerStatus, QuorumHealth, SlotStatus } from "./status.ts";
