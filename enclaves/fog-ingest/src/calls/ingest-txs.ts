// `ingest-txs`: outputs of a block become sealed records (spec 03 §2.2, §2.4).
import { createTxOutRecord, encodeTxOutRecord, txOutFromWire } from "@fogbow/core-transaction";
import {
  decodeMessage,
  encodeMessage,
  type IngestRequest,
  IngestRequestSchema,
  IngestResponseSchema,
} from "@fogbow/core-wire";
import type { Egress } from "../egress.ts";
import type { Call } from "../enclave-state.ts";
import { FogIngestError } from "../error.ts";
import { CHUNK_OUTPUTS_MAX, DOOR } from "../limits.ts";

const HINT_BYTES = 84;
const SEARCH_KEY_BYTES = 16;

/**
 * Throws {@link FogIngestError} `chunk-too-big` or `invalid-block-data`, and WireError, when nothing has changed, and
 * `ingest-failed`.
 */
export const ingestTxs: Call = (input, { ingressKey, egress }) => {
  const request = decodeMessage(IngestRequestSchema, input, DOOR);
  const count = request.outputs.length;
  if (count > CHUNK_OUTPUTS_MAX || count > egress.capacity) {
    const most = Math.min(CHUNK_OUTPUTS_MAX, egress.capacity);
    throw new FogIngestError("chunk-too-big", `${count} outputs in one call, which takes at most ${most}.`);
  }
  const { hints, records } = readOutputs(request);
  const renewed = makeRoom(egress, request);
  const { searchKeys, payloads } = egress.seal(ingressKey, hints, records);
  return encodeMessage(IngestResponseSchema, {
    records: payloads.map((payload, i) => ({
      searchKey: searchKeys.subarray(i * SEARCH_KEY_BYTES, (i + 1) * SEARCH_KEY_BYTES),
      payload,
    })),
    ...(renewed ? { newKexRng: egress.kexRng } : {}),
  });
};

/** All that is public of the outputs, checked before anything changes. */
function readOutputs({ outputs, firstGlobalIndex, blockIndex, timestamp }: IngestRequest): {
  readonly hints: Uint8Array;
  readonly records: readonly Uint8Array[];
} {
  const hints = new Uint8Array(HINT_BYTES * outputs.length);
  try {
    const records = outputs.map((output, i) => {
      const txOut = txOutFromWire(output);
      hints.set(txOut.encryptedFogHint, HINT_BYTES * i);
      const globalIndex = firstGlobalIndex + BigInt(i);
      return encodeTxOutRecord(createTxOutRecord(txOut, { globalIndex, blockIndex, timestamp }));
    });
    return { hints, records };
  } catch (cause) {
    throw new FogIngestError("invalid-block-data", "An output of the block is incomplete or malformed.", { cause });
  }
}

/**
 * A new egress key when this one cannot serve the outputs of the call, or those of the block where it begins and one key can
 * serve them all: a client is told that a key is no longer used as of a block, and not of an output. Goes by numbers that are public.
 */
function makeRoom(egress: Egress, { outputs, outputsToFollow, blockIndex }: IngestRequest): boolean {
  const all = outputs.length + outputsToFollow;
  const isWhole = all <= egress.capacity && egress.blockIndex !== blockIndex;
  const renews = (isWhole ? all : outputs.length) > egress.remaining;
  if (renews) egress.renew();
  egress.blockIndex = blockIndex;
  return renews;
}
