// `init`: what the enclave is for.
import { ChannelResponder, type ResponderParts, type VerifyPeer } from "@fogbow/core-attest";
import { decodeMessage, LedgerInitRequestSchema } from "@fogbow/core-wire";
import { LedgerEnclaveError } from "../error.ts";
import { KeyImageStore } from "../key-images/key-image-store.ts";
import { OpenQueries } from "../key-images/open-queries.ts";
import { StoreChannels } from "../key-images/store-channels.ts";
import { DOOR, MAP_CAPACITY_MAX, OUTPUT_CAPACITY_MAX, OUTPUT_SHARD_CAPACITY_MAX } from "../limits.ts";
import { ServedLedger } from "../outputs/served-ledger.ts";
import type { LedgerState } from "../state.ts";

/** What the host cannot give. */
export interface InitParts extends ResponderParts {
  readonly verifyStore: VerifyPeer;
}

/** Makes room for what the host asks for. Throws {@link LedgerEnclaveError} `invalid-config`, KernelError, WireError. */
export function init(input: Uint8Array, parts: InitParts): LedgerState {
  const request = decodeMessage(LedgerInitRequestSchema, input, DOOR);
  const { responderId } = request;
  const keyImages = capacity(request.keyImageCapacity, MAP_CAPACITY_MAX);
  const outputs = capacity(request.outputCapacity, OUTPUT_CAPACITY_MAX);
  const lookups = capacity(request.lookupCapacity, OUTPUT_CAPACITY_MAX);
  const shard = capacity(request.outputShardCapacity, OUTPUT_SHARD_CAPACITY_MAX) || OUTPUT_SHARD_CAPACITY_MAX;
  return {
    clients: new ChannelResponder({ responderId }, parts),
    stores: new StoreChannels(parts),
    queries: new OpenQueries(),
    keyImages: keyImages === 0 ? undefined : new KeyImageStore({ responderId, capacity: keyImages }, parts),
    ledger: outputs === 0 ? undefined : new ServedLedger({ outputs, lookups, shard }, parts),
  };
}

function capacity(given: bigint, max: number): number {
  const isPower = (given & (given - 1n)) === 0n;
  if (given !== 0n && (!isPower || given < 16n || given > BigInt(max))) {
    throw new LedgerEnclaveError("invalid-config", `A capacity is 0 or a power of two from 16 to ${max}.`);
  }
  return Number(given);
}
