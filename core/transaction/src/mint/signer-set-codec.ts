// Signer sets and multisignatures as protobuf messages (spec 02 §10).
import {
  decodeMessage,
  Ed25519SignerSetSchema,
  encodeMessage,
  type Ed25519MultiSig as MultiSigMessage,
  readData,
  type Ed25519SignerSet as SignerSetMessage,
} from "@fogbow/core-wire";
import { MINT_TX_BYTES_MAX } from "../limits.ts";
import type { MultiSig, SignerSet } from "./multi-sig.ts";

const LIMITS = { bytesMax: MINT_TX_BYTES_MAX };

/** A signer set as bytes. Throws WireError `message-too-large`. */
export function encodeSignerSet(set: SignerSet): Uint8Array {
  return encodeMessage(Ed25519SignerSetSchema, signerSetToWire(set), LIMITS);
}

/** A signer set from bytes. Keys are only measured. Throws WireError. */
export function decodeSignerSet(encoded: Uint8Array): SignerSet {
  return signerSetFromWire(decodeMessage(Ed25519SignerSetSchema, encoded, LIMITS));
}

/** A signer set as `encodeMessage` takes it. */
export interface SignerSetInit {
  readonly individualSigners: { readonly data: Uint8Array }[];
  readonly threshold: number;
  readonly multiSigners: SignerSetInit[];
}

/** A multisignature as `encodeMessage` takes it. */
export interface MultiSigInit {
  readonly signatures: { readonly data: Uint8Array }[];
}

/** A signer set as a message, to be put into larger ones. */
export function signerSetToWire({ signers, multiSigners, threshold }: SignerSet): SignerSetInit {
  return {
    individualSigners: signers.map((key) => ({ data: key })),
    threshold,
    multiSigners: multiSigners.map(signerSetToWire),
  };
}

/** A signer set from a message. Says nothing about its sense. Throws WireError. */
export function signerSetFromWire(message: SignerSetMessage): SignerSet {
  return {
    signers: message.individualSigners.map((key) => readData(key, 32, "individual_signers")),
    multiSigners: message.multiSigners.map(signerSetFromWire),
    threshold: message.threshold,
  };
}

/** A multisignature as a message, to be put into larger ones. */
export function multiSigToWire({ signatures }: MultiSig): MultiSigInit {
  return { signatures: signatures.map((signature) => ({ data: signature })) };
}

/** A multisignature from a message. Throws WireError. */
export function multiSigFromWire(message: MultiSigMessage): MultiSig {
  return { signatures: message.signatures.map((signature) => readData(signature, 64, "signatures")) };
}
