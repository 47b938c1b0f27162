// Whether a block is the network's, for who follows no chain: enough of the validators that one trusts say so, in signed
// metadata (spec 05 §3.5). Nothing else is needed, and nobody is asked.
import { equalBytes, toHex } from "@fogbow/core-bytes";
import { ed25519Verify } from "@fogbow/core-crypto";
import { type TxOut, txOutHash } from "@fogbow/core-transaction";
import { type Block, hasValidId } from "./block.ts";
import { type BlockMetadata, isMetadataOf, verifyMetadataSignature } from "./block-metadata.ts";
import type { Ed25519Verifier } from "./block-signature.ts";
import { type BlockContents, contentsHash } from "./contents.ts";
import { BlockError, type BlockErrorCode } from "./error.ts";
import { LIGHT_CLIENT_METADATA_MAX } from "./limits.ts";
import type { QuorumSet } from "./quorum-set.ts";
import { isSatisfiedBy, nodeName } from "./satisfied-by.ts";

/** Whom to trust, by height. */
export interface ValidatorSets {
  /** The set of today, from a block on. */
  readonly trusted: { readonly firstBlock: bigint; readonly quorumSet: QuorumSet };
  /** Sets of earlier times. Where two hold for a height, the first that is listed counts. */
  readonly historical: readonly HistoricalValidatorSet[];
}

/** A set of earlier times. */
export interface HistoricalValidatorSet {
  readonly firstBlock: bigint;
  /** The last block that it holds for. */
  readonly lastBlock: bigint;
  readonly quorumSet: QuorumSet;
}

/** Whom and what a light client believes. */
export interface LightClientTrust {
  readonly validatorSets: ValidatorSets;
  /** Ids of blocks that are known to be the network's, 32 bytes each: of before there was metadata, for example. */
  readonly knownIds: readonly Uint8Array[];
}

/**
 * Passes if the block was externalized, as far as the trusted validators can be believed. Its id must follow from its header.
 * Then either that id is known, or: each metadata is about this block and rightly signed, and the nodes that signed,
 * each by its responder id **and** key, satisfy the validator set of the block's height. Validators sign blocks that they
 * appended, so nobody else's word is needed; one bad signature among enough good ones still fails, since whoever sends
 * it is up to something. Throws `block-id-mismatch`, `no-validator-set`, `too-many-signatures`, `metadata-of-another-block`,
 * `invalid-metadata-signature`, `too-few-signatures`.
 */
export function verifyExternalized(
  block: Block,
  metadata: readonly BlockMetadata[],
  { validatorSets, knownIds }: LightClientTrust,
  verify: Ed25519Verifier = ed25519Verify,
): void {
  const refuse = (code: BlockErrorCode, what: string): never => {
    throw new BlockError(code, `Block ${block.index}: ${what}.`, { blockIndex: block.index });
  };
  if (!hasValidId(block)) {
    refuse("block-id-mismatch", "the id does not follow from the header");
  }
  if (knownIds.some((id) => equalBytes(id, block.id))) {
    return;
  }
  const quorumSet =
    validatorSetAt(validatorSets, block.index) ?? refuse("no-validator-set", "no validator set is for its height");
  if (metadata.length > LIGHT_CLIENT_METADATA_MAX) {
    refuse("too-many-signatures", `there are ${metadata.length} signatures`);
  }
  const signers = new Set<string>();
  for (const each of metadata) {
    if (!isMetadataOf(each, block)) {
      refuse("metadata-of-another-block", "metadata is about another block");
    }
    if (!verifyMetadataSignature(each, verify)) {
      refuse("invalid-metadata-signature", "the signature of metadata does not verify");
    }
    signers.add(nodeName({ responderId: each.contents.responderId, publicKey: each.nodeKey }));
  }
  if (!isSatisfiedBy(quorumSet, signers)) {
    refuse("too-few-signatures", `${signers.size} nodes signed, which are not enough of its validator set`);
  }
}

/**
 * Passes if outputs were made by the block, whose contents these are. That the block was externalized,
 * {@link verifyExternalized} says. Throws `contents-hash-mismatch`, `output-not-in-block`.
 */
export function verifyOutputsOf(block: Block, contents: BlockContents, outputs: readonly TxOut[]): void {
  const refuse = (code: BlockErrorCode, what: string): never => {
    throw new BlockError(code, `Block ${block.index}: ${what}.`, { blockIndex: block.index });
  };
  if (!equalBytes(contentsHash(contents), block.contentsHash)) {
    refuse("contents-hash-mismatch", "the contents are not those that the header names");
  }
  const made = new Set(contents.outputs.map((output) => toHex(txOutHash(output))));
  if (!outputs.every((output) => made.has(toHex(txOutHash(output))))) {
    refuse("output-not-in-block", "an output is not one that it makes");
  }
}

/** The set that holds for a height: today's from its first block on, else a historical one. */
function validatorSetAt({ trusted, historical }: ValidatorSets, index: bigint): QuorumSet | undefined {
  if (index >= trusted.firstBlock) {
    return trusted.quorumSet;
  }
  return historical.find(({ firstBlock, lastBlock }) => firstBlock <= index && index <= lastBlock)?.quorumSet;
}
