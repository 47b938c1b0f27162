// Minting transactions as protobuf messages (spec 02 §10).
import { tokenId, tokenValue } from "@fogbow/core-bytes";
import { publicKey } from "@fogbow/core-crypto";
import {
  decodeMessage,
  encodeMessage,
  type MintConfig as MintConfigMessage,
  type MintConfigTx as MintConfigTxMessage,
  type MintConfigTxPrefix as MintConfigTxPrefixMessage,
  MintConfigTxSchema,
  type MintTx as MintTxMessage,
  type MintTxPrefix as MintTxPrefixMessage,
  MintTxSchema,
  readData,
  readPresent,
  type ValidatedMintConfigTx as ValidatedMintConfigTxMessage,
  ValidatedMintConfigTxSchema,
} from "@fogbow/core-wire";
import { MINT_TX_BYTES_MAX } from "../limits.ts";
import { FOG_HINT_BYTES, fogHint } from "../output/tx-out.ts";
import type {
  MintConfig,
  MintConfigTx,
  MintConfigTxPrefix,
  MintTx,
  MintTxPrefix,
  ValidatedMintConfigTx,
} from "./mint-tx.ts";
import {
  type MultiSigInit,
  multiSigFromWire,
  multiSigToWire,
  type SignerSetInit,
  signerSetFromWire,
  signerSetToWire,
} from "./signer-set-codec.ts";

const LIMITS = { bytesMax: MINT_TX_BYTES_MAX };

/** A minting transaction as bytes. Throws WireError `message-too-large`. */
export function encodeMintTx(tx: MintTx): Uint8Array {
  return encodeMessage(MintTxSchema, mintTxToWire(tx), LIMITS);
}

/** A minting transaction from bytes. Throws WireError, and CryptoError `invalid-public-key` for a key that is no point. */
export function decodeMintTx(encoded: Uint8Array): MintTx {
  return mintTxFromWire(decodeMessage(MintTxSchema, encoded, LIMITS));
}

/** A configuration of minting as bytes. Throws WireError `message-too-large`. */
export function encodeMintConfigTx(tx: MintConfigTx): Uint8Array {
  return encodeMessage(MintConfigTxSchema, mintConfigTxToWire(tx), LIMITS);
}

/** A configuration of minting from bytes. Throws WireError. */
export function decodeMintConfigTx(encoded: Uint8Array): MintConfigTx {
  return mintConfigTxFromWire(decodeMessage(MintConfigTxSchema, encoded, LIMITS));
}

/** A configuration of minting with its governors as bytes. Throws WireError `message-too-large`. */
export function encodeValidatedMintConfigTx(validated: ValidatedMintConfigTx): Uint8Array {
  return encodeMessage(ValidatedMintConfigTxSchema, validatedMintConfigTxToWire(validated), LIMITS);
}

/** A configuration of minting with its governors from bytes. Throws WireError. */
export function decodeValidatedMintConfigTx(encoded: Uint8Array): ValidatedMintConfigTx {
  return validatedMintConfigTxFromWire(decodeMessage(ValidatedMintConfigTxSchema, encoded, LIMITS));
}

interface Data {
  readonly data: Uint8Array;
}

/** A minting transaction as `encodeMessage` takes it. */
export interface MintTxInit {
  readonly prefix: {
    readonly tokenId: bigint;
    readonly amount: bigint;
    readonly viewPublicKey: Data;
    readonly spendPublicKey: Data;
    readonly nonce: Uint8Array;
    readonly tombstoneBlock: bigint;
    readonly eFogHint?: Data;
  };
  readonly signature: MultiSigInit;
}

/** One of a token's configurations as `encodeMessage` takes it. */
export interface MintConfigInit {
  readonly tokenId: bigint;
  readonly signerSet: SignerSetInit;
  readonly mintLimit: bigint;
}

/** A configuration of minting as `encodeMessage` takes it. */
export interface MintConfigTxInit {
  readonly prefix: {
    readonly tokenId: bigint;
    readonly configs: MintConfigInit[];
    readonly nonce: Uint8Array;
    readonly tombstoneBlock: bigint;
    readonly totalMintLimit: bigint;
  };
  readonly signature: MultiSigInit;
}

