// What a wallet keeps between polls, in memory and as bytes (spec 03 §8.2).
import { addressHash32, type PublicAddress } from "@fogbow/core-account";
import { equalBytes, Secret, wipeBytes } from "@fogbow/core-bytes";
import { compressedPoint, KexRng } from "@fogbow/core-crypto";
import { decodeStoredRng, encodeStoredRng, storedTxOutFromWire, txOutToWire } from "@fogbow/core-transaction";
import {
  decodeMessage,
  encodeMessage,
  FogAccountStateSchema,
  type FogOutputState,
  type FogRngState,
  readPresent,
  StoredRngSchema,
} from "@fogbow/core-wire";
import { SdkError } from "../error.ts";
import { STATE_BYTES_MAX } from "../limits.ts";
import type { BlockRange } from "../view/view-answer.ts";
import { type FollowedRng, followRng, rngName } from "./followed-rng.ts";
import type { OutputReader, OwnedOutput } from "./owned-output.ts";
import { unionOf } from "./range-set.ts";

/** A wallet as Fog let it know itself. */
export interface AccountState {
  /** The block count that the last complete search was made at. */
  blockCountCursor: bigint;
  eventCursor: bigint;
  /** By {@link rngName}. */
  readonly rngs: Map<string, FollowedRng>;
  /** The last block of each invocation that ended. */
  readonly decommissions: Map<bigint, bigint>;
  /** By their index in the ledger. */
  readonly outputs: Map<bigint, OwnedOutput>;
  missedRanges: BlockRange[];
  /** The most that any answer of a ledger said. */
  txoCount: bigint;
  blockVersion: number;
  ledgerBlockCount: bigint;
}

/** A wallet that knows nothing yet. */
export function emptyState(): AccountState {
  return {
    blockCountCursor: 0n,
    eventCursor: 0n,
    rngs: new Map(),
    decommissions: new Map(),
    outputs: new Map(),
    missedRanges: [],
    txoCount: 0n,
    blockVersion: 0,
    ledgerBlockCount: 0n,
  };
}

/** The state as bytes: a secret, with which anyone finds all that the wallet ever receives. */
export function encodeState(
  state: AccountState,
  address: PublicAddress,
  /** Whether its key images must be kept, since nobody here can make them again. */
  keepsKeyImages: boolean,
): Secret {
  const secrets: Uint8Array[] = [];
  const rngs = [...state.rngs.values()].map(({ ingestInvocationId, publicKey, version, startBlock, ...rest }) => {
    const { rng, searched, stopped } = rest;
    const base = { ingestInvocationId, pubkey: { pubkey: publicKey, version }, startBlock, searched, stopped };
    if (rng === undefined) return base;
    const stored = rng.toStored();
    const encoded = encodeStoredRng(stored);
    stored.secret.wipe();
    const message = decodeMessage(StoredRngSchema, encoded.expose(), { bytesMax: encoded.length });
    secrets.push(encoded.expose());
    return { ...base, rng: message };
  });
  const encoded = encodeMessage(FogAccountStateSchema, {
    addressHash: addressHash32(address),
    blockCountCursor: state.blockCountCursor,
    eventCursor: state.eventCursor,
    rngs,
    decommissions: [...state.decommissions].map(([ingestInvocationId, lastIngestedBlock]) => ({
      ingestInvocationId,
      lastIngestedBlock,
    })),
    outputs: [...state.outputs.values()].map(({ globalIndex, blockIndex, timestamp, txOut, status, keyImage }) => ({
      globalIndex,
      blockIndex,
      timestamp,
      txOut: txOutToWire(txOut),
      status: statusToWire(status),
      ...(keepsKeyImages && keyImage && { keyImage }),
    })),
    missedRanges: state.missedRanges.map(({ start, end }) => ({ startBlock: start, endBlock: end })),
    txoCount: state.txoCount,
    blockVersion: state.blockVersion,
    ledgerBlockCount: state.ledgerBlockCount,
  });
  wipeBytes(...secrets);
  return new Secret(encoded);
}

