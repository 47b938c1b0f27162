export { encodeArchiveBlock, encodeArchiveBlocks, parseArchiveBlock, parseArchiveBlocks } from "./archive-block.ts";
export {
  type ArchiveFile,
  archiveFilesFrom,
  archivePath,
  archiveUrl,
  MERGED_SIZES,
  mergedArchivePath,
  mergedSizesCompletedBy,
} from "./archive-path.ts";
export type {
  AttestationEvidence,
  DcapEvidence,
  EnclaveReportData,
  VerificationReport,
} from "./attestation-evidence.ts";
export {
  type Block,
  type BlockHeader,
  blockDigestible,
  blockId,
  createBlock,
  hasValidId,
  type NextBlock,
  withId,
} from "./block.ts";
export { type BlockInit, blockFromWire, blockToWire, decodeBlock, encodeBlock } from "./block-codec.ts";
export { assertBlockData, type BlockData } from "./block-data.ts";
export {
  type BlockMetadata,
  type BlockMetadataContents,
  isMetadataOf,
  metadataSigningDigest,
  signMetadata,
  verifyMetadataSignature,
} from "./block-metadata.ts";
export { decodeBlockMetadata, encodeBlockMetadata } from "./block-metadata-codec.ts";
export {
  type BlockSignature,
  blockSignatureFromWire,
  blockSignatureToWire,
  blockSigningDigest,
  decodeBlockSignature,
  type Ed25519Verifier,
  encodeBlockSignature,
  signBlock,
  verifyBlockSignature,
} from "./block-signature.ts";
export {
  CHECKPOINT_INTERVAL,
  type Checkpoint,
  type CheckpointSignature,
  checkpointDigest,
  endorseCheckpoint,
  endorsementDigest,
  isCheckpointHeight,
  signCheckpoint,
  verifyCheckpointQuorum,
  verifyCheckpointSignature,
} from "./checkpoint/checkpoint.ts";
export {
  type CheckpointInit,
  checkpointFromWire,
  checkpointToWire,
  decodeSignedCheckpoint,
  encodeSignedCheckpoint,
  type SignedCheckpoint,
  signedCheckpointToWire,
} from "./checkpoint/checkpoint-codec.ts";
export { LedgerSummary, type SummaryParts } from "./checkpoint/ledger-summary.ts";
export { MintState, nonceElement } from "./checkpoint/mint-state.ts";
export { SetDigest } from "./checkpoint/set-digest.ts";
export {
  encodeSnapshotRecord,
  type SnapshotAddition,
  type SnapshotMinting,
  SnapshotReader,
} from "./checkpoint/snapshot.ts";
export { frameSnapshotRecord, splitSnapshot } from "./checkpoint/snapshot-frames.ts";
export { keyImageSet, SortedKeyImages } from "./checkpoint/sorted-key-images.ts";
export { type BlockContents, contentsHash, NO_MINTING } from "./contents.ts";
export {
  type BlockContentsInit,
  contentsFromWire,
  contentsToWire,
  decodeBlockContents,
  encodeBlockContents,
} from "./contents-codec.ts";
export { BlockError, type BlockErrorCode, type BlockErrorOptions } from "./error.ts";
export {
  chooseMintConfigTxs,
  chooseMintTxs,
  MINT_CONFIG_TXS_MAX,
  MINT_TXS_MAX,
  type MintTxWithConfig,
  orderMintTxs,
} from "./form/choose-mints.ts";
export {
  chooseTxs,
  PRIORITY_BITS,
  PRIORITY_BUCKET_BITS_MAX,
  priorityBucket,
  TXS_MAX,
  type TxCandidate,
  txCandidate,
} from "./form/choose-txs.ts";
export { compareBytes } from "./form/compare.ts";
export { type FeeNetwork, feeRecipient } from "./form/fee-recipient.ts";
export { type BlockInputs, type BlockRules, type Forming, formBlock, type TxWithProofs } from "./form/form-block.ts";
export { mintedOutputs } from "./form/minted-outputs.ts";
export {
  type HistoricalValidatorSet,
  type LightClientTrust,
  type ValidatorSets,
  verifyExternalized,
  verifyOutputsOf,
} from "./light-client.ts";
export { ARCHIVE_BLOCK_BYTES_MAX } from "./limits.ts";
export { appendToTree, proveLeaf, type TreeStore, treeRoot, treeWidth } from "./merkle-tree.ts";
export { type ChargeFailure, type MintingAfter, mintingAfter } from "./minting-after.ts";
export {
  type Allocation,
  type NewBlock,
  ORIGIN_ROOT_ELEMENT,
  originBlock,
  originBlockFromSeed,
} from "./origin-block.ts";
export {
  ed25519PublicDigestible,
  type NodeId,
  type QuorumSet,
  type QuorumSetMember,
  quorumSetDigestible,
  responderIdDigestible,
} from "./quorum-set.ts";
export { type QuorumSetInit, quorumSetFromWire, quorumSetToWire } from "./quorum-set-codec.ts";
export { splitArchive } from "./split-archive.ts";
export { TreeFrontier } from "./tree-frontier.ts";
