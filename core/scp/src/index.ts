export {
  type Ballot,
  compareBallots,
  INFINITE_COUNTER,
  isAborted,
  isLowerCompatible,
  ZERO_BALLOT,
} from "./ballot.ts";
export { checkMessage, type MessageFault } from "./check-message.ts";
export {
  type ConsensusMessage,
  gossipId,
  messageDigest,
  type Sign,
  signMessage,
  type Verify,
  verifyMessageSignature,
} from "./consensus-message.ts";
export { ScpError, type ScpErrorCode } from "./error.ts";
export { type LeaderHash, leaderHashOf, leaderOf, type Round, type Weight, weightOf } from "./leader.ts";
export {
  ballotsOf,
  type CommitPayload,
  type ExternalizePayload,
  type Message,
  type NominatePayload,
  nominationOf,
  type PreparePayload,
  TOPIC_RANK,
  type Topic,
} from "./message.ts";
export { compareTopics } from "./message-order.ts";
export {
  canonicalQuorumSet,
  isIdenticalNode,
  isIdenticalQuorumSet,
  nodeKeysOf,
  nodesOf,
} from "./quorum/canonical-quorum-set.ts";
export {
  checkQuorumSet,
  isSingleNodeSet,
  lintQuorumSet,
  type QuorumSetFault,
  type QuorumSetWarning,
} from "./quorum/check-quorum-set.ts";
export { closestBlockingSet } from "./quorum/closest-blocking-set.ts";
export {
  checkIntersection,
  type IntersectionOptions,
  type IntersectionResult,
  type NetworkNode,
  survivesSilence,
} from "./quorum/intersection.ts";
export { type NodeKey, nodeKey } from "./quorum/node-key.ts";
export { type MakeSlot, type NextSlot, type NodeReceipt, ScpNode, type ScpNodeOptions } from "./scp-node.ts";
export {
  type MessageReceipt,
  type MessageVerdict,
  Slot,
  type SlotEffects,
  type SlotOptions,
  type SlotParts,
} from "./slot/slot.ts";
export type { Combine, Phase } from "./slot/slot-state.ts";
export type { StoredSlot } from "./slot/stored-slot.ts";
export type { Timers, Timing } from "./slot/timers.ts";
export {
  compareValues,
  isValue,
  tryTxHash,
  txHashValue,
  type Value,
  type ValueList,
  valueList,
  valuesOf,
} from "./value.ts";
export type { ConsensusValue } from "./wire/consensus-value.ts";
export {
  decodeConsensusMessage,
  decodeTxProposeAad,
  encodeConsensusMessage,
  encodeTxProposeAad,
  type TxProposeAad,
} from "./wire/encode.ts";
export { mintConfigTxValue, mintTxValue, tryConsensusValue } from "./wire/value-text.ts";
