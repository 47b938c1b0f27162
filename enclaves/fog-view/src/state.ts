// What the enclave holds between calls, from `init` on.
import type { ChannelResponder, EvidenceMessage, KeyPair, NonceSession, SessionTable } from "@fogbow/core-attest";
import type { Random } from "@fogbow/core-bytes";
import type { View, ViewRecords } from "@fogbow/kernel";
import type { OpenQueries } from "./open-queries.ts";
import type { StoreChannels } from "./store-channels.ts";

/** An enclave that was initialised. */
export interface ViewState {
  readonly responderId: string;
  readonly staticKey: KeyPair;
  readonly evidence: () => EvidenceMessage;
  readonly random: Random;
  readonly view: View;
  /** A store's records; a router has none. */
  readonly records: ViewRecords | undefined;
  /** A store's sessions with routers. */
  readonly routers: SessionTable<NonceSession>;
  readonly clients: ChannelResponder;
  /** A router's sessions with stores. */
  readonly stores: StoreChannels;
  readonly queries: OpenQueries;
}

/** One entry point: from message to message. */
export type Call = (input: Uint8Array, state: ViewState) => Uint8Array | Promise<Uint8Array>;