/**
 * The state of its bytes; amounts and key images are found out anew, so that none is believed. Throws SdkError
 * `state-damaged`: begin with nothing then, which finds the same.
 */
export function decodeState(
  saved: Secret,
  address: PublicAddress,
  parts: { readonly reader: OutputReader; readonly viewPrivateKey: Parameters<typeof followRng>[1] },
): AccountState {
  try {
    const message = decodeMessage(FogAccountStateSchema, saved.expose(), { bytesMax: STATE_BYTES_MAX });
    if (!equalBytes(message.addressHash, addressHash32(address))) {
      throw new SdkError("state-damaged", "The saved state is that of another wallet.");
    }
    const rngs = message.rngs.map((each) => readRng(each, parts.viewPrivateKey));
    const outputs = message.outputs.map((each) => readOutput(each, parts.reader));
    return {
      blockCountCursor: message.blockCountCursor,
      eventCursor: message.eventCursor,
      rngs: new Map(rngs.map((each) => [rngName(each), each])),
      decommissions: new Map(
        message.decommissions.map(({ ingestInvocationId, lastIngestedBlock }) => [
          ingestInvocationId,
          lastIngestedBlock,
        ]),
      ),
      outputs: new Map(outputs.map((each) => [each.globalIndex, each])),
      missedRanges: unionOf(
        message.missedRanges.map(({ startBlock, endBlock }) => ({ start: startBlock, end: endBlock })),
      ),
      txoCount: message.txoCount,
      blockVersion: message.blockVersion,
      ledgerBlockCount: message.ledgerBlockCount,
    };
  } catch (cause) {
    if (cause instanceof SdkError && cause.code === "state-damaged") throw cause;
    throw new SdkError("state-damaged", "The saved state cannot be read. Begin with none.", { cause });
  }
}

/** A sequence whose version was unknown when it was saved is begun now, if this wallet knows it. */
function readRng(message: FogRngState, viewPrivateKey: Parameters<typeof followRng>[1]): FollowedRng {
  const { pubkey, version } = readPresent(message.pubkey, "pubkey");
  const { ingestInvocationId, startBlock, searched, stopped } = message;
  const event = { ingestInvocationId, publicKey: pubkey.slice(), version, startBlock };
  if (message.rng === undefined) return followRng(event, viewPrivateKey);
  const encoded = encodeMessage(StoredRngSchema, message.rng);
  try {
    return { ...event, rng: KexRng.fromStored(decodeStoredRng(encoded)), searched, stopped };
  } finally {
    wipeBytes(encoded);
  }
}

function statusToWire(status: OwnedOutput["status"]) {
  switch (status.kind) {
    case "spent":
      return { case: "spentAt", value: status.at } as const;
    case "not-spent":
      return { case: "unspentBelow", value: status.below } as const;
    case "unknown":
      return { case: "unknown", value: true } as const;
  }
}

function readOutput(message: FogOutputState, reader: OutputReader): OwnedOutput {
  const { globalIndex, blockIndex, timestamp, txOut, status } = message;
  const place = { globalIndex, blockIndex, timestamp };
  const read = reader.ofTxOut(storedTxOutFromWire(readPresent(txOut, "tx_out")), place);
  if (read === undefined) throw new SdkError("state-damaged", "The saved state holds an output of another wallet.");
  const isTold = read.keyImage === undefined && message.keyImage.length > 0;
  const owned = isTold ? { ...read, keyImage: compressedPoint(message.keyImage) } : read;
  switch (status.case) {
    case "unknown":
      return owned;
    case "spentAt":
      return { ...owned, status: { kind: "spent", at: status.value } };
    case "unspentBelow":
      return { ...owned, status: { kind: "not-spent", below: status.value } };
    default:
      throw new SdkError("state-damaged", "The saved state does not say whether an output is spent.");
  }
}
