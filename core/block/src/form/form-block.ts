// Forming the block after a parent from what consensus agreed on (spec 02 §6.4). An enclave does it, and trusts its host
// with nothing: everything is validated again as of this block, and what the host could have made up is refused.
import { equalBytes, type Random, type TokenId, toHex } from "@fogbow/core-bytes";
import { type CompressedPoint, compressedPoint } from "@fogbow/core-crypto";
import {
  type BlockVersion,
  type FeeMap,
  impliedRoot,
  type MintConfigTx,
  type SignerSet,
  type Tx,
  type TxOutMembershipElement,
  type TxOutMembershipProof,
  type TxOutOptions,
  type TxSignatureResult,
  txHash,
  type ValidatedMintConfigTx,
  validateMintConfigTx,
  validateMintTx,
  validateTransactions,
} from "@fogbow/core-transaction";
import { type Block, createBlock } from "../block.ts";
import type { BlockContents } from "../contents.ts";
import { BlockError, type BlockErrorCode } from "../error.ts";
import type { NewBlock } from "../origin-block.ts";
import { MINT_CONFIG_TXS_MAX, MINT_TXS_MAX, type MintTxWithConfig, mintNonceId } from "./choose-mints.ts";
import { TXS_MAX } from "./choose-txs.ts";
import { compareBytes } from "./compare.ts";
import { feeOutputs } from "./fee-outputs.ts";
import { compareMintConfigs } from "./mint-order.ts";
import { mintedOutputs } from "./minted-outputs.ts";

/** A transaction, and the node's own proofs as `validateTransactions` takes them. */
export interface TxWithProofs {
  readonly tx: Tx;
  readonly rootProofs: readonly TxOutMembershipProof[];
  /** Its hash, for whoever has computed it; computed unless given. */
  readonly hash?: Uint8Array;
  /** What verifying its signature gave before, as `validateTransaction` takes it; verified now unless given. */
  readonly signatureResult?: TxSignatureResult;
}

/** What consensus agreed on, in the order of `chooseTxs`, `chooseMintConfigTxs` and `chooseMintTxs`. */
export interface BlockInputs {
  /** All proofs are of one moment of the ledger, that of `rootElement`. */
  readonly txs: readonly TxWithProofs[];
  readonly mintConfigTxs: readonly MintConfigTx[];
  readonly mintTxs: readonly MintTxWithConfig[];
  /** The root of the tree of outputs as the parent left it. */
  readonly rootElement: TxOutMembershipElement;
}

/** What all nodes of a network agree on. */
export interface BlockRules {
  /** Of the block. Not below the parent's. */
  readonly blockVersion: BlockVersion;
  readonly minimumFees: FeeMap;
  readonly feeRecipient: TxOutOptions["recipient"];
  /** Who may configure the minting of a token; undefined when nobody may. */
  readonly governors: (tokenId: TokenId) => SignerSet | undefined;
}

/** What a block is formed by. */
export interface Forming extends BlockRules {
  /** Weighs range proofs against each other, so that they can be verified at once. Nothing of it is in the block. */
  readonly random: Random;
}

/**
 * The next block. Every node forms the same one. Throws `block-version-decreases`, `too-many-transactions`, `empty-block`,
 * `invalid-transaction`, `root-element-mismatch`, `duplicate-transaction`, `duplicate-key-image`, `invalid-mint-config-tx`,
 * `invalid-mint-tx`, `duplicate-mint-nonce`, `mint-config-used-twice` and `duplicate-output-public-key`.
 */
export function formBlock(parent: Block, inputs: BlockInputs, forming: Forming): NewBlock {
  const blockIndex = parent.index + 1n;
  const refuse: Refuse = (code, message, cause) => {
    throw new BlockError(code, message, { blockIndex, cause });
  };
  const { blockVersion } = forming;
  const mintTxs = inputs.mintTxs.map(({ mintTx }) => mintTx);
  const txs = inputs.txs.map(({ tx }) => tx);
  assertAmount(inputs, refuse);
  if (parent.version > blockVersion) {
    refuse("block-version-decreases", `The parent is of block version ${parent.version}, this one of ${blockVersion}.`);
  }
  const validating = { ...forming, currentIndex: blockIndex, refuse };
  validateTxs(inputs, validating);
  const hashes = inputs.txs.map(({ tx, hash }) => hash ?? txHash(tx));
  assertDistinct(hashes, () => refuse("duplicate-transaction", "A transaction is in the block twice."));
  const keyImages = txs.flatMap(({ signature }) =>
    signature.ringSignatures.map(({ keyImage }): CompressedPoint => compressedPoint(keyImage)),
  );
  assertDistinct(keyImages, () => refuse("duplicate-key-image", "Two transactions spend the same output."));
  validateMintTxs(inputs.mintTxs, validating);
  const validatedMintConfigTxs = validateMintConfigTxs(inputs.mintConfigTxs, validating);
  const made = { ...forming, parentId: parent.id };
  const outputs = [
    ...txs.flatMap(({ prefix }) => prefix.outputs),
    ...feeOutputs(txs, made),
    ...mintedOutputs(mintTxs, made),
  ];
  const publicKeys = outputs.map(({ publicKey }) => publicKey);
  assertDistinct(publicKeys, () => refuse("duplicate-output-public-key", "Two outputs have the same public key."));
  // Sorted, nothing tells which key image or output is of which transaction.
  const contents: BlockContents = {
    keyImages: [...keyImages].sort(compareBytes),
    outputs: outputs.sort((a, b) => compareBytes(a.publicKey, b.publicKey)),
    validatedMintConfigTxs,
    mintTxs,
  };
  const { rootElement } = inputs;
  return { block: createBlock(parent, { version: blockVersion, rootElement, contents }), contents };
}

