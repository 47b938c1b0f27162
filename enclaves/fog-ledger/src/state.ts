// What the enclave holds between calls, from `init` on.
import type { ChannelResponder } from "@fogbow/core-attest";
import { LedgerEnclaveError } from "./error.ts";
import type { KeyImageStore } from "./key-images/key-image-store.ts";
import type { OpenQueries } from "./key-images/open-queries.ts";
import type { StoreChannels } from "./key-images/store-channels.ts";
import type { ServedLedger } from "./outputs/served-ledger.ts";

/** An enclave that was initialised. */
export interface LedgerState {
  /** A router's: channels of its clients. */
  readonly clients: ChannelResponder;
  /** A router's: channels to stores. */
  readonly stores: StoreChannels;
  /** A router's: questions about key images that await the answers of stores. */
  readonly queries: OpenQueries;
  /** A store's key images. */
  readonly keyImages: KeyImageStore | undefined;
  /** A router's outputs. */
  readonly ledger: ServedLedger | undefined;
}

/** One entry point: from message to message. */
export type Call = (input: Uint8Array, state: LedgerState) => Uint8Array | Promise<Uint8Array>;

/** What an enclave has if it was initialised for it. Throws {@link LedgerEnclaveError} `not-offered`. */
export function offered<Part>(part: Part | undefined): Part {
  if (part === undefined) throw new LedgerEnclaveError("not-offered", "The enclave was not initialised for this.");
  return part;
}
