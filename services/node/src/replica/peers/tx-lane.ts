// Transactions that one peer is asked for: one request at a time, since its enclave's answers must be opened in the order
// in which they were sealed.
import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { GetTxsRequestSchema, type TxContext } from "@fogbow/core-wire";
import type { PeerRpc } from "../../rpc/peer-rpc.ts";
import type { EnclaveDoor } from "../enclave-door.ts";
import type { PeerChannel } from "./peer-channel.ts";

/** What asking a peer works with. */
export interface TxLaneParts {
  readonly rpc: PeerRpc;
  readonly door: EnclaveDoor;
  readonly channel: PeerChannel;
  readonly onAnswer: () => void;
}

/** What a peer answered. */
export type Fetched =
  | { readonly kind: "contexts"; readonly contexts: readonly TxContext[] }
  | { readonly kind: "missing"; readonly hashes: readonly Uint8Array[] };

/** Milliseconds that a peer has to answer; others are asked long before. */
const FETCH_MS = 5_000;

/** Asks one peer for transactions. */
export class TxLane {
  readonly #parts: TxLaneParts;
  #last: Promise<unknown> = Promise.resolve();

  constructor(parts: TxLaneParts) {
    this.#parts = parts;
  }

  /** Has them taken in by the enclave. Rejects when the peer does not answer, or answers something else. */
  fetch(hashes: readonly Uint8Array[]): Promise<Fetched> {
    const asked = this.#last.then(() => this.#fetch(hashes));
    this.#last = asked.catch(() => undefined);
    return asked;
  }

  async #fetch(hashes: readonly Uint8Array[]): Promise<Fetched> {
    const { rpc, door, channel, onAnswer } = this.#parts;
    const current = channel.id();
    try {
      const request = create(GetTxsRequestSchema, { channelId: await current, txHashes: [...hashes] });
      const { payload } = await rpc.getTxs(request, { timeoutMs: FETCH_MS });
      onAnswer();
      if (payload.case === "txHashesNotInCache") return { kind: "missing", hashes: payload.value.txHashes };
      if (payload.case !== "success") throw new TypeError("The peer answered nothing.");
      const { txs } = await door.peerPropose(payload.value);
      if (txs.length !== hashes.length) throw new TypeError("The peer answered with another number of transactions.");
      return { kind: "contexts", contexts: txs };
    } catch (error) {
      const isTooMuch = error instanceof ConnectError && error.code === Code.ResourceExhausted;
      if (isTooMuch && hashes.length > 1) return this.#fetchHalves(hashes);
      channel.drop(current);
      throw error;
    }
  }

  /** They are too large together. */
  async #fetchHalves(hashes: readonly Uint8Array[]): Promise<Fetched> {
    const middle = hashes.length >> 1;
    const first = await this.#fetch(hashes.slice(0, middle));
    const second = await this.#fetch(hashes.slice(middle));
    if (first.kind === "contexts" && second.kind === "contexts") {
      return { kind: "contexts", contexts: [...first.contexts, ...second.contexts] };
    }
    return { kind: "missing", hashes: [first, second].flatMap((each) => (each.kind === "missing" ? each.hashes : [])) };
  }
}
