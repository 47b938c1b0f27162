// A router's channel to a store: the handshake, carried by both hosts.
import { decodeAuthMessage } from "@fogbow/core-attest";
import { type Door, NOW } from "./door.ts";

/** What differs between Fog View and Fog Ledger. */
export interface StoreHandshake {
  readonly router: Door;
  readonly store: Door;
  /** The store's entry point for it. */
  readonly authEntryPoint: "router-auth" | "store-auth";
  readonly encodeBegin: (message: { readonly responderId: string }) => Uint8Array;
  readonly encodeFinish: (message: {
    readonly responderId: string;
    readonly answer: { readonly data: Uint8Array };
    readonly nowMs: bigint;
  }) => Uint8Array;
}

/** Makes the channel. */
export async function connectStore(handshake: StoreHandshake): Promise<void> {
  const { router, store, authEntryPoint, encodeBegin, encodeFinish } = handshake;
  const responderId = store.name;
  const request = await router.ask("store-begin", encodeBegin({ responderId }));
  const answer = { data: decodeAuthMessage(await store.ask(authEntryPoint, request)) };
  await router.ask("store-finish", encodeFinish({ responderId, answer, nowMs: BigInt(NOW) }));
}
