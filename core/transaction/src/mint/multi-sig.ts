// Ed25519 signatures of several signers, of whom enough must sign (spec 02 §5.5).
import { equalBytes, toHex } from "@fogbow/core-bytes";
import { ed25519Verify } from "@fogbow/core-crypto";

/** Signatures in one multisignature. */
export const SIGNATURES_MAX = 10;

/**
 * Keys in a signer set, those of nested sets counted. Each may have to be tried with each signature, which takes about a
 * second for so many. No more than ten can sign, so nobody needs ten times as many of whom they could be.
 */
export const SIGNERS_MAX = 100;

/** Ed25519 signatures, 64 bytes each, in any order and without the names of their signers. */
export interface MultiSig {
  readonly signatures: readonly Uint8Array[];
}

/** Who may sign, and how many of them must. */
export interface SignerSet {
  /** Ed25519 public keys, 32 bytes each. */
  readonly signers: readonly Uint8Array[];
  /** From block version 3: sets that count as one signer each when enough of theirs sign. */
  readonly multiSigners: readonly SignerSet[];
  /** Signers and nested sets that must sign. Unsigned 32-bit. */
  readonly threshold: number;
}

/**
 * Whether a set can be satisfied at all: it asks for at least one, for no more than there are, and so do nested sets; and
 * whether it is no larger than is worth trying.
 */
export function isValidSignerSet(set: SignerSet): boolean {
  return countSigners(set) <= SIGNERS_MAX && isSatisfiable(set);
}

/** Keys in a signer set, those of nested sets and repeated ones counted. */
export function countSigners({ signers, multiSigners }: SignerSet): number {
  return multiSigners.reduce((sum, nested) => sum + countSigners(nested), signers.length);
}

/**
 * Whether enough of a set signed a message. Who is listed twice counts once. One signature may serve several sets. More
 * than 10 signatures, or a set that {@link isValidSignerSet} refuses, are false. Never throws.
 */
export function verifyMultiSig(set: SignerSet, message: Uint8Array, { signatures }: MultiSig): boolean {
  if (!isValidSignerSet(set) || signatures.length > SIGNATURES_MAX) return false;
  return hasSigned(set, message, distinct(signatures));
}

function isSatisfiable({ signers, multiSigners, threshold }: SignerSet): boolean {
  return threshold >= 1 && threshold <= signers.length + multiSigners.length && multiSigners.every(isSatisfiable);
}

/** Whether two sets are equal in every field, the order of signers included. */
function equalSignerSets(a: SignerSet, b: SignerSet): boolean {
  return (
    a.threshold === b.threshold &&
    equalLists(a.signers, b.signers, equalBytes) &&
    equalLists(a.multiSigners, b.multiSigners, equalSignerSets)
  );
}

function hasSigned(set: SignerSet, message: Uint8Array, signatures: readonly Uint8Array[]): boolean {
  const signers = distinct(set.signers).filter((signer) =>
    signatures.some((signature) => ed25519Verify(signer, message, signature)),
  );
  const nested = set.multiSigners
    .filter((each, i) => set.multiSigners.findIndex((other) => equalSignerSets(each, other)) === i)
    .filter((each) => hasSigned(each, message, signatures));
  return signers.length + nested.length >= set.threshold;
}

function distinct(items: readonly Uint8Array[]): Uint8Array[] {
  return [...new Map(items.map((item) => [toHex(item), item])).values()];
}

function equalLists<Item>(a: readonly Item[], b: readonly Item[], areEqual: (a: Item, b: Item) => boolean): boolean {
  return a.length === b.length && a.every((item, i) => areEqual(item, b[i] as Item)); // Equally long.
}