/** A configuration of minting with its governors as `encodeMessage` takes it. */
export interface ValidatedMintConfigTxInit {
  readonly mintConfigTx: MintConfigTxInit;
  readonly signerSet: SignerSetInit;
}

/** A minting transaction as a message, to be put into larger ones. */
export function mintTxToWire({ prefix, signature }: MintTx): MintTxInit {
  const { encryptedFogHint, viewPublicKey, spendPublicKey, ...others } = prefix;
  return {
    prefix: {
      ...others,
      viewPublicKey: { data: viewPublicKey },
      spendPublicKey: { data: spendPublicKey },
      ...(encryptedFogHint && { eFogHint: { data: encryptedFogHint } }),
    },
    signature: multiSigToWire(signature),
  };
}

/** A minting transaction from a message. Errors as {@link decodeMintTx}. */
export function mintTxFromWire(message: MintTxMessage): MintTx {
  return {
    prefix: mintTxPrefixFromWire(readPresent(message.prefix, "prefix")),
    signature: multiSigFromWire(readPresent(message.signature, "signature")),
  };
}

/** A configuration of minting as a message, to be put into larger ones. */
export function mintConfigTxToWire({ prefix, signature }: MintConfigTx): MintConfigTxInit {
  return { prefix: { ...prefix, configs: prefix.configs.map(mintConfigToWire) }, signature: multiSigToWire(signature) };
}

/** One configuration as a message, to be put into larger ones. */
export function mintConfigToWire(config: MintConfig): MintConfigInit {
  return { ...config, signerSet: signerSetToWire(config.signerSet) };
}

/** A configuration of minting from a message. Throws WireError. */
export function mintConfigTxFromWire(message: MintConfigTxMessage): MintConfigTx {
  return {
    prefix: mintConfigTxPrefixFromWire(readPresent(message.prefix, "prefix")),
    signature: multiSigFromWire(readPresent(message.signature, "signature")),
  };
}

/** A configuration of minting with its governors as a message, to be put into larger ones. */
export function validatedMintConfigTxToWire(validated: ValidatedMintConfigTx): ValidatedMintConfigTxInit {
  return { mintConfigTx: mintConfigTxToWire(validated.mintConfigTx), signerSet: signerSetToWire(validated.signerSet) };
}

/** A configuration of minting with its governors from a message. Throws WireError. */
export function validatedMintConfigTxFromWire(message: ValidatedMintConfigTxMessage): ValidatedMintConfigTx {
  return {
    mintConfigTx: mintConfigTxFromWire(readPresent(message.mintConfigTx, "mint_config_tx")),
    signerSet: signerSetFromWire(readPresent(message.signerSet, "signer_set")),
  };
}

function mintTxPrefixFromWire(message: MintTxPrefixMessage): MintTxPrefix {
  return {
    tokenId: tokenId(message.tokenId),
    amount: tokenValue(message.amount),
    viewPublicKey: publicKey(readData(message.viewPublicKey, 32, "view_public_key")),
    spendPublicKey: publicKey(readData(message.spendPublicKey, 32, "spend_public_key")),
    nonce: message.nonce.slice(),
    tombstoneBlock: message.tombstoneBlock,
    encryptedFogHint: message.eFogHint && fogHint(readData(message.eFogHint, FOG_HINT_BYTES, "e_fog_hint")),
  };
}

function mintConfigTxPrefixFromWire(message: MintConfigTxPrefixMessage): MintConfigTxPrefix {
  return {
    tokenId: tokenId(message.tokenId),
    configs: message.configs.map(mintConfigFromWire),
    nonce: message.nonce.slice(),
    tombstoneBlock: message.tombstoneBlock,
    totalMintLimit: tokenValue(message.totalMintLimit),
  };
}

/** One configuration from a message. Throws WireError. */
export function mintConfigFromWire(message: MintConfigMessage): MintConfig {
  return {
    tokenId: tokenId(message.tokenId),
    signerSet: signerSetFromWire(readPresent(message.signerSet, "signer_set")),
    mintLimit: tokenValue(message.mintLimit),
  };
}
