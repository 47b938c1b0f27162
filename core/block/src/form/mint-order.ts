// The order of minting transactions in a block (spec 02 §6.4): field by field as they are hashed, signatures last.
import type {
  MintConfig,
  MintConfigTx,
  MintConfigTxPrefix,
  MintTx,
  MintTxPrefix,
  MultiSig,
  SignerSet,
} from "@fogbow/core-transaction";
import { compareBytes, compareIntegers, compareLists, inOrder } from "./compare.ts";

/** The order of minting transactions. */
export function compareMintTxs(a: MintTx, b: MintTx): number {
  return inOrder(
    () => compareMintTxPrefixes(a.prefix, b.prefix),
    () => compareMultiSigs(a.signature, b.signature),
  );
}

/** The order of configurations of minting. */
export function compareMintConfigTxs(a: MintConfigTx, b: MintConfigTx): number {
  return inOrder(
    () => compareMintConfigTxPrefixes(a.prefix, b.prefix),
    () => compareMultiSigs(a.signature, b.signature),
  );
}

/** The order of who may mint how much; zero when two say the same. */
export function compareMintConfigs(a: MintConfig, b: MintConfig): number {
  return inOrder(
    () => compareIntegers(a.tokenId, b.tokenId),
    () => compareSignerSets(a.signerSet, b.signerSet),
    () => compareIntegers(a.mintLimit, b.mintLimit),
  );
}

function compareMintTxPrefixes(a: MintTxPrefix, b: MintTxPrefix): number {
  return inOrder(
    () => compareIntegers(a.tokenId, b.tokenId),
    () => compareIntegers(a.amount, b.amount),
    () => compareBytes(a.viewPublicKey, b.viewPublicKey),
    () => compareBytes(a.spendPublicKey, b.spendPublicKey),
    () => compareBytes(a.nonce, b.nonce),
    () => compareIntegers(a.tombstoneBlock, b.tombstoneBlock),
    // None comes before any: the empty list begins every other.
    () => compareLists(asList(a.encryptedFogHint), asList(b.encryptedFogHint), compareBytes),
  );
}

function compareMintConfigTxPrefixes(a: MintConfigTxPrefix, b: MintConfigTxPrefix): number {
  return inOrder(
    () => compareIntegers(a.tokenId, b.tokenId),
    () => compareLists(a.configs, b.configs, compareMintConfigs),
    () => compareBytes(a.nonce, b.nonce),
    () => compareIntegers(a.tombstoneBlock, b.tombstoneBlock),
    () => compareIntegers(a.totalMintLimit, b.totalMintLimit),
  );
}

function compareSignerSets(a: SignerSet, b: SignerSet): number {
  return inOrder(
    () => compareLists(a.signers, b.signers, compareBytes),
    () => compareLists(a.multiSigners, b.multiSigners, compareSignerSets),
    () => compareIntegers(a.threshold, b.threshold),
  );
}

function compareMultiSigs(a: MultiSig, b: MultiSig): number {
  return compareLists(a.signatures, b.signatures, compareBytes);
}

function asList(hint: Uint8Array | undefined): readonly Uint8Array[] {
  return hint === undefined ? [] : [hint];
}