type Refuse = (code: BlockErrorCode, message: string, cause?: unknown) => never;

interface Validating extends Forming {
  readonly currentIndex: bigint;
  readonly refuse: Refuse;
}

function assertAmount({ txs, mintConfigTxs, mintTxs }: BlockInputs, refuse: Refuse): void {
  if (txs.length > TXS_MAX || mintConfigTxs.length > MINT_CONFIG_TXS_MAX || mintTxs.length > MINT_TXS_MAX) {
    refuse("too-many-transactions", "A block has no room for so many transactions.");
  }
  if (txs.length + mintConfigTxs.length + mintTxs.length === 0) {
    refuse("empty-block", "A block holds at least one transaction.");
  }
}

function validateTxs({ txs, rootElement }: BlockInputs, validating: Validating): void {
  const { refuse, random } = validating;
  const requests = txs.map(({ tx, ...known }) => ({ tx, context: { ...validating, ...known } }));
  for (const [i, verdict] of validateTransactions(requests, random).entries()) {
    if (verdict.code !== "ok") {
      refuse("invalid-transaction", `Transaction ${i} is not valid: ${verdict.code}.`, verdict);
    }
  }
  // That all proofs of one transaction lead to one root was validated, and that it has some.
  const isOfParent = ({ rootProofs }: TxWithProofs): boolean =>
    rootProofs.slice(0, 1).every((proof) => isSame(impliedRoot(proof), rootElement));
  if (!txs.every(isOfParent)) {
    refuse("root-element-mismatch", "A transaction was validated against another ledger than the parent's.");
  }
}

function validateMintConfigTxs(txs: readonly MintConfigTx[], validating: Validating): ValidatedMintConfigTx[] {
  const { refuse, governors } = validating;
  assertDistinctNonces(txs, refuse);
  return txs.map((mintConfigTx, i) => {
    const signerSet = governors(mintConfigTx.prefix.tokenId);
    const code = validateMintConfigTx(mintConfigTx, { ...validating, governors: signerSet });
    if (code !== "ok" || signerSet === undefined) {
      return refuse("invalid-mint-config-tx", `Configuration of minting ${i} is not valid: ${code}.`, code);
    }
    return { mintConfigTx, signerSet };
  });
}

function validateMintTxs(txs: readonly MintTxWithConfig[], validating: Validating): void {
  const { refuse, governors } = validating;
  assertDistinctNonces(
    txs.map(({ mintTx }) => mintTx),
    refuse,
  );
  for (const [i, { mintTx, mintConfigTx, mintConfig }] of txs.entries()) {
    const isEqual = (other: MintTxWithConfig["mintConfig"]): boolean => compareMintConfigs(other, mintConfig) === 0;
    if (!mintConfigTx.prefix.configs.some(isEqual)) {
      refuse("invalid-mint-tx", `Minting transaction ${i} names a configuration that was not configured.`);
    }
    // The configuration is in the ledger already, so its tombstone block does not matter any more.
    const configuring = { ...validating, currentIndex: undefined, governors: governors(mintConfigTx.prefix.tokenId) };
    const configured = validateMintConfigTx(mintConfigTx, configuring);
    const code = configured === "ok" ? validateMintTx(mintTx, { ...validating, mintConfig }) : configured;
    if (code !== "ok") {
      refuse("invalid-mint-tx", `Minting transaction ${i} is not valid: ${code}.`, code);
    }
    if (txs.slice(0, i).some((other) => isEqual(other.mintConfig))) {
      refuse("mint-config-used-twice", "A block charges a configuration of minting once.");
    }
  }
}

function assertDistinctNonces(txs: readonly Parameters<typeof mintNonceId>[0][], refuse: Refuse): void {
  if (new Set(txs.map(mintNonceId)).size !== txs.length) {
    refuse("duplicate-mint-nonce", "Two transactions that mint, or that configure minting, have one nonce.");
  }
}

function assertDistinct(items: readonly Uint8Array[], refuse: () => never): void {
  if (new Set(items.map(toHex)).size !== items.length) refuse();
}

function isSame(a: TxOutMembershipElement, b: TxOutMembershipElement): boolean {
  return a.range.from === b.range.from && a.range.to === b.range.to && equalBytes(a.hash, b.hash);
}
